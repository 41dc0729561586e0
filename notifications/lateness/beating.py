"""The sweep's heartbeat: that it looked, when, and how long it had not. Instants of the database's real time."""

from datetime import datetime

from django.db import transaction

from notifications.lateness.models import THE_SWEEP, SweepBeat
from reports import policy
from sapr import clock


def beat() -> None:
    """Say that the sweep looks now; a silence longer than the watchdog bears is remembered. In the worker's role."""
    now = clock.keyboard_now()
    with transaction.atomic():
        row = SweepBeat.objects.select_for_update(skip_locked=True).filter(pk=THE_SWEEP).first()
        # Whoever holds the row says the same.
        if row is None:
            return
        if row.beat_at is not None and now - row.beat_at > policy.watch().alarm_after:
            row.silent_from, row.silent_to = row.beat_at, now
        row.beat_at = now
        row.save(update_fields=["beat_at", "silent_from", "silent_to"])


def reason(due: datetime, now: datetime) -> str:
    """Why something due then is done only now: a sentence of ours, for a duty's `reason`."""
    row = SweepBeat.objects.get(pk=THE_SWEEP)
    if row.silent_to is None or row.silent_to < due or row.silent_from > now:
        return "It was held up in the system."
    since, until = (f"{each:%Y-%m-%d %H:%M}" for each in (row.silent_from, row.silent_to))
    return f"It was held up in the system: nothing was looked for from {since} to {until} UTC."


def health(now: datetime) -> dict[str, bool]:
    """Whether due work is looked for, and whether somebody watches that; `now`: `clock.keyboard_now()`.

    Neither is true of a system in which nothing has looked yet.
    """
    row, watch = SweepBeat.objects.get(pk=THE_SWEEP), policy.watch()
    looks = {"sweeping": row.beat_at, "watched": row.watched_at}
    return {name: at is not None and now - at <= watch.alarm_after for name, at in looks.items()}
