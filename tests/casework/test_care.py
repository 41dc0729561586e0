"""Care and counsel with either option: the SAPR VA, consent and referrals, appointments, what is told."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections

from reports import access
from reports.casework.matters.models import Matter
from reports.casework.matters.selectors import matter_sealed, running
from reports.casework.moves.leaving import advocate_change
from reports.casework.services import step_record, va_assign
from reports.casework.told import told
from reports.ledger.models import Event
from sapr.errors import DomainError, NotFoundError
from tests.casework.duties import refusal_of, states
from tests.casework.steps import begin, reach, take
from tests.times import T0
from tests.world import MEMBER

DAY = timedelta(days=1)


@pytest.fixture
def cases(world):
    """One case of each election: care and counsel are the same for both."""
    return [world.signed(election).case for election in ("restricted", "unrestricted")]


def test_r20_a_va_at_once_and_another_when_the_victim_asks_with_access_at_once(world) -> None:
    case = world.contact()
    step_record(
        actor=world.sarc, case_id=case.pk, kind="referral_received", at=T0, details={"from": "healthcare"}
    )
    assert states(world, "assign_va") == ["open"]
    va_assign(actor=world.sarc, case_id=case.pk, va=world.va, at=T0)
    assert states(world, "assign_va") == ["discharged"]
    change = {"actor": world.sarc, "case_id": case.pk, "role": "sapr_va", "reason": "victims_wish", "at": T0}
    wish = change | {"leaves": world.va, "follows": world.other_va}
    assert refusal_of(advocate_change, **wish | {"reason": "why not"})[0] == "unknown_value"
    assert refusal_of(advocate_change, **wish | {"follows": world.stranger})[0] == "no_certificate"
    wrong = change | {"leaves": world.other_va, "follows": world.va}
    assert refusal_of(advocate_change, **wrong)[0] == "does_not_hold_it"
    with access.viewing(world.va):
        assert access.case_for(world.va, case.pk) == case
    advocate_change(**wish)
    with access.viewing(world.va), pytest.raises(NotFoundError):
        access.case_for(world.va, case.pk)
    with access.viewing(world.other_va):
        assert access.case_for(world.other_va, case.pk) == case
        said = Event.objects.get(kind="advocate_changed").data
    assert (said["to"], said["reason"]) == (str(world.other_va.pk), "victims_wish")
    # CD-02: what is known of the victim is handed over at once.
    assert states(world, "hand_over_victim") == ["open"]


def test_r11_nw_02_nw_03_care_runs_the_same_course_with_either_option(world, cases) -> None:
    for part in (
        nw_02_nw_03_a_referral_waits_for_consent_and_keeps_an_outcome_not_a_content,
        services_are_offered_accepted_declined_complete,
        the_safe_way_to_reach_the_victim_is_sealed_and_a_new_one_replaces_it,
        r11_appointments_lie_ahead_and_are_kept_or_not,
    ):
        for case in cases:
            part(world, case)


def nw_02_nw_03_a_referral_waits_for_consent_and_keeps_an_outcome_not_a_content(world, case) -> None:
    election = case.report.election
    assert refusal_of(begin, world, case, "referral", election=election, service="fap") == (
        "consent_needed", "NW-02",
    )  # fmt: skip
    consent = begin(world, case, "consent", election=election, service="fap")
    referral = begin(world, case, "referral", election=election, service="fap", handoff="three_way")
    assert (
        refusal_of(begin, world, case, "referral", election=election, service="chaplain")[0]
        == "consent_needed"
    )
    take(world, consent, "consent_withdrawn", T0)
    assert refusal_of(begin, world, case, "referral", election=election, service="fap")[0] == "consent_needed"
    with access.viewing(world.sarc):
        assert running(viewer=world.sarc, case=case) == [referral]
    assert take(world, referral, "referral_ended", T0, outcome="in_care").state == "ended"
    other = begin(world, case, "consent", election=election, service="medical")
    with pytest.raises(DomainError, match="asks no such thing"):
        take(world, other, "consent_withdrawn", T0, said="a word")


def services_are_offered_accepted_declined_complete(world, case) -> None:
    election = case.report.election
    one, two = (begin(world, case, "service", election=election, service="chaplain") for _ in range(2))
    assert refusal_of(take, world, one, "service_completed", T0)[0] == "no_such_step"
    take(world, one, "service_accepted", T0)
    assert take(world, one, "service_completed", T0).state == "complete"
    assert take(world, two, "service_declined", T0).state == "declined"
    assert refusal_of(take, world, two, "service_accepted", T0)[0] == "no_such_step"


def r11_appointments_lie_ahead_and_are_kept_or_not(world, case) -> None:
    election = case.report.election
    kept, missed = (
        begin(world, case, "appointment", election=election, care="medical", on=T0 + 9 * DAY)
        for _ in range(2)
    )
    assert take(world, kept, "appointment_kept", T0 + 9 * DAY).state == "kept"
    assert take(world, missed, "appointment_missed", T0 + 10 * DAY, why="no_transport").state == "missed"
    with access.viewing(world.sarc):
        on = Event.objects.filter(kind="appointment_set").first().data["on"]
    assert on == (T0 + 9 * DAY).isoformat()


def test_r16_r22_what_was_told_stands_with_its_date_and_the_rest_is_still_to_tell(world) -> None:
    case = world.decided()

    def lines():
        with access.viewing(world.sarc):
            return {each.item.key: each.at for each in told(case, Event.objects.filter(case_id=case.pk))}

    assert set(lines().values()) == {None}
    assert "transfer" not in lines()
    for day, (kind, details) in enumerate(
        [
            ("counsel_explained", {"answer": "wanted"}),
            ("vwap_explained", {}),
            ("topic_explained", {"topic": "confiding"}),
        ]
    ):
        at = T0 + day * DAY
        reach(at)
        step_record(actor=world.sarc, case_id=case.pk, kind=kind, at=at, details=details)
    assert [lines()[key] for key in ("counsel", "vwap", "confiding")] == [T0, T0 + DAY, T0 + 2 * DAY]
    assert lines()["privilege"] is None
    now = T0 + 3 * DAY
    reach(now)
    signed = world.signed("unrestricted", at=now).case
    with access.viewing(world.sarc):
        at_signing = {
            each.item.key: each.at for each in told(signed, Event.objects.filter(case_id=signed.pk))
        }
    # Initialled on the form: told when it was signed. The rest of the list is not on it.
    assert (at_signing["privilege"], at_signing["vwap"], at_signing["transfer"]) == (now, None, None)
    assert "catch" not in at_signing


def test_co_12_co_13_line_of_duty_also_of_a_restricted_report_without_name_and_cause(world) -> None:
    reserve = MEMBER | {"statuses": ["guard_reserve"]}
    for election in ("restricted", "unrestricted"):
        case = world.signed(election, facts=reserve).case
        finding = begin(world, case, "line_of_duty", election=election)
        with access.viewing(world.sarc):
            data = Event.objects.get(case_id=case.pk, kind="line_of_duty_asked").data
        assert ("papers" in data) == (election == "restricted")
        assert take(world, finding, "line_of_duty_found", T0).state == "found"
    active = world.signed("restricted").case
    assert refusal_of(begin, world, active, "line_of_duty", election="restricted") == (
        "rule_refuses",
        "CO-12",
    )


def the_safe_way_to_reach_the_victim_is_sealed_and_a_new_one_replaces_it(world, case) -> None:
    election = case.report.election
    assert refusal_of(begin, world, case, "safe_contact", election=election)[0] == "missing"
    old = begin(world, case, "safe_contact", election=election, sealed={"content": "Never call at night."})
    new = begin(
        world, case, "safe_contact", T0 + DAY, election=election, sealed={"content": "Sister's phone."}
    )
    with access.viewing(world.sarc):
        old.refresh_from_db()
        new = Matter.objects.get(pk=new.pk)
        assert (old.state, new.state) == ("replaced", "current")
        opened = matter_sealed(viewer=world.sarc, matter=new, at=T0 + DAY)
        assert list(opened.values()) == ["Sister's phone."]
        look = Event.objects.filter(case_id=case.pk, kind="sealed_opened").order_by("seq").last()
    assert (look.data["what"], look.actor_id) == (["matter.content"], world.sarc.pk)


def test_of_two_steps_at_the_same_moment_exactly_one_is_taken(stage) -> None:
    world = stage.world
    case = world.signed("unrestricted").case
    move, gate, ends = begin(world, case, "expedited_transfer"), Barrier(2), []

    def step(name: str) -> None:
        gate.wait()
        try:
            take(world, move, name, T0)
            ends.append("")
        except DomainError as refusal:
            ends.append(refusal.code)
        finally:
            connections.close_all()

    threads = [Thread(target=step, args=[name]) for name in ("transfer_approved", "transfer_denied")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "" in ends
    assert set(ends) <= {"", "matter_moved", "no_such_step"}
    assert ends.count("") == 1
    with access.viewing(world.sarc):
        assert Event.objects.filter(kind="transfer_decided").count() == 1
