"""The worker's part: at its slot, exactly once, without a key; late only when the system was down."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import connections

from notifications.models import InboxItem, Notice, NoticeState, Reminder
from notifications.sweeping import sweep
from reports import access
from reports.ledger.models import Event
from reports.ledger.selectors import first_bad_event
from reports.obligations.models import Duty, DutyState
from sapr import clock
from tests.notices.release import release
from tests.times import T0

LAST_SLOT = T0 + timedelta(hours=20)


def notice_now(stage) -> Notice:
    with access.viewing(stage.world.sarc):
        return Notice.objects.get()


def swept(stage, at) -> dict[str, int]:
    clock.move(at, hold=True)
    with stage.as_worker():
        return sweep()


def inbox(stage, person="commander") -> list[InboxItem]:
    with access.viewing(getattr(stage.world, person)):
        return list(InboxItem.objects.all())


def test_nothing_is_placed_before_its_slot(stage) -> None:
    stage.world.signed("restricted")
    swept(stage, LAST_SLOT - timedelta(seconds=1))
    assert inbox(stage) == []


def test_at_the_last_slot_minimal_is_placed_when_nobody_released(stage) -> None:
    stage.world.strength(5000)
    report = stage.world.signed("restricted")
    assert swept(stage, LAST_SLOT)["placed"] == 1
    [item] = inbox(stage)
    assert (item.body, item.slot) == (notice_now(stage).minimal, LAST_SLOT)
    with access.viewing(stage.world.sarc):
        duty = Duty.objects.get(case_id=report.case_id, kind="commander_notice_restricted")
        assert (duty.state, duty.closed_at) == (DutyState.DISCHARGED, LAST_SLOT)
        assert first_bad_event(Event.objects.filter(case_id=report.case_id).order_by("seq")) is None


def test_what_was_released_is_placed_at_its_slot_and_once(stage) -> None:
    stage.world.strength(5000)
    stage.world.signed("restricted")
    notice = release(stage.world.sarc, notice_now(stage))
    swept(stage, notice.slot - timedelta(seconds=1))
    assert inbox(stage) == []
    assert swept(stage, notice.slot)["placed"] == 1
    assert swept(stage, notice.slot + timedelta(hours=1))["placed"] == 0
    [item] = inbox(stage)
    assert (item.body, item.slot) == (notice.wording, notice.slot)
    assert notice_now(stage).state == NoticeState.PLACED


def test_after_downtime_it_is_placed_late_marked_missed_and_says_why(stage) -> None:
    report = stage.world.signed("restricted")
    swept(stage, T0 + timedelta(hours=40))
    [item] = inbox(stage)
    assert item.slot == LAST_SLOT
    with access.viewing(stage.world.sarc):
        duty = Duty.objects.get(case_id=report.case_id, kind="commander_notice_restricted")
    assert duty.state == DutyState.MISSED
    assert "held up" in duty.reason


def test_a_post_that_fell_vacant_passes_the_notice_up(stage) -> None:
    from accounts.models import Appointment
    from accounts.services import appointment_end

    stage.world.signed("restricted")
    appointment_end(
        appointment=Appointment.objects.get(user=stage.world.commander), actor=stage.world.manager, at=T0
    )
    swept(stage, LAST_SLOT)
    assert len(inbox(stage, "higher")) == 1


def test_a_post_without_a_strength_table_gets_minimal_though_more_was_released(stage) -> None:
    """The words were chosen for the installation's own table; the post above has none."""
    from accounts.models import Appointment
    from accounts.services import appointment_end

    stage.world.strength(5000)
    stage.world.signed("restricted")
    notice = release(stage.world.sarc, notice_now(stage))
    appointment_end(
        appointment=Appointment.objects.get(user=stage.world.commander), actor=stage.world.manager, at=T0
    )
    swept(stage, notice.slot)
    [item] = inbox(stage, "higher")
    assert item.body == notice.minimal


