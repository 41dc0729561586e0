"""Figures of installations, for programme managers: finished quarters, counted once, in classes. docs/figures.md."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from accounts.models import LocationKind
from accounts.selectors import locations
from accounts.staffing import advocates_by_place
from reports import access, policy
from reports.jobs.models import Job, JobKind
from reports.jobs.services import queue
from reports.ledger.services import append_system
from reports.statistics.models import QUARTER_MONTHS, QuarterFigure
from reports.validation import instant
from sapr.errors import DomainError

VERB = "figures_all"
DAYS_A_STEP = 7
# A day begins and ends somewhere on earth at most this long after it does in UTC.
WEST = timedelta(hours=12)
SHOWN = 8


def begins(day: date) -> date:
    """The first day of the quarter that a day lies in."""
    return date(day.year, day.month - (day.month - 1) % QUARTER_MONTHS, 1)


def ends(quarter: date) -> date:
    """The day after a quarter's last one."""
    return begins(quarter + timedelta(days=100))


def ripe(at: datetime) -> list[date]:
    """The quarters whose figures may be made at an instant, the newest first; as many as are shown."""
    lag = timedelta(days=policy.access_rules(at.date()).limits["figures_lag_days"])
    quarter, found = begins(at.date()), []
    while len(found) < SHOWN:
        if ends(quarter) + lag <= (at - WEST).date():
            found.append(quarter)
        quarter = begins(quarter - timedelta(days=1))
    return found


@access.service
def quarter_figures_ask(*, actor, quarter: date, at: datetime) -> Job:
    """Have the figures of a finished quarter counted, once for all programme managers. The worker counts.

    Refused for a quarter that has not ended long enough ago (DS-31), or is counted already.
    """
    access.require(actor, VERB)
    at = instant(at, "at")
    if quarter not in ripe(at):
        raise DomainError(
            "not_ripe",
            "Choose a quarter from the list. The figures of one are made thirty days after its end at the earliest.",
            path="quarter",
            rule="DS-31",
        )
    days = (ends(quarter) - quarter).days
    job = Job(
        kind=JobKind.QUARTER_FIGURES,
        owner=actor,
        quarter=quarter,
        total=-(-days // DAYS_A_STEP),
        asked_at=at,
        look_at=at,
    )
    queue(job, again="The figures of this quarter are made already, or being made.", path="quarter")
    append_system(
        kind="quarter_figures_asked",
        actor=actor,
        at=at,
        data={"quarter": quarter.isoformat(), "job": str(job.pk)},
    )
    return job


class Line(NamedTuple):
    """One installation in one quarter: the lower ends of two classes. `share`: in time of a hundred, from DS-31 on.

    `people`: who holds a post of a SARC or SAPR VA there now, as the directory says to everybody.
    """

    name: str
    people: int
    in_time: int
    late: int
    share: int | None


def share(in_time: int, late: int, at_least: int) -> int | None:
    """Per cent in time, from the published numbers alone; None below so many of them."""
    whole = in_time + late
    return round(100 * in_time / whole) if whole >= at_least else None


def published(*, viewer, at: datetime) -> dict[date, list[Line]]:
    """The figures of the last quarters, the newest first, every installation in each by name.

    The database shows programme managers published rows and nobody any other.
    """
    access.require(viewer, VERB)
    least = policy.access_rules(at.date()).limits["figures_share_from"]
    places = {each.pk: each.name for each in locations() if each.kind == LocationKind.INSTALLATION}
    people: Counter[UUID] = Counter()
    for (place, _role), count in advocates_by_place(at).items():
        people[place] += count
    found: dict[date, dict] = {}
    for row in QuarterFigure.objects.filter(quarter__in=ripe(at), published_at__isnull=False).order_by(
        "-quarter"
    ):
        found.setdefault(row.quarter, {})[row.installation_id] = row
    return {
        quarter: [
            Line(name, people[pk], *_numbers(rows.get(pk)), share(*_numbers(rows.get(pk)), least))
            for pk, name in places.items()
        ]
        for quarter, rows in found.items()
    }


def _numbers(row: QuarterFigure | None) -> tuple[int, int]:
    return (row.in_time, row.late) if row else (0, 0)
