"""The sweep's heartbeat: that it looked, when, and how long it had not. Instants of the database's real time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from notifications.lateness.models import THE_SWEEP, SweepBeat
from reports import policy
from sapr import clock


def begin() -> None:
    """The sweep begins to look: a silence longer than the watchdog bears is remembered. In the worker's role."""
    with _row() as row:
        now = clock.keyboard_now()
        if row is not None and row.beat_at is not None and now - row.beat_at > policy.watch().alarm_after:
            row.silent_from, row.silent_to = row.beat_at, now
            row.save(update_fields=["silent_from", "silent_to"])


def beat() -> None:
    """Say that the sweep looked for everything. In the worker's role."""
    with _row() as row:
        if row is not None:
            row.beat_at = clock.keyboard_now()
            row.save(update_fields=["beat_at"])


@contextmanager
def _row() -> Iterator[SweepBeat | None]:
    """The row, locked; None where somebody has it: whoever that is says the same."""
    with transaction.atomic():
        yield SweepBeat.objects.select_for_update(skip_locked=True).filter(pk=THE_SWEEP).first()


def reason(due: datetime, now: datetime) -> str:
    """Why something due then is done only now: a sentence of ours, for a duty's `reason`."""
    row = SweepBeat.objects.get(pk=THE_SWEEP)
    if row.silent_to is None or row.silent_to < due or row.silent_from > now:
        return "It was held up in the system."
    since, until = (f"{each:%Y-%m-%d %H:%M}" for each in (row.silent_from, row.silent_to))
    return f"It was held up in the system: nothing was looked for from {since} to {until} UTC."


def health(now: datetime) -> dict[str, bool]:
    """Whether due work is looked for and done, and whether somebody watches that; `now`: `clock.keyboard_now()`.

    Neither is true of a system in which nothing has looked yet. Only the watchdog sees that a notice stays undone
    though the sweep looks: its alarm counts as long as it watches.
    """
    row, watch = SweepBeat.objects.get(pk=THE_SWEEP), policy.watch()
    looks = {"sweeping": row.beat_at, "watched": row.watched_at}
    found = {name: at is not None and now - at <= watch.alarm_after for name, at in looks.items()}
    alarmed = found["watched"] and row.stalled_at is not None
    return found | {"sweeping": found["sweeping"] and not alarmed}
