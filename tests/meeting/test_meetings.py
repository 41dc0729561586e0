"""The Case Management Group meets every month, is chaired by who may, and each listed case learns of it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import Appointment
from accounts.services import appointment_end
from reports import access, policy
from reports.casework.cmg import selectors
from reports.casework.cmg.models import AgendaLine, Attendance, Meeting, Member
from reports.casework.cmg.services import cmg_seat_take
from reports.election.inquiries import limited_case_open
from reports.ledger.selectors import system_events
from sapr.errors import DomainError
from tests.meeting.ways import DAY, another, called, duties_of, held, kinds_of
from tests.times import T0

SECOND = timedelta(seconds=1)


def refusal(call, *args, **kwargs) -> tuple[str, str]:
    with pytest.raises(DomainError) as told:
        call(*args, **kwargs)
    return told.value.code, told.value.rule


def system_kinds(world) -> list[str]:
    with access.viewing(world.manager):
        return [event.kind for event in system_events(viewer=world.manager) if "meeting" in event.data]


def test_ck_05_ck_06_the_meeting_discharges_the_review_of_every_listed_case_and_the_update_is_due_in_72_hours(
    world, held_clock
):
    other = another(world)
    mine = world.signed("unrestricted").case_id
    theirs = world.signed("unrestricted", actor=other).case_id
    held_clock.move(T0 + DAY, hold=True)
    meeting = called(world, at=T0 + DAY)
    held(world, meeting, at=T0 + DAY)
    for viewer, case in ((world.sarc, mine), (other, theirs)):
        assert [kind for kind in kinds_of(viewer, case) if kind.startswith("cmg")] == [
            "cmg_listed",
            "cmg_held",
        ]
        (before, _), (after, _) = duties_of(viewer, case, "cmg_review")
        assert (before, after) == ("discharged", "open")
        assert duties_of(viewer, case, "update_after_cmg") == [("open", T0 + DAY + timedelta(hours=72))]
    # The right to say so ended with it: of the other case the co-chair sees its line and nothing else.
    assert kinds_of(world.sarc, theirs) == []
    assert duties_of(world.sarc, theirs, "cmg_review") == []


def test_ck_05_the_group_meets_in_a_month_without_cases_too(world):
    world.signed("restricted")
    meeting = held(world, called(world))
    with access.viewing(world.sarc):
        assert AgendaLine.objects.count() == 0
    assert (meeting.month, meeting.held_at) == (date(2026, 3, 1), T0)
    assert system_kinds(world) == ["cmg_scheduled", "cmg_held"]


def test_cmg_08_to_11_the_agenda_is_what_the_group_reviews_and_nothing_restricted(world):
    from reports.recording import record

    reviewed = world.signed("unrestricted").case_id
    converted = world.converted(world.signed("restricted", at=T0 - DAY), at=T0).case_id
    restricted = world.signed("restricted").case_id
    disposed, retaliated = world.signed("unrestricted"), world.signed("unrestricted")
    limited = limited_case_open(actor=world.sarc, at=T0)
    with access.viewing(world.sarc):
        for report in (disposed, retaliated):
            record(case=report.case, kind="final_disposition_decided", actor=world.sarc, at=T0)
        record(case=retaliated.case, kind="retaliation_reported", actor=world.sarc, at=T0)
    meeting = called(world)
    with access.viewing(world.commander):
        found = dict(AgendaLine.objects.filter(meeting=meeting).values_list("case_id", "limited"))
    assert found == {reviewed: False, converted: False, retaliated.case_id: False, limited.pk: True}
    assert "cmg_listed" not in kinds_of(world.sarc, restricted)
    # What is signed after the call stands on the agenda when it is held; what is over by then does not.
    later = world.signed("unrestricted").case_id
    with access.viewing(world.sarc):
        record(case=limited, kind="final_disposition_decided", actor=world.sarc, at=T0)
    held(world, meeting)
    with access.viewing(world.commander):
        found = dict(AgendaLine.objects.filter(meeting=meeting).values_list("case_id", "outcome"))
    assert found == {
        reviewed: "reviewed", converted: "reviewed", retaliated.case_id: "reviewed", later: "reviewed",
        limited.pk: "dropped",
    }  # fmt: skip


def test_db_10_what_the_group_did_not_reach_is_carried_over_and_its_review_stays_due(world, held_clock):
    first, second = (world.signed("unrestricted").case_id for _ in range(2))
    meeting = called(world)
    with access.viewing(world.sarc):
        left = AgendaLine.objects.get(case_id=first)
    held(world, meeting, left_over=[left.pk])
    assert "cmg_held" not in kinds_of(world.sarc, first)
    assert [state for state, _ in duties_of(world.sarc, first, "cmg_review")] == ["open"]
    held_clock.move(T0 + 31 * DAY, hold=True)
    again = called(world, at=T0 + 31 * DAY)
    with access.viewing(world.sarc):
        lines, further = selectors.agenda(viewer=world.sarc, meeting=again)
    assert [(line.case_id, line.carried_over) for line in lines] == [(first, True), (second, False)]
    assert further == 0
    assert refusal(held, world, again, at=T0 + 31 * DAY, left_over=[left.pk]) == ("unknown_value", "")


def test_a_case_that_came_after_the_meeting_was_not_reviewed_in_it(world, held_clock):
    meeting = called(world)
    held_clock.move(T0 + DAY, hold=True)
    case = world.signed("unrestricted", at=T0 + DAY).case_id
    held(world, meeting, at=T0)
    assert "cmg_held" not in kinds_of(world.sarc, case)
    with access.viewing(world.sarc):
        assert AgendaLine.objects.get(case_id=case).outcome == "left_over"


def test_a_meeting_is_neither_held_in_the_future_nor_twice_nor_called_twice_in_a_month(world, held_clock):
    meeting = called(world, scheduled_at=T0 + 5 * DAY)
    assert refusal(held, world, meeting, at=T0 + SECOND) == ("in_the_future", "CK-05")
    with access.viewing(world.sarc):
        assert Meeting.objects.get().held_at is None
    assert refusal(called, world) == ("already_called", "CK-05")
    held(world, meeting)
    assert refusal(held, world, meeting) == ("already_held", "CK-05")
    assert refusal(cmg_seat_take, actor=world.sarc, meeting_id=meeting.pk, at=T0) == ("already_held", "CK-05")
    # Midnight in New York, where the installation lives, not in London.
    held_clock.move(T0 + 30 * DAY, hold=True)
    april = called(world, scheduled_at=datetime(2026, 4, 1, 4, 0, tzinfo=UTC), at=T0 + 30 * DAY)
    assert april.month == date(2026, 4, 1)


def test_cmg_01_to_04_who_chairs_and_who_co_chairs(world, held_clock):
    meeting, other = called(world), another(world)
    assert refusal(held, world, meeting, delegated=True) == ("may_not_chair", "CMG-02")
    assert refusal(held, world, meeting, chair=world.unit_commander) == ("may_not_chair", "CMG-01")
    assert refusal(held, world, meeting, chair=world.higher) == ("may_not_chair", "CMG-01")
    assert refusal(held, world, meeting, chair_seat="chaplain") == ("unknown_value", "")
    assert refusal(held, world, meeting, member_or_dod_civilian=False) == ("may_not_co_chair", "CMG-03")
    assert refusal(held, world, meeting, actor=other) == ("not_co_chair", "CMG-04")
    assert refusal(held, world, meeting, actor=world.stranger)[0] == "not_found"
    assert refusal(held, world, meeting, actor=world.va)[0] == "not_your_role"
    cmg_seat_take(actor=other, meeting_id=meeting.pk, at=T0)
    assert refusal(held, world, meeting) == ("not_co_chair", "CMG-04")
    deputy = another(world, "commander")
    row = held(world, meeting, actor=other, chair=deputy, chair_seat="deputy_commander")
    assert (row.co_chair, row.chair) == (other, deputy)
    assert system_kinds(world) == ["cmg_scheduled", "cmg_co_chair_taken", "cmg_held"]


def test_cmg_01_a_commander_who_left_chairs_no_more(world):
    meeting = called(world)
    appointment_end(appointment=Appointment.objects.get(user=world.commander), actor=world.manager, at=T0)
    assert refusal(held, world, meeting) == ("may_not_chair", "CMG-01")


def test_cmg_05_to_07_attendance_is_kept_of_every_sarc_and_of_members_only(world):
    absent = another(world)
    meeting = called(world)
    assert refusal(held, world, meeting, members=["victims_commander"]) == ("not_a_member", "CMG-05")
    assert refusal(held, world, meeting, members=["cook"]) == ("unknown_value", "")
    held(world, meeting, members=["chaplain", "tenant_commander", "chaplain"])
    with access.viewing(world.va):
        came = {(row.member, row.user_id): row.present for row in Attendance.objects.all()}
    assert came == {
        ("installation_commander", world.commander.pk): True,
        ("installation_sarc", world.sarc.pk): True,
        ("installation_sarc", absent.pk): False,
        ("chaplain", None): True,
        ("tenant_commander", None): True,
    }
    with access.viewing(world.stranger):
        assert Attendance.objects.count() == 0
    facts = policy.default_policy().book.facts.specs["cmg_member"].values
    assert {*Member.values, "other"} == set(facts)


def test_cmg_30_a_quarterly_meeting_is_told_and_reviews_nothing(world):
    case = world.signed("unrestricted").case_id
    assert refusal(called, world, kind="quarterly", scheduled_at=datetime(2024, 1, 2, tzinfo=UTC)) == (
        "no_such_meeting",
        "CMG-30",
    )
    held(world, called(world, kind="quarterly"))
    assert not [kind for kind in kinds_of(world.sarc, case) if kind.startswith("cmg")]
    with access.viewing(world.sarc):
        assert selectors.quarterly(T0, "UTC").rule == "CMG-30"
    # The month's own meeting is called all the same.
    called(world)


def test_today_says_that_this_months_meeting_waits(world, held_clock):
    with access.viewing(world.sarc):
        [(place, meeting)] = selectors.this_month(viewer=world.sarc, at=T0)
    assert (place, meeting) == (world.installation, None)
    row = called(world)
    with access.viewing(world.sarc):
        assert selectors.this_month(viewer=world.sarc, at=T0)[0].meeting == row
    held(world, row)
    with access.viewing(world.sarc):
        assert selectors.this_month(viewer=world.sarc, at=T0) == []
