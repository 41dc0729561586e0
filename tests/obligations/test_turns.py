"""Turns that go on after a pause, and what each event owes by itself."""

from datetime import UTC, datetime, timedelta

from reports import access
from reports.casework.closing import case_close, case_reopen
from reports.election.services import options_decide, report_sign
from reports.obligations.models import Duty, DutyState
from reports.rehearsal import reading
from reports.rehearsal.running import run
from sapr import clock
from tests.casework.steps import begin, reach
from tests.election.way import STATED, limited
from tests.obligations.test_duties_of_a_case import DAY, do, states
from tests.times import T0
from tests.world import CANARIES, MEMBER


def paused(world, case_id, closed, opened):
    reach(closed)
    case_close(actor=world.sarc, case_id=case_id, at=closed, answers=STATED)
    reach(opened)
    case_reopen(actor=world.sarc, case_id=case_id, at=opened, reason="victim_asked")


def waiting(world, kind, case_id) -> list[str]:
    """The days on which the open turns of a case are due."""
    with access.viewing(world.sarc):
        found = Duty.objects.filter(kind=kind, case_id=case_id, state=DutyState.OPEN).order_by("due_at")
        return [each.due_at.date().isoformat() for each in found]


def test_ck_05_ck_07_a_reopened_case_keeps_the_day_of_the_month_and_nothing_falls_due_later(world):
    signed = datetime(2026, 1, 31, 15, tzinfo=UTC)
    report = world.signed("unrestricted", at=signed, late_reason="found_late")
    case = report.case_id
    # Closed when the turn of February was missed: the next is that of March, and the 31st is not lost.
    paused(world, case, T0, T0 + DAY)
    assert waiting(world, "cmg_review", case) == ["2026-03-31"]
    # Closed and opened again before that turn: the same turn.
    paused(world, case, T0 + DAY, T0 + 2 * DAY)
    assert waiting(world, "cmg_review", case) == ["2026-03-31"]
    # Opened again when that turn is past: the next by the same day, not a month from the opening.
    paused(world, case, T0 + 2 * DAY, datetime(2026, 4, 5, 15, tzinfo=UTC))
    for kind in ("cmg_review", "monthly_update"):
        assert waiting(world, kind, case) == ["2026-04-30"]
    # A meeting that was held early did its month; a pause does not ask for it once more.
    do(world, report, "cmg_held", datetime(2026, 4, 10, 15, tzinfo=UTC))
    assert waiting(world, "cmg_review", case) == ["2026-05-31"]
    do(world, report, "monthly_update_given", datetime(2026, 4, 10, 16, tzinfo=UTC))
    paused(world, case, datetime(2026, 4, 11, tzinfo=UTC), datetime(2026, 4, 12, tzinfo=UTC))
    for kind in ("cmg_review", "monthly_update"):
        assert waiting(world, kind, case) == ["2026-05-31"]
    # A rehearsal counts from the same beginning, and its turns go on from there.
    days = [
        each.due_at.date().isoformat()
        for each in run(
            reading.of_viewer(world.sarc).duties, now=clock.now(), until=clock.now() + timedelta(days=90)
        )
        if each.kind == "cmg_review"
    ]
    assert days == ["2026-05-31", "2026-06-30"]
    do(world, report, "cmg_held", datetime(2026, 5, 20, tzinfo=UTC))
    assert waiting(world, "cmg_review", case) == ["2026-06-30"]


def test_tr_10_ck_05_the_review_of_a_limited_case_goes_on_when_the_victim_signs_and_no_second_begins(world):
    unit = str(world.posts["unit_commander"].pk)
    case = limited(world, name=CANARIES["name"], unit_commander_post=unit)
    reach(T0 + 8 * DAY)
    options_decide(actor=world.sarc, case_id=case.pk, facts=MEMBER, at=clock.now())
    report = report_sign(actor=world.sarc, late_reason="", **world.paper(case, "unrestricted", T0 + 8 * DAY))
    assert waiting(world, "cmg_review", case.pk) == ["2026-04-02"]
    paused(world, report.case_id, T0 + 9 * DAY, T0 + 10 * DAY)
    assert waiting(world, "cmg_review", case.pk) == ["2026-04-02"]


def test_ck_06_each_meeting_owes_its_own_update_and_one_update_does_all_whose_meeting_was_before_it(world):
    report = world.signed("unrestricted")
    for days in (1, 31, 61):
        do(world, report, "cmg_held", T0 + days * DAY)
    assert states(world, "update_after_cmg") == ["open"] * 3
    # Given after the second and noted after the third: that one is still owed, the first is late.
    do(world, report, "monthly_update_given", T0 + 33 * DAY)
    assert states(world, "update_after_cmg") == ["missed", "discharged", "open"]
    do(world, report, "monthly_update_given", T0 + 62 * DAY)
    assert states(world, "update_after_cmg") == ["missed", "discharged", "discharged"]


def test_ck_06_the_update_after_a_meeting_is_owed_and_given_in_a_closed_case_too(world):
    report = world.signed("unrestricted")
    do(world, report, "cmg_held", T0 + DAY)
    paused(world, report.case_id, T0 + DAY, T0 + DAY)
    assert states(world, "update_after_cmg") == ["open"]
    case_close(actor=world.sarc, case_id=report.case_id, at=T0 + DAY, answers=STATED)
    do(world, report, "monthly_update_given", T0 + 2 * DAY)
    assert states(world, "update_after_cmg") == ["discharged"]


def test_ck_02_a_conversion_does_not_ask_for_a_second_entry_while_the_first_is_open(world):
    report = world.signed("restricted")
    reach(T0 + timedelta(hours=20))
    world.converted(report, at=clock.now())
    assert states(world, "dsaid_entry") == ["open"]


def test_ck_05_ck_07_one_more_contact_in_a_month_that_is_done_is_one_more_after_a_pause_too(world):
    """Whatever stopped the duty in between: a closing, or a disposition that was final until another offender."""
    report, other = world.signed("unrestricted"), world.signed("unrestricted")
    do(world, report, "monthly_update_given", T0 + 10 * DAY)
    do(world, other, "cmg_held", T0 + 10 * DAY)
    do(world, report, "final_disposition_decided", T0 + 11 * DAY)
    begin(world, report.case, "subject", T0 + 12 * DAY)
    paused(world, other.case_id, T0 + 12 * DAY, T0 + 12 * DAY)

    def run_through(kind) -> set[str]:
        found = reading.of_viewer(world.sarc).duties
        return {each.before_due.date().isoformat() for each in found if each.kind == kind and each.before_due}

    # A rehearsal knows the same.
    assert (run_through("monthly_update"), run_through("cmg_review")) == ({"2026-04-02"}, {"2026-04-02"})
    do(world, report, "monthly_update_given", T0 + 13 * DAY)
    do(world, report, "cmg_held", T0 + 30 * DAY)
    for case in (report, other):
        assert waiting(world, "cmg_review", case.case_id) == ["2026-05-02"]
    assert waiting(world, "monthly_update", report.case_id) == ["2026-05-02"]
    # In its own month it is done, and the turn after it is the next.
    do(world, report, "monthly_update_given", T0 + 40 * DAY)
    assert waiting(world, "monthly_update", report.case_id) == ["2026-06-02"]