def test_who_took_the_post_after_the_signing_is_not_told(stage) -> None:
    """Nobody checked the newcomer against the people involved: the notice goes up instead."""
    from accounts.models import Appointment
    from accounts.services import appointment_end
    from tests.staffing import appointed

    world, later = stage.world, T0 + timedelta(minutes=30)
    world.signed("restricted")
    clock.move(later, hold=True)
    appointment_end(appointment=Appointment.objects.get(user=world.commander), actor=world.manager, at=later)
    appointed(world, world.unit_commander, "commander", by=world.manager, at=later)
    swept(stage, LAST_SLOT)
    assert inbox(stage, "unit_commander") == []
    assert len(inbox(stage, "higher")) == 1


def test_an_offender_named_after_the_signing_is_kept_away(stage) -> None:
    from reports.election.contacts import contact_complete

    world = stage.world
    report = world.signed("restricted")
    contact_complete(
        actor=world.sarc,
        case_id=report.case_id,
        at=T0,
        identity={"offender_post": str(world.posts["commander"].pk)},
        narrative={},
    )
    swept(stage, LAST_SLOT)
    assert inbox(stage) == []
    assert len(inbox(stage, "higher")) == 1


def test_a_reminder_stands_on_the_page_and_sends_nothing(stage) -> None:
    """T02: a mail to the SARC nine hours before a slot would tell that a Restricted report exists."""
    from notifications.selectors import reminders_shown

    stage.world.signed("restricted")
    at = LAST_SLOT - timedelta(hours=9)
    assert swept(stage, at)["reminded"] == 1
    with access.viewing(stage.world.sarc):
        assert len(reminders_shown(viewer=stage.world.sarc, at=at)) == 1
    assert mail.outbox == []


def test_reminders_stop_when_the_notice_is_released(stage) -> None:
    stage.world.signed("restricted")
    assert swept(stage, LAST_SLOT - timedelta(hours=9))["reminded"] == 1
    release(stage.world.sarc, notice_now(stage), at=LAST_SLOT - timedelta(hours=9))
    swept(stage, LAST_SLOT - timedelta(hours=1))
    with access.viewing(stage.world.sarc):
        first, *later = Reminder.objects.order_by("due_at", "post__role").values_list("shown", flat=True)
    assert first
    assert not any(later)


def test_two_sweepers_at_once_place_it_once(stage) -> None:
    for _ in range(6):
        stage.world.signed("restricted")
    clock.move(LAST_SLOT, hold=True)
    start, results = Barrier(4), []

    def worker() -> None:
        try:
            start.wait()
            results.append(sweep()["placed"])
        finally:
            connections.close_all()

    with stage.as_worker():
        threads = [Thread(target=worker) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sum(results) == 6
    assert len(inbox(stage)) == 6


def test_an_item_that_fails_holds_up_no_other(stage, monkeypatch, caplog) -> None:
    from notifications import sweeping

    reports = [stage.world.signed("restricted") for _ in range(3)]
    broken = reports[0].case_id
    real = sweeping.place

    def place(*, notice, actor, at):
        if notice.case_id == broken:
            raise ValueError("a defect")
        return real(notice=notice, actor=actor, at=at)

    monkeypatch.setattr(sweeping, "place", place)
    assert swept(stage, LAST_SLOT)["placed"] == 2
    assert "due_item_failed" in caplog.messages
    monkeypatch.undo()
    assert swept(stage, LAST_SLOT + timedelta(minutes=2))["placed"] == 1


def test_a_failing_item_does_not_hold_the_demos_clock(stage, monkeypatch) -> None:
    from notifications import sweeping

    stage.world.signed("restricted")
    target = LAST_SLOT - timedelta(hours=8)

    def refuse(*args, **kwargs):
        raise ValueError("a defect")

    monkeypatch.setattr(Reminder, "save", refuse)
    # The rungs of the quarter come first; what is left is the reminder that fails.
    with stage.as_worker():
        sweep()
        assert sweeping.demo_clock_advance(to=target) == 1
    assert clock.now() >= target


def test_the_worker_never_held_a_key(stage, settings) -> None:
    from reports.vault.errors import VaultLockedError
    from reports.vault.master import masters

    with stage.as_worker(), pytest.raises(VaultLockedError):
        masters()
