"""Steps, turns of a repeating duty, and who may do what on whose case."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections

from accounts.models import Role
from reports import access
from reports.casework.services import step_record, va_assign
from reports.election.contacts import contact_complete, contact_walk_away
from reports.election.models import Case, Decision, Report
from reports.election.services import options_decide, report_sign
from reports.ledger.models import Event
from reports.obligations.models import Duty, DutyState
from sapr import clock
from sapr.errors import DomainError
from tests.casework.steps import all_closed
from tests.factories import AppointmentFactory, PostFactory
from tests.notices.release import release
from tests.times import T0
from tests.world import MEMBER


def refusal_of(call, **arguments) -> str:
    with pytest.raises(DomainError) as refusal:
        call(**arguments)
    return refusal.value.code


def update(world, report, at) -> None:
    clock.move(at, hold=True)
    step_record(
        actor=world.sarc,
        case_id=report.case_id,
        kind="monthly_update_given",
        at=at,
        details={"by": "commander"},
    )


def test_CK_07_a_second_update_in_one_month_does_not_silence_the_next(world) -> None:  # noqa: N802
    report = world.signed("unrestricted")
    for days in (10, 11, 12):
        update(world, report, T0 + timedelta(days=days))
    with access.viewing(world.sarc):
        turns = list(
            Duty.objects.filter(kind="monthly_update").order_by("due_at").values_list("state", flat=True)
        )
    assert turns == [DutyState.DISCHARGED, DutyState.OPEN]


def test_CK_07_goes_on_every_month_until_final_disposition(world) -> None:  # noqa: N802
    report = world.signed("unrestricted")
    for month in (30, 60, 91):
        update(world, report, T0 + timedelta(days=month))
    at = T0 + timedelta(days=92)
    clock.move(at, hold=True)
    all_closed(world, report.case)
    step_record(actor=world.sarc, case_id=report.case_id, kind="final_disposition_decided", at=at)
    with access.viewing(world.sarc):
        turns = list(
            Duty.objects.filter(kind="monthly_update").order_by("due_at").values_list("state", flat=True)
        )
    assert turns == [DutyState.DISCHARGED] * 3 + [DutyState.ENDED]


def test_a_step_of_the_report_cannot_lie_before_its_signature(world) -> None:
    report = world.signed("restricted")
    assert (
        refusal_of(
            step_record,
            actor=world.sarc,
            case_id=report.case_id,
            kind="dsaid_entered",
            at=T0 - timedelta(days=1),
        )
        == "before_the_report"
    )


def test_a_va_of_the_case_who_is_sarc_elsewhere_is_a_va_here(world) -> None:
    from notifications.models import Notice

    report = world.signed("restricted")
    va_assign(actor=world.sarc, case_id=report.case_id, va=world.va, at=T0)
    AppointmentFactory(user=world.va, post=PostFactory(role=Role.SARC))
    with access.viewing(world.sarc):
        notice = Notice.objects.get()
    with pytest.raises(DomainError) as refusal:
        release(world.va, notice)
    assert refusal.value.code == "not_your_role"


@pytest.mark.parametrize("role", ["stranger", "commander"])
def test_the_unit_commanders_post_is_a_unit_commanders(world, role) -> None:
    case = world.contact()
    arguments = {"actor": world.sarc, "case_id": case.pk, "at": T0, "narrative": {}}
    post = str(world.posts[role].pk)
    assert (
        refusal_of(contact_complete, identity={"unit_commander_post": post}, **arguments) == "unknown_value"
    )


def test_what_was_applied_at_signing_is_kept_and_named_in_the_event(world) -> None:
    """A paper form of 2021 is judged by the rules of 2021, whatever was asked today."""
    from datetime import UTC, datetime

    signed = datetime(2021, 1, 5, 12, tzinfo=UTC)
    case = world.decided()
    report_sign(actor=world.sarc, late_reason="found_late", **world.paper(case, "restricted", signed))
    with access.viewing(world.sarc):
        event = Event.objects.get(case_id=case.pk, kind="report_signed")
        kept = Decision.objects.get(pk=event.data["decision"])
    assert str(kept.decided_on) == "2021-01-05"
    assert kept.rule_set == event.data["rule_set"] == "RS-2021A"


def test_after_signing_the_facts_stand(world) -> None:
    report = world.signed("restricted")
    arguments = {"actor": world.sarc, "case_id": report.case_id, "facts": MEMBER, "at": T0}
    assert refusal_of(options_decide, **arguments) == "already_signed"


def test_walking_away_ends_what_was_open_and_nothing_goes_on(world) -> None:
    case = world.decided()
    contact_walk_away(actor=world.sarc, case_id=case.pk, at=T0)
    with access.viewing(world.sarc):
        assert set(Duty.objects.values_list("state", flat=True)) == {DutyState.ENDED}
    closed = {"actor": world.sarc, "case_id": case.pk, "at": T0}
    assert refusal_of(options_decide, facts=MEMBER, **closed) == "contact_closed"
    assert refusal_of(va_assign, va=world.va, **closed) == "contact_closed"
    assert refusal_of(step_record, kind="options_explained", **closed) == "contact_closed"
    assert refusal_of(report_sign, actor=world.sarc, **world.paper(case, "restricted")) == "contact_closed"


def test_of_signing_and_leaving_at_once_exactly_one_happens(stage) -> None:
    world = stage.world
    case = world.decided()
    paper = world.paper(case, "restricted")
    start, outcomes = Barrier(2), []

    def run(call) -> None:
        try:
            start.wait()
            call()
            outcomes.append("done")
        except DomainError as refusal:
            outcomes.append(refusal.code)
        finally:
            connections.close_all()

    calls = (
        lambda: report_sign(actor=world.sarc, **paper),
        lambda: contact_walk_away(actor=world.sarc, case_id=case.pk, at=T0),
    )
    threads = [Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("done") == 1
    with access.viewing(world.sarc):
        assert Report.objects.exists() != bool(Case.objects.get(pk=case.pk).walked_away_at)
