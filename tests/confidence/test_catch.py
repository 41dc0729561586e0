"""CA-01 to CA-16, EV-14: taking part in CATCH, being told of a match, and that neither changes the report."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from reports import access
from reports.casework.services import step_record
from reports.catch import selectors, services
from reports.catch.asking import require_entry
from reports.election.models import Case, Report
from reports.ledger.models import Event
from reports.recording import record
from sapr import clock
from sapr.errors import DomainError
from tests.confidence.conftest import kinds_of, refused_by, run, undone
from tests.confidence.test_one_year import TALK
from tests.database.refusals import refused
from tests.times import T0
from tests.world import MEMBER

HOW = "Ring the aunt on Sundays: 555 0142 canary"
NAMELESS = {"entry_names_victim": False}


def join(world, case: Case, *, at=T0, **changed):
    given = {"answers": NAMELESS, "form_signed": False, "consents": True, "details": HOW, "at": at}
    return services.catch_join(actor=world.sarc, case_id=case.pk, **given | changed)


def match(world, case: Case, at=T0):
    return services.catch_match(actor=world.sarc, case_id=case.pk, at=at)


def tell(world, case: Case, found, *, only=True, at=T0):
    return services.catch_match_tell(
        actor=world.sarc, case_id=case.pk, match_id=found, only_details_given=only, at=at
    )


def test_ca_01_ca_04_ca_05_ca_06_who_may_take_part_is_the_rules_of_the_day(world, report) -> None:
    """Each door of CATCH, open and shut, by what is known and what is asked."""
    join(world, report.case)
    unrestricted, contact = world.signed("unrestricted").case, world.decided()
    for known, opens in ((True, False), (False, True)):
        with undone():
            answers = NAMELESS | {"suspect_known_to_law_enforcement": known}
            if opens:
                join(world, unrestricted, answers=answers)
            else:
                with refused_by("CA-04", "rules_do_not_allow"):
                    join(world, unrestricted, answers=answers)
    with refused_by("CA-04"):
        # Not answered is not open.
        join(world, unrestricted)
    with refused_by("CA-06"):
        join(world, contact)
    with undone():
        join(world, contact, answers=NAMELESS | {"fap_report": True}, form_signed=True)
    with access.viewing(world.sarc):
        record(case=contact, kind="inquiry_logged", actor=world.sarc, at=T0)
    with refused_by("CA-16", "form_needed"):
        join(world, contact)
    entry = join(world, contact, form_signed=True)
    with access.viewing(world.sarc):
        event = Event.objects.get(case_id=contact.pk, kind="catch_joined")
    assert (event.data["entry"], event.data["form"]) == (str(entry.pk), "DD 2910-4")
    assert "CA-06" in event.data["rules"]


def test_ca_03_el_13_a_veteran_with_an_earlier_restricted_report_may_take_part(world) -> None:
    left = MEMBER | {"statuses": ["separated"], "had_earlier_report": True, "same_incident": True}
    for earlier, opens in (("restricted", True), ("unrestricted", False)):
        case = world.decided(facts=left | {"prior_election": earlier})
        if opens:
            join(world, case, form_signed=True)
        else:
            with refused_by("CA-03"):
                join(world, case, form_signed=True)


def test_ca_02_before_it_was_live_nobody_and_ca_01_at_first_members_and_adult_dependents(world) -> None:
    contractor = MEMBER | {"statuses": ["contractor"]}
    for day, facts, rule in (
        (datetime(2019, 6, 1, 15, tzinfo=UTC), MEMBER, ""),
        (datetime(2019, 7, 1, 15, tzinfo=UTC), MEMBER, "CA-02"),
        (datetime(2019, 9, 1, 15, tzinfo=UTC), contractor, "CA-01"),
        (datetime(2019, 9, 1, 15, tzinfo=UTC), MEMBER, None),
    ):
        # Somebody who held the post then wrote it down: the rules alone are asked here.
        case = world.decided(facts=facts)
        case.report = Report(case=case, election="restricted", signed_at=day)
        with access.viewing(world.sarc):
            if rule is None:
                assert "CA-01" in require_entry(actor=world.sarc, case=case, answers=NAMELESS, at=day).rules
            else:
                with refused_by(rule):
                    require_entry(actor=world.sarc, case=case, answers=NAMELESS, at=day)


def test_ca_07_an_entry_names_nobody_and_the_details_stay_sealed(world, report) -> None:
    with refused_by("CA-07", "rules_forbid"):
        join(world, report.case, answers={"entry_names_victim": True})
    for wrong in ({}, {"entry_names_victim": False, "name": "Jane"}, "no"):
        with pytest.raises(DomainError):
            join(world, report.case, answers=wrong)
    for wrong in ({"consents": True, "details": " "}, {"consents": False}, {"details": "\x00"}):
        with pytest.raises(DomainError):
            join(world, report.case, **wrong)
    join(world, report.case)
    with pytest.raises(DomainError, match="already"):
        join(world, report.case)
    with access.viewing(world.sarc):
        said = json.dumps(list(Event.objects.filter(case_id=report.case_id).values_list("data", flat=True)))
        assert "canary" not in said
        assert selectors.details(viewer=world.sarc, case=report.case, at=T0) == HOW
        assert Event.objects.filter(kind="sealed_opened", data__what=["catch_contact.details"]).count() == 1


def test_ca_10_leaving_is_open_at_any_time_also_after_a_match_and_ca_12_then_nobody_calls(
    world, report
) -> None:
    join(world, report.case)
    found = match(world, report.case)
    services.catch_leave(actor=world.sarc, case_id=report.case_id, at=T0)
    with refused_by("CA-12", "rules_forbid"):
        tell(world, report.case, found)
    # A match may still come in; and taking part anew is a new entry with its own wish.
    later = match(world, report.case)
    join(world, report.case, consents=False, details="")
    with refused_by("CA-11"):
        tell(world, report.case, later)
    assert "catch_match_told" not in kinds_of(world, report.case_id)


def test_ca_11_ca_13_ca_14_after_a_match_the_victim_is_told_by_the_details_given_and_nothing_changes(
    world, report
) -> None:
    with refused_by("CA-11", "not_joined"):
        match(world, report.case)
    join(world, report.case)
    found = match(world, report.case)
    with refused_by("CA-11"):
        tell(world, report.case, found, only=False)
    services.catch_wish(actor=world.sarc, case_id=report.case_id, consents=False, at=T0)
    with refused_by("CA-11"):
        tell(world, report.case, found)
    wish = services.catch_wish(
        actor=world.sarc, case_id=report.case_id, consents=True, details="Another way", at=T0
    )
    tell(world, report.case, found)
    with access.viewing(world.sarc):
        event = Event.objects.get(case_id=report.case_id, kind="catch_match_told")
        assert event.data == {"match": str(found), "contact": str(wish.pk)}
        assert Report.objects.get(pk=report.pk).election == "restricted"
        assert selectors.details(viewer=world.sarc, case=report.case, at=T0) == "Another way"
    with pytest.raises(DomainError, match="before"):
        tell(world, report.case, found)
    with pytest.raises(DomainError, match="no such match"):
        tell(world, report.case, report.pk)


def test_ev_14_a_match_breaks_the_promised_silence_only_for_who_agreed_to_it(world, report) -> None:
    join(world, report.case)
    mark = T0 + timedelta(days=365)
    clock.move(mark, hold=True)
    step_record(actor=world.sarc, case_id=report.case_id, kind="conversion_asked", at=mark, details=TALK)
    found = match(world, report.case, at=mark)
    with undone():
        services.catch_wish(actor=world.sarc, case_id=report.case_id, consents=False, at=mark)
        with refused_by("EV-14"):
            tell(world, report.case, found, at=mark)
    tell(world, report.case, found, at=mark)
    # The row that allows it says by what the silence is overridden.
    from reports import policy

    assert policy.rule("EV-14").parameters["data"]["overrides"] == "EV-13c"


def test_ev_14_by_itself_refuses_who_did_not_agree(world, report) -> None:
    """The silence is asked of as well, whatever the rules of CATCH said before."""
    from reports.casework.one_year import require_may_tell_of_match

    mark = T0 + timedelta(days=365)
    clock.move(mark, hold=True)
    given = {"actor": world.sarc, "case": report.case, "at": mark}
    with access.viewing(world.sarc):
        require_may_tell_of_match(**given, consents=False, only_details_given=False)
    step_record(actor=world.sarc, case_id=report.case_id, kind="conversion_asked", at=mark, details=TALK)
    with access.viewing(world.sarc):
        require_may_tell_of_match(**given, consents=True, only_details_given=True)
        for consents, only in ((False, True), (True, False)):
            with refused_by("EV-14"):
                require_may_tell_of_match(**given, consents=consents, only_details_given=only)


def test_the_database_keeps_one_entry_each_wish_as_it_was_and_nothing_of_a_contact_that_ended(
    world, report
) -> None:
    from uuid import uuid4

    from reports.election.contacts import contact_walk_away

    entry = join(world, report.case)
    insert = "INSERT INTO reports_catchentry (id, case_id, joined_at) VALUES (%s, %s, %s)"
    wish = (
        "INSERT INTO reports_catchcontact (id, case_id, entry_id, consents, details, given_at, version)"
        " VALUES (%s, %s, %s, %s, %s, %s, 7)"
    )
    left, other = world.contact(), world.signed("restricted")
    contact_walk_away(actor=world.sarc, case_id=left.pk, at=T0)
    with access.viewing(world.sarc):
        with refused("reports_catchentry_open_once"):
            run(insert, uuid4(), report.case_id, T0)
        with refused("a contact that ended"):
            run(insert, uuid4(), left.pk, T0)
        with refused("does not take part"):
            run(wish, uuid4(), other.case_id, entry.pk, False, None, T0)
        for consents, details in ((True, None), (False, b"x")):
            with refused("details_iff_consent"):
                run(wish, uuid4(), report.case_id, entry.pk, consents, details, T0)
        for statement in (
            "UPDATE reports_catchcontact SET consents = false",
            "DELETE FROM reports_catchcontact",
            "DELETE FROM reports_catchentry",
            "UPDATE reports_catchentry SET joined_at = now()",
        ):
            with refused("permission denied"):
                run(statement)
        run("UPDATE reports_catchentry SET left_at = %s WHERE id = %s", T0, entry.pk)
        with refused("only ever ended"):
            run("UPDATE reports_catchentry SET left_at = NULL WHERE id = %s", entry.pk)
        with refused("does not take part"):
            run(wish, uuid4(), report.case_id, entry.pk, False, None, T0)
