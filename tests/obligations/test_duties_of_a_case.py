"""Duties of a case from its signature to its end: opened by its facts, ended once, never by accident."""

from datetime import UTC, datetime, timedelta

import pytest

from reports import access, policy
from reports.casework.events import STEPS
from reports.casework.services import step_record, va_assign
from reports.evidence.services import kit_number_issue, kit_seal
from reports.ledger.models import Event
from reports.obligations import admin
from reports.obligations.models import Duty, DutyState
from sapr import clock
from sapr.errors import DomainError
from tests.casework.steps import all_closed
from tests.meeting.ways import called, held
from tests.times import T0
from tests.world import MEMBER

DAY = timedelta(days=1)


def do(world, report, kind, at):
    if clock.now() < at:
        clock.move(at, hold=True)
    if kind == "final_disposition_decided":
        all_closed(world, report.case)
    if kind == "cmg_held":
        return held(world, called(world, at=at), at=at)
    details = {name: words[0] for name, words in STEPS[kind].details.items()}
    return step_record(actor=world.sarc, case_id=report.case_id, kind=kind, at=at, details=details)


def turns(world, kind):
    with access.viewing(world.sarc):
        return list(Duty.objects.filter(kind=kind).order_by("due_at"))


def states(world, kind):
    return [each.state for each in turns(world, kind)]


def seal_kit(world, report, at):
    clock.move(at, hold=True)
    _, number = kit_number_issue(actor=world.sarc, case_id=report.case_id, at=at)
    kit_seal(actor=world.sarc, case_id=report.case_id, number=number, at=at)


def test_every_duty_that_a_step_opens_can_be_closed_by_a_step(world):
    report = world.signed("unrestricted")
    va_assign(actor=world.sarc, case_id=report.case_id, va=world.va, at=T0)
    for hour, kind in enumerate(
        (
            "dsaid_entered",
            "sairo_sent",
            "cmg_held",
            "monthly_update_given",
            "final_disposition_decided",
            "disposition_told",
            "disposition_submitted",
            "mcio_told_of_disposition",
        )
    ):
        do(world, report, kind, T0 + hour * timedelta(hours=1))
    with access.viewing(world.sarc):
        waiting = set(Duty.objects.filter(state=DutyState.OPEN).values_list("kind", flat=True))
    # those the notices discharge themselves, once they are released, and those of their addressees
    assert waiting <= {
        "commander_notice_details",
        "mcio_notice",
        "unit_commander_notice",
        "acknowledge_notice",
    }
    assert states(world, "update_after_cmg") == [DutyState.DISCHARGED]


def test_CD_04_a_service_layers_duties_open_and_end_after_the_signature_too(world):  # noqa: N802
    report = world.signed("unrestricted", facts=MEMBER | {"service": "usmc"})
    assert [each.layer for each in turns(world, "safety_assessment")] == ["usmc"]
    do(world, report, "final_disposition_decided", T0 + DAY)
    assert states(world, "safety_assessment") == [DutyState.ENDED]
    assert states(world, "disposition_report") == [DutyState.OPEN]
    do(world, report, "disposition_report_sent", T0 + DAY)
    assert states(world, "disposition_report") == [DutyState.DISCHARGED]


def test_CK_04_a_duty_is_shown_in_the_words_of_the_row_it_was_opened_under(world):  # noqa: N802
    world.signed("unrestricted", facts=MEMBER | {"service": "usmc"})
    (duty,) = turns(world, "sairo")
    with access.viewing(world.sarc):
        held = Duty.objects.select_related("case__installation").filter(pk=duty.pk)
        (line,) = admin.lines(held, T0)
    assert line.citation == policy.row("CK-04", "usmc", duty.rule_set).authority


def test_CK_19_a_kit_is_counted_from_the_signature(world):  # noqa: N802
    report = world.signed("restricted")
    seal_kit(world, report, T0 + 40 * DAY)
    (duty,) = turns(world, "tell_kit_expiry")
    kept = policy.retention(
        "restricted_kit", {}, started_on=T0.date(), on=T0.date(), profile="dated"
    ).keep_until
    assert kept == T0.date().replace(year=T0.year + 10)
    assert duty.due_at <= datetime(kept.year, kept.month, kept.day, tzinfo=UTC) - 29 * DAY


def test_CK_19_opens_for_the_kit_of_a_restricted_report_only(world):  # noqa: N802
    seal_kit(world, world.signed("unrestricted"), T0)
    assert turns(world, "tell_kit_expiry") == []


def test_CK_05_turns_keep_the_day_of_the_report(world):  # noqa: N802
    signed = datetime(2026, 1, 31, 15, tzinfo=UTC)
    clock.move(T0, hold=True)
    report = world.signed("unrestricted", at=signed, late_reason="found_late")
    for month in (1, 2, 3):
        do(world, report, "cmg_held", T0 + month * 28 * DAY)
    local = [each.due_at.date() for each in turns(world, "cmg_review")]
    assert [(day.month, day.day) for day in local][:3] == [(2, 28), (3, 31), (4, 30)]


def test_CK_06_an_update_given_before_the_meeting_is_not_the_update_after_it(world):  # noqa: N802
    report = world.signed("unrestricted")
    do(world, report, "cmg_held", T0 + 2 * DAY)
    do(world, report, "monthly_update_given", T0 + DAY)
    assert states(world, "update_after_cmg") == [DutyState.OPEN]
    do(world, report, "monthly_update_given", T0 + 3 * DAY)
    assert states(world, "update_after_cmg") == [DutyState.DISCHARGED]


def test_a_step_of_an_unrestricted_report_cannot_lie_before_its_conversion(world):
    report = world.signed("restricted")
    at = T0 + 2 * DAY
    clock.move(at, hold=True)
    world.converted(report, at=at)
    with pytest.raises(DomainError) as refusal:
        do(world, report, "sairo_sent", T0 + DAY)
    assert refusal.value.code == "before_the_report"


def test_CK_07_a_turn_that_was_overdue_when_the_case_ended_was_missed(world):  # noqa: N802
    report = world.signed("unrestricted")
    do(world, report, "final_disposition_decided", T0 + 60 * DAY)
    assert states(world, "monthly_update") == [DutyState.MISSED]
    with access.viewing(world.sarc):
        told = Event.objects.filter(kind="duty_missed").values_list("data__kind", flat=True)
        assert {"monthly_update", "cmg_review"} <= set(told)


def test_the_late_reason_names_what_is_overdue(world):
    clock.move(T0, hold=True)
    with pytest.raises(DomainError) as refusal:
        world.signed("unrestricted", at=T0 - timedelta(hours=30), facts=MEMBER | {"service": "usmc"})
    assert refusal.value.rule == "CK-26"
    assert "serious-incident report" in str(refusal.value)
