"""Numbers of the whole system, read when they are asked for. None tells that something of one case happened.

Rows that are there because of cases are counted over everything together and down to the next multiple of five; how
long the oldest of them waits is said only once it waits longer than the watchdog bears. So what the normal course of a
case does to them shows nowhere, and a standstill does. The reasons stand in docs/production.md.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import connection
from prometheus_client import Metric

from notifications.lateness.models import THE_SWEEP, SweepBeat
from notifications.models import Outgoing
from notifications.outside.models import OutgoingState
from notifications.outside.selectors import dead_channels
from notifications.sweeping import DRAINS, next_due
from reports import policy
from sapr import clock, health
from sapr.operating import upkeep
from sapr.operating.counting import SMALLEST

# More than this is simply much: counting further would cost more than it tells.
MOST = 10_000


class OfWeb:
    """What the web process can tell: whether it can serve, and what for."""

    def collect(self) -> Iterator[Metric]:
        yield _gauge(
            "sapr_ready", "Whether people may be sent here; by what that needs.", health.readiness(), "part"
        )


class OfWorker:
    """What the worker's account can tell: due work, what leaves the system, and what was last done to keep it."""

    def collect(self) -> Iterator[Metric]:
        now, real = clock.now(), clock.keyboard_now()
        watch = policy.watch()
        beat = SweepBeat.objects.get(pk=THE_SWEEP)
        oldest = next_due(now)
        waits = (now - oldest) if oldest else None
        ages = {"sweep": _age(beat.beat_at, real), "watchdog": _age(beat.watched_at, real)}
        yield _gauge(
            "sapr_last_look_age_seconds", "Since the sweep, and the watchdog, last looked.", ages, "process"
        )
        yield _one("sapr_sweep_stalled", "The watchdog's alarm.", beat.stalled_at is not None)
        yield _one("sapr_on_hold", "Restored or imported, and nobody let it go on yet.", upkeep.on_hold())
        yield _one(
            "sapr_due_work", "Due and not done, of every kind together, in fives.", _in_fives(_due(now))
        )
        late = waits if waits and waits > watch.alarm_after else None
        yield _one(
            "sapr_due_work_late_seconds",
            "How long the oldest has waited; 0 until it is longer than the watchdog bears.",
            late.total_seconds() if late else 0,
        )
        yield _gauge("sapr_outbox", "Messages to outside by state, in fives.", _outbox(), "state")
        yield _one("sapr_channels_dead", "Channels to outside that do not work.", dead_channels().count())
        yield _gauge(
            "sapr_done_timestamp_seconds",
            "When each was last done; what never was is not here.",
            _done(),
            "what",
        )
        yield _one("sapr_database_sessions_ratio", "Used of what the server allows, in tenths.", _sessions())


def _due(now: datetime) -> int:
    return sum(each.due(now).order_by()[:MOST].count() for each in DRAINS)


def _outbox() -> dict[str, float]:
    of_state = {state: Outgoing.objects.filter(state=state) for state in OutgoingState.values}
    return {state: _in_fives(found[:MOST].count()) for state, found in of_state.items()}


def _in_fives(count: int) -> int:
    return count - count % SMALLEST


def _done() -> dict[str, float]:
    return {what: at.timestamp() for what, at in upkeep.done_at().items()}


def _sessions() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sapr_sessions_used()")
        return float(cursor.fetchone()[0])


def _age(at: datetime | None, now: datetime) -> float:
    return (now - at).total_seconds() if at else float("inf")


def _one(name: str, says: str, value: float) -> Metric:
    metric = Metric(name, says, "gauge")
    metric.add_sample(name, {}, float(value))
    return metric


def _gauge(name: str, says: str, values: dict[str, float], label: str) -> Metric:
    metric = Metric(name, says, "gauge")
    for key, value in values.items():
        metric.add_sample(name, {label: key}, float(value))
    return metric
