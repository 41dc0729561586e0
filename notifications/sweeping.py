"""The sweep: everything that is due by the database's clock, found by query, each item once."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Func, QuerySet, TextField, Value

from accounts.replies.services import replies_sweep
from notifications.acknowledging import chasing
from notifications.acknowledging.models import Acknowledgement
from notifications.lateness import climbing
from notifications.lateness.beating import beat, begin
from notifications.models import Notice, NoticeState, Reminder
from notifications.outbox import clear, drop_expired, send_one
from notifications.outside import health, rounds
from notifications.placing import place
from notifications.strength.rungs import clock_due, look
from reports.catch import clock as credentials
from reports.election.drafts.ending import drafts_sweep
from reports.exports import running_out
from reports.jobs import running
from reports.obligations.models import Duty
from sapr import clock
from sapr.operating.upkeep import on_hold

log = logging.getLogger("sapr.sweep")
BATCH = 100
PAUSE = timedelta(minutes=1)
# Seconds in which messages are begun.
HANDING_OUT = 20.0
# For a lock that an item needs: a session that hangs in one case holds up that case's items alone.
PATIENCE = "2s"
# What an item asks the database, the next one asks too: from the third time on its plan is kept.
PLANNED_AFTER = 2
# No lock in time, cancelled, or a deadlock: another item may fare better. Any other such error is a database gone.
HELD_UP = {"55P03", "57014", "40P01"}


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
    # Whether a demo's clock stops here when it is moved past. What leaves the system is not made up for.
    stops: bool = True


def _due_notices(now: datetime) -> QuerySet[Notice]:
    due = Notice.objects.filter(look_at__lte=now).exclude(state=NoticeState.PLACED).order_by("look_at")
    # A rung never changes, so it comes along; `choices` is a page long, and no placing asks for that.
    return due.defer("choices").select_related("unit_rung")


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


def _end(duty: Duty, now: datetime) -> None:
    credentials.end(duty)


def _chase_later(waiting: Acknowledgement, now: datetime) -> None:
    chasing.put_off(waiting, now + PAUSE)


DRAINS = [
    # First: what is placed in this sweep is placed by the rungs of now.
    Drain("chosen", clock_due, "look_at", look),
    Drain("placed", _due_notices, "look_at", _place, _look_later),
    Drain("reminded", _due_reminders, "due_at", _remind),
    Drain("ended", credentials.due, "due_at", _end),
    Drain("told", climbing.due, "look_at", climbing.climb, climbing.look_later),
    Drain("rounds", rounds.due, "make_at", rounds.make, stops=False),
    Drain("beats", health.beats_due, "beat_at", health.beat, stops=False),
    Drain("channels_dead", health.deaths_due, "dead_due_at", health.declare_dead, stops=False),
    Drain("acknowledged", chasing.due_receipts, "at", chasing.settle),
    Drain("chased", chasing.due_chases, "look_at", chasing.chase, _chase_later),
    Drain("exports_over", running_out.due, "look_at", running_out.run_out, stops=False),
]


def _never() -> bool:
    return False


def sweep(over: Callable[[], bool] = _never) -> dict[str, int]:
    """Do everything that is due by the database's clock. Any number may run at once; each item is done once.

    Runs in the worker role. Each item has a transaction of its own, so a kill loses nothing and repeats nothing. An
    item that fails is logged and left for the next sweep; it holds up no other. Nor does a kind that fails as a whole,
    but then the sweep does not say that it looked, and the watchdog raises its alarm. Returns how many of each kind,
    at most a batch: `more` says whether there may be others. `over`: asked between two items; true ends it early.
    A restored database on hold is left alone, and nothing says that it was looked at.
    """
    if on_hold():
        log.warning("on_hold")
        return dict.fromkeys([each.name for each in DRAINS], 0)
    begin()
    done, well = {}, []
    now = clock.now()
    with _apart("rounds", well):
        rounds.ensure(now)
    for each in DRAINS:
        done[each.name] = 0
        with _apart(each.name, well):
            done[each.name] = _drain(each, now, over)
        if done[each.name] or not well[-1]:
            # What was done took its time; where nothing was, none has passed.
            now = clock.now()
    done["mailed"] = 0
    with _apart("mailed", well):
        done["mailed"] = _hand_out(over)
    done["cleared"] = 0
    with _apart("cleared", well):
        done["cleared"] = clear(clock.now(), BATCH)
    done["drafts"] = 0
    with _apart("drafts", well):
        done["drafts"] = drafts_sweep(BATCH)
    done["replies"] = 0
    with _apart("replies", well):
        done["replies"] = replies_sweep(BATCH)
    # Last of all: long work has no deadline.
    done["jobs"] = 0
    with _apart("jobs", well):
        done["jobs"] = running.run_due(over)
    if all(well):
        beat()
    return done


@contextmanager
def _apart(name: str, well: list[bool]) -> Iterator[None]:
    """One kind of due work, which holds up no other: where it fails as a whole that is logged and noted in `well`."""
    try:
        yield
    except Exception as error:
        if _gone(error):
            raise
        log.exception("due_kind_failed", extra={"fields": {"kind": name}})
        well.append(False)
    else:
        well.append(True)


def more(done: dict[str, int]) -> bool:
    """Whether a sweep that did so much may have left something that is due."""
    return any(count >= BATCH for count in done.values())


def _drain(drain: Drain, now: datetime, over: Callable[[], bool]) -> int:
    """One batch of what is due: their keys in one query, then each by its own lock, in its own transaction."""
    done, due = 0, drain.due(now)
    keys = list(due.values_list("pk", flat=True)[:BATCH])
    if not keys:
        return 0
    # Locked without waiting; the locks that its effect needs are waited for no longer than `PATIENCE`.
    claim = due.annotate(swept_at=clock.Now(), patience=_Patience()).order_by()
    claim = claim.select_for_update(of=("self",), skip_locked=True)
    for pk in keys:
        if over():
            break
        row = None
        try:
            with _planned(), transaction.atomic():
                # Asked again whether it is due: somebody else may have done it since.
                row = next(iter(claim.filter(pk=pk)), None)
                if row is None:
                    continue
                drain.do(row, row.swept_at)
        except Exception as error:
            # Whatever is wrong with this one, the next one's deadline is not its hostage.
            if row is None or _gone(error):
                raise
            log.exception("due_item_failed", extra={"fields": {"id": str(row.pk)}})
            _put_off(drain, row)
        else:
            done += 1
    return done


class _Patience(Func):
    """In a query: from here to its end the transaction waits for no lock longer than `PATIENCE`."""

    function = "set_config"

    def __init__(self) -> None:
        super().__init__(Value("lock_timeout"), Value(PATIENCE), Value(True), output_field=TextField())


@contextmanager
def _planned() -> Iterator[None]:
    """For the block the session keeps the plan of what it is asked again: planning costs more than doing."""
    connection.ensure_connection()
    session = connection.connection
    session.prepare_threshold = PLANNED_AFTER
    try:
        yield
    finally:
        session.prepare_threshold = None


def _gone(error: Exception) -> bool:
    """Whether it is the database itself that failed, and not this item."""
    if isinstance(error, InterfaceError):
        return True
    return isinstance(error, OperationalError) and getattr(error.__cause__, "sqlstate", None) not in HELD_UP


def _put_off(drain: Drain, row: Any) -> None:
    if drain.put_off is None:
        return
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
            drain.put_off(row, clock.now())
    except OperationalError as error:
        # Somebody has the row: then it is looked at again at once.
        if _gone(error):
            raise


def _hand_out(over: Callable[[], bool]) -> int:
    """Messages to outside: last, so that a server that does not answer holds up nothing else of this sweep.

    And not for long, so that a slow one does not hold up the next sweep either.
    """
    drop_expired(clock.now())
    done, until = 0, monotonic() + HANDING_OUT
    while done < BATCH and not over() and monotonic() < until and send_one(at=clock.now()):
        done += 1
    return done


def next_due(until: datetime) -> datetime | None:
    """The earliest instant, not after `until`, at which the sweep has something to do."""
    found = [each.due(until).values_list(each.when, flat=True).first() for each in DRAINS if each.stops]
    return min((instant for instant in found if instant), default=None)


def demo_clock_advance(*, to: datetime, hold: bool = False) -> int:
    """Move a demo's clock to `to`, stopping at every due instant on the way to do what is due then.

    So a visitor who jumps a month sees each notice go out at its own slot. Returns how many stops it made. An
    item that keeps failing does not hold the clock: it is the last stop. With `hold` (rehearsals only) the clock
    stands still at each stop.
    """
    stops = 0
    while (due := next_due(to)) is not None:
        if due > clock.now():
            clock.move(due, hold=hold)
        done = sweep()
        stops += 1
        if any(done[each.name] for each in DRAINS if each.stops):
            continue
        # Nothing done, and the first item is this one still or one put off: it fails. (If another sweeper took it,
        # the next comes first.)
        following = next_due(to)
        if following is not None and following <= clock.now() + PAUSE:
            break
    if to > clock.now():
        clock.move(to, hold=hold)
    sweep()
    return stops
