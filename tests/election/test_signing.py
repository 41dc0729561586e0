"""Nothing signed = no report; signed = report, event, duties and notices, all or nothing, once."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections

from notifications.models import Notice
from reports import access
from reports.election.contacts import contact_complete, contact_open
from reports.election.conversion import report_convert
from reports.election.models import Case, Report, SignedForm
from reports.election.services import options_decide, report_sign
from reports.ledger.models import Event
from reports.obligations.models import Duty
from reports.policy import FactsError
from sapr.errors import DomainError
from tests.times import T0
from tests.world import CANARIES, MEMBER


def refusal_of(call, **arguments) -> str:
    with pytest.raises((DomainError, FactsError)) as refusal:
        call(**arguments)
    return refusal.value.code


def everything(world) -> tuple[int, ...]:
    with access.viewing(world.sarc):
        return tuple(m.objects.count() for m in (Report, SignedForm, Duty, Notice, Event))


def test_a_contact_is_not_a_report(world) -> None:
    world.contact()
    with access.viewing(world.sarc):
        assert not Report.objects.exists()
        assert not Notice.objects.exists()


def test_signing_appends_the_event_and_opens_the_duties_in_one_transaction(world) -> None:
    report = world.signed("restricted")
    with access.viewing(world.sarc):
        assert Event.objects.filter(case_id=report.case_id, kind="report_signed").count() == 1
        opened = dict(Duty.objects.filter(case_id=report.case_id).values_list("kind", "rule"))
        # What is answered is how the case stands now.
        assert report.case.state == Case.objects.get(pk=report.case_id).state == "RESTRICTED_OPEN"
    assert opened["commander_notice_restricted"] == "CN-1"
    assert opened["dsaid_entry"] == "CK-02"
    assert "mcio_notice" not in opened


def test_the_clock_starts_at_the_victims_signature(world) -> None:
    signed = T0 - timedelta(hours=5)
    report = world.signed("restricted", at=signed)
    with access.viewing(world.sarc):
        duty = Duty.objects.get(case_id=report.case_id, kind="commander_notice_restricted")
    assert (report.signed_at, report.recorded_at) == (signed, T0)
    assert duty.due_at == signed + timedelta(hours=24)


def test_signing_twice_is_refused(world) -> None:
    report = world.signed("restricted")
    before = everything(world)
    paper = world.paper(report.case, "unrestricted")
    assert refusal_of(report_sign, actor=world.sarc, **paper) == "already_signed"
    assert everything(world) == before


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"election": "maybe"}, "unknown_option"),
        ({"election": None}, "unknown_option"),
        ({"initials": {}}, "initials_missing"),
        ({"initials": {"no_such": "AB"}}, "unknown_field"),
        ({"initials": "AB"}, "wrong_type"),
        ({"victim_signature": "  "}, "missing"),
        ({"advocate_signature": ""}, "missing"),
        ({"victim_signature": "A\x00B"}, "control_characters"),
        ({"victim_signature": "x" * 10_000}, "too_long"),
        ({"victim_signature": 7}, "wrong_type"),
        ({"edition": "1999-01-01"}, "wrong_edition"),
        ({"victim_signed_at": T0 + timedelta(seconds=1)}, "in_the_future"),
        ({"advocate_signed_at": T0 + timedelta(days=1)}, "in_the_future"),
        ({"victim_signed_at": T0.replace(tzinfo=None)}, "naive_time"),
        ({"victim_signed_at": "yesterday"}, "wrong_type"),
        ({"victim_signed_at": datetime(1990, 1, 1, tzinfo=UTC)}, "date_out_of_range"),
        ({"victim_signed_at": datetime.min.replace(tzinfo=UTC)}, "date_out_of_range"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_half_written(world, change, code) -> None:
    case = world.decided()
    before = everything(world)
    paper = world.paper(case, "restricted") | change
    assert refusal_of(report_sign, actor=world.sarc, **paper) == code
    assert everything(world) == before


def test_an_election_without_a_decision_is_refused(world) -> None:
    case = world.contact()
    assert refusal_of(report_sign, actor=world.sarc, **world.paper(case, "restricted")) == "not_decided"


def test_a_barred_option_is_refused_with_its_rule(world) -> None:
    case = world.decided(facts={"statuses": ["contractor"], "age": 40})
    with pytest.raises(DomainError) as refusal:
        report_sign(actor=world.sarc, **world.paper(case, "restricted"))
    assert refusal.value.code == "option_barred"
    assert "EL-10" in refusal.value.rule
    assert len(refusal.value.message) > 20


def test_a_form_needs_a_name(world) -> None:
    case = world.decided(name="")
    assert refusal_of(report_sign, actor=world.sarc, **world.paper(case, "restricted")) == "name_needed"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"statuses": ["wizard"]}, "unknown_value"),
        ({"favourite_colour": "blue"}, "unknown_fact"),
        ({"statuses": ["service_member", "contractor"], "age": 12}, "impossible_facts"),
        ({"age": "old"}, "wrong_type"),
    ],
)
def test_bad_facts_are_refused_with_a_sentence(world, facts, code) -> None:
    case = world.contact()
    assert refusal_of(options_decide, actor=world.sarc, case_id=case.pk, facts=facts, at=T0) == code


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ({"narrative": {"text": "x" * 2_000_000}}, "too_long"),
        ({"narrative": {"text": "a\x07b"}}, "control_characters"),
        ({"narrative": {"text": "\ud800"}}, "control_characters"),
        ({"narrative": {"incident_on": "last Tuesday"}}, "bad_date"),
        ({"narrative": {"incident_on": "2030-01-01"}}, "in_the_future"),
        ({"narrative": {"place": "moon"}}, "unknown_value"),
        ({"identity": {"dod_id": "12"}}, "bad_dod_id"),
        ({"identity": {"shoe_size": "9"}}, "unknown_field"),
        ({"identity": {"unit_commander_post": "not-a-post"}}, "unknown_value"),
        ({"at": T0 + timedelta(minutes=1)}, "in_the_future"),
        ({"source": "rumour"}, "unknown_value"),
    ],
)
def test_a_bad_contact_leaves_no_trace(world, part, code) -> None:
    arguments = {"actor": world.sarc, "at": T0, "identity": {}, "narrative": {}} | part
    before = everything(world)
    assert refusal_of(contact_open, **arguments) == code
    assert everything(world) == before


@pytest.mark.parametrize("person", ["commander", "unit_commander", "mcio", "manager"])
def test_only_sarc_and_va_take_contacts(world, person) -> None:
    actor = getattr(world, person)
    assert refusal_of(contact_open, actor=actor, at=T0) == "not_your_role"


def test_somebody_elses_case_is_not_there(world) -> None:
    case = world.decided()
    paper = world.paper(case, "restricted")
    assert refusal_of(report_sign, actor=world.stranger, **paper) == "not_found"
    assert refusal_of(contact_complete, actor=world.other_va, case_id=case.pk, at=T0, identity={},
                      narrative={}) == "not_found"  # fmt: skip


def test_a_vas_contact_is_also_the_sarcs(world) -> None:
    case = world.contact(actor=world.va)
    with access.viewing(world.sarc):
        assert access.case_for(world.sarc, case.pk) == case


def race(stage, call, count: int = 6) -> list[str]:
    """Run the call in real threads that start together; each one's outcome is 'done' or a refusal's code."""
    start, outcomes = Barrier(count), []

    def run() -> None:
        try:
            start.wait()
            call()
            outcomes.append("done")
        except DomainError as refusal:
            outcomes.append(refusal.code)
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_of_many_signing_at_once_exactly_one_signs(stage) -> None:
    world = stage.world
    paper = world.paper(world.decided(), "restricted")
    outcomes = race(stage, lambda: report_sign(actor=world.sarc, **paper))
    assert outcomes == sorted(["done"] + ["already_signed"] * 5)
    with access.viewing(world.sarc):
        assert (Report.objects.count(), Notice.objects.count()) == (1, 1)


def test_of_many_converting_at_once_exactly_one_converts(stage) -> None:
    world = stage.world
    report = world.signed("restricted")
    shown = world.shown(report)
    outcomes = race(
        stage,
        lambda: report_convert(
            actor=world.sarc,
            confirmation=shown,
            case_id=report.case_id,
            victim_signature=CANARIES["name"],
            victim_signed_at=T0,
            advocate_signature="A",
            advocate_signed_at=T0,
        ),
    )
    assert outcomes == sorted(["done"] + ["not_convertible"] * 5)
    with access.viewing(world.sarc):
        assert Notice.objects.count() == 4


def test_the_decision_is_kept_with_the_facts_and_profile_it_was_made_under(world) -> None:
    from reports.election.selectors import decision_latest

    case = world.decided(facts=MEMBER)
    with access.viewing(world.sarc):
        kept = decision_latest(viewer=world.sarc, case=case, at=T0)
    assert kept["facts"] == MEMBER
    assert kept["profile"] == "seed"
    assert kept["decision"]["options"]["restricted"]["allowed"] is True
