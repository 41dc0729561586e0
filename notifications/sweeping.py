"""The sweep: everything that is due by the database's clock, found by query, each item once."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import QuerySet

from notifications.models import Notice, NoticeState, Reminder
from notifications.outbox import send_one
from notifications.placing import nudge, place
from notifications.strength.rungs import clock_due, quarter_begin
from reports.catch import clock as credentials
from reports.obligations.models import Duty
from sapr import clock
from sapr.celery import wake

log = logging.getLogger("sapr.sweep")
BATCH = 100
PAUSE = timedelta(minutes=1)


@dataclass(frozen=True)
class Drain:
    """One kind of due work: its rows due at an instant, earliest `when` first, and what is done with one of them.

    `do(row, now)` runs in a transaction that holds the row's lock, so whatever it writes commits with it or not at all.
    `put_off(row, now)`, where it fails: so that many failing ones cannot crowd out the rest.
    """

    name: str
    due: Callable[[datetime], QuerySet]
    when: str
    do: Callable[[Any, datetime], None]
    put_off: Callable[[Any, datetime], None] | None = None


def _due_notices(now: datetime) -> QuerySet[Notice]:
    due = Notice.objects.filter(look_at__lte=now).exclude(state=NoticeState.PLACED).order_by("look_at")
    return due.defer("choices")  # a page long, and nothing that a placing asks


def _place(notice: Notice, now: datetime) -> None:
    place(notice=notice, actor=None, at=now)


def _look_later(notice: Notice, now: datetime) -> None:
    Notice.objects.filter(pk=notice.pk).exclude(state=NoticeState.PLACED).update(look_at=now + PAUSE)


def _due_reminders(now: datetime) -> QuerySet[Reminder]:
    return Reminder.objects.filter(due_at__lte=now, done_at=None).order_by("due_at")


def _remind(reminder: Reminder, now: datetime) -> None:
    reminder.done_at = now
    reminder.shown = reminder.over_at is None
    reminder.save(update_fields=["done_at", "shown"])
    if reminder.shown:
        nudge(reminder.post, key=str(reminder.pk), at=now)


def _end(duty: Duty, now: datetime) -> None:
    credentials.end(duty)


DRAINS = [
    Drain("placed", _due_notices, "look_at", _place, _look_later),
    Drain("reminded", _due_reminders, "due_at", _remind),
    Drain("ended", credentials.due, "due_at", _end),
    Drain("chosen", clock_due, "look_at", quarter_begin),
]


def sweep() -> dict[str, int]:
    """Do everything that is due by the database's clock. Any number may run at once; each item is done once.

    Runs in the worker role. Each item has a transaction of its own, so a kill loses nothing and repeats nothing. An
    item that fails is logged and left for the next sweep; it holds up no other. Returns how many of each kind.
    """
    return {each.name: _drain(each) for each in DRAINS} | {"mailed": _mail()}


def _drain(drain: Drain) -> int:
    done, failed = 0, []
    while done + len(failed) < BATCH:
        row = None
        try:
            with transaction.atomic():
                now = clock.now()
                row = drain.due(now).exclude(pk__in=failed).select_for_update(skip_locked=True).first()
                if row is None:
                    return done
                drain.do(row, now)
        except OperationalError:
            raise
        except Exception:
            # Whatever is wrong with this one, the next one's deadline is not its hostage.
            if row is None:
                raise
            failed.append(row.pk)
            if drain.put_off is not None:
                drain.put_off(row, now)
            log.exception("due_item_failed", extra={"fields": {"id": str(row.pk)}})
        else:
            done += 1
    wake("notifications.sweep")
    return done


def _mail() -> int:
    done = 0
    while done < BATCH and send_one(at=clock.now()):
        done += 1
    return done


def next_due(until: datetime) -> datetime | None:
    """The earliest instant, not after `until`, at which the sweep has something to do."""
    found = [each.due(until).values_list(each.when, flat=True).first() for each in DRAINS]
    return min((instant for instant in found if instant), default=None)


def demo_clock_advance(*, to: datetime) -> int:
    """Move a demo's clock to `to`, stopping at every due instant on the way to do what is due then.

    So a visitor who jumps a month sees each notice go out at its own slot. Returns how many stops it made. An
    item that keeps failing does not hold the clock: it is the last stop.
    """
    stops = 0
    while (due := next_due(to)) is not None:
        if due > clock.now():
            clock.move(due)
        done = sweep()
        stops += 1
        # Nothing done and the same item still first: it fails. (If another sweeper took it, the next comes first.)
        if not any(done[each.name] for each in DRAINS) and next_due(to) == due:
            break
    if to > clock.now():
        clock.move(to)
    sweep()
    return stops
