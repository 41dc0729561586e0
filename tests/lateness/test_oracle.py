"""The naive simulation: one thread, plain arithmetic. The sweep does the same, whatever the worker's clock says."""

import random
import time
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

from django.db import connections

from bench.faults.expecting import LADDER, notice_of, reminders_of
from notifications.lateness.models import Escalation
from notifications.models import InboxItem, Notice, Reminder
from notifications.sweeping import sweep
from reports import access, policy
from reports.casework.services import step_record
from reports.obligations.models import Duty, DutyState
from sapr import clock
from sapr.celery import app

ZONES = (
    "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Auckland", "UTC",
    "America/Sao_Paulo", "Africa/Casablanca",
)  # fmt: skip
# The nights on which clocks change, and the leap day.
NIGHTS = (
    "2026-03-08",
    "2026-03-29",
    "2026-04-05",
    "2026-10-04",
    "2026-10-25",
    "2026-11-01",
    "2028-02-29",
    "2028-02-28",
)
SKEWS = (timedelta(days=-3), timedelta(hours=25), timedelta(hours=-6))
# Signed then, notices in New York fall due in both nights on which its clocks change, and on the leap day.
EVES = ("2026-03-07", "2026-10-31", "2028-02-28")


def test_last_slots_are_those_of_plain_arithmetic_also_when_clocks_change_and_on_the_leap_day() -> None:
    dice = random.Random(7)  # noqa: S311
    case = "00000000-0000-0000-0000-000000000001"
    for night in NIGHTS:
        for zone in ZONES:
            at = datetime.fromisoformat(night).replace(tzinfo=UTC) + timedelta(
                minutes=dice.randint(-1440, 1440)
            )
            naive = notice_of(case, at.isoformat(), zone)
            assert policy.last_slot(at, zone) == naive.slot, (at, zone)
            assert [each.at for each in policy.reminders(naive.slot) for _ in each.roles] == reminders_of(
                naive
            )


def test_the_sweep_and_the_naive_simulation_do_the_same_whatever_the_workers_clock_says(
    stage, monkeypatch
) -> None:
    """Over the night on which New York's clocks change; two sweepers at once, their clocks days off."""
    world, dice = stage.world, random.Random(11)  # noqa: S311
    start = datetime(2026, 3, 7, 12, tzinfo=UTC)
    reports = []
    for option in ("restricted", "unrestricted") * 2:
        start += timedelta(minutes=dice.randint(5, 90))
        clock.move(start, hold=True)
        reports.append(world.signed(option, at=start))
    with access.viewing(world.sarc):
        entries = {duty.case_id: duty for duty in Duty.objects.filter(kind="dsaid_entry")}
        naive = {
            notice.pk: notice_of(
                str(notice.case_id), notice.case.report.signed_at.isoformat(), "America/New_York"
            )
            for notice in Notice.objects.filter(kind="commander_notice_restricted").select_related(
                "case__report"
            )
        }
    # One entry is made between its second and third step, one in time, one never, one after all of them.
    made = dict(
        zip(entries, (timedelta(minutes=40), timedelta(hours=-3), None, timedelta(minutes=95)), strict=True)
    )
    acts = [(entries[case].due_at + after, case) for case, after in made.items() if after is not None]
    steps = {
        (case, number): entries[case].due_at + timedelta(minutes=minutes)
        for case in entries
        for number, minutes in enumerate(LADDER, start=1)
        if made[case] is None or timedelta(minutes=minutes) < made[case]
    }
    looks = [*(each.slot for each in naive.values()), *steps.values(), *(at for at, _ in acts)]
    looks += [at for each in naive.values() for at in reminders_of(each)]
    for now in sorted({each for each in looks if each >= start}):
        clock.move(now, hold=True)
        for _, case in (act for act in acts if act[0] == now):
            step_record(actor=world.sarc, case_id=case, kind="dsaid_entered", at=now, details={})
        skew = dice.choice(SKEWS).total_seconds()
        with monkeypatch.context() as wrong:
            real = time.time
            wrong.setattr(time, "time", lambda real=real, skew=skew: real() + skew)
            _two_at_once(stage)
    with stage.as_worker():
        placed = dict(Notice.objects.filter(pk__in=naive).values_list("pk", "placed_at"))
        assert placed == {pk: notice.slot for pk, notice in naive.items()}
        assert dict(InboxItem.objects.filter(pk__in=naive).values_list("pk", "slot")) == placed
        reminded = Reminder.objects.filter(done_at__isnull=False).values_list("notice_id", "due_at")
        assert sorted(reminded) == sorted(
            (pk, at) for pk, notice in naive.items() for at in reminders_of(notice)
        )
        taken = Escalation.objects.filter(duty__kind="dsaid_entry").exclude(state="skipped")
        assert {(row.case_id, row.step): row.done_at for row in taken} == steps
    with access.viewing(world.sarc):
        states = dict(Duty.objects.filter(kind="dsaid_entry").values_list("case_id", "state"))
        notices = set(Duty.objects.filter(kind="commander_notice_restricted").values_list("state", flat=True))
    assert [states[case] for case in made] == [
        DutyState.MISSED,
        DutyState.DISCHARGED,
        DutyState.OPEN,
        DutyState.MISSED,
    ]
    assert notices == {DutyState.DISCHARGED}


def test_every_skew_gives_the_same_instants_on_both_nights_and_on_the_leap_day(stage, monkeypatch) -> None:
    world, naive = stage.world, []
    for eve, skew in zip(EVES, SKEWS, strict=True):
        at = datetime.fromisoformat(f"{eve}T13:17").replace(tzinfo=UTC)
        clock.move(at, hold=True)
        report = world.signed("restricted", at=at)
        notice = notice_of(str(report.case_id), at.isoformat(), "America/New_York")
        naive.append(notice)
        for now in sorted({notice.slot, *reminders_of(notice)}):
            clock.move(now, hold=True)
            for off in {skew, SKEWS[0], SKEWS[1]}:
                with monkeypatch.context() as wrong, stage.as_worker():
                    real = time.time
                    wrong.setattr(time, "time", lambda real=real, off=off: real() + off.total_seconds())
                    sweep()
    with stage.as_worker():
        for notice in naive:
            row = Notice.objects.get(case_id=notice.case)
            assert row.placed_at == InboxItem.objects.get(pk=row.pk).slot == notice.slot
            done = Reminder.objects.filter(notice=row).order_by("due_at").values_list("done_at", flat=True)
            assert list(done) == sorted(reminders_of(notice))


def _two_at_once(stage) -> None:
    start = Barrier(2)

    def worker() -> None:
        try:
            start.wait()
            sweep()
        finally:
            connections.close_all()

    with stage.as_worker():
        threads = [Thread(target=worker) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def test_a_wake_up_does_not_expire_by_a_clock_that_is_days_off() -> None:
    """An expiry is read off the worker's own clock: one that runs ahead would throw every wake-up away."""
    assert "expires" not in app.conf.beat_schedule["sweep"].get("options", {})
