"""Reads of duties, as seen by a viewer."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Case, QuerySet, When

from accounts.selectors import places_by_role
from reports import access
from reports.obligations.models import Duty, DutyState
from sapr import clock

SOON = timedelta(hours=24)
# The parts of what is open, most urgent first. What is due at its trigger is never late: no minute makes it so.
PARTS = ("late", "once", "soon", "later")


def due_in(duties: QuerySet[Duty], part: str, at: datetime) -> QuerySet[Duty]:
    """Those of some open duties that belong to one of `PARTS` at an instant."""
    if part == "once":
        return duties.filter(immediate=True)
    spans = {
        "late": {"due_at__lt": at},
        "soon": {"due_at__gte": at, "due_at__lte": at + SOON},
        "later": {"due_at__gt": at + SOON},
    }
    return duties.filter(immediate=False, **spans[part])


def open_duties(*, viewer) -> QuerySet[Duty]:
    """The open duties of the cases the viewer works on, soonest first.

    A case that one works on lies where one holds a role: said here once more, so that they are read in their order, and
    those of other places never.
    """
    now = clock.now()
    places = {place for held in places_by_role(viewer, now).values() for place in held}
    return (
        access.rows(viewer, "discharge_duty", Duty, now, few=True)
        .filter(state=DutyState.OPEN, place__in=places)
        .select_related("case", "case__installation")
        .order_by("due_at", "id")
    )


def case_duties(*, viewer, case) -> QuerySet[Duty]:
    """All duties of one of the viewer's cases, by due instant."""
    return access.of_case(viewer, "case_view", Duty, case).order_by("due_at", "id")


def next_due(*, viewer, cases: list[UUID], at: datetime) -> dict[UUID, Duty]:
    """Of some of the viewer's cases, by id: the most urgent open duty. Of what has none there is no key.

    What is longest late comes first, then what is due at once, then what is due next.
    """
    rows = access.rows(viewer, "case_view", Duty, few=True).filter(case__in=cases, state=DutyState.OPEN)
    urgency = Case(When(immediate=True, then=1), When(due_at__lt=at, then=0), default=2)
    return {
        duty.case_id: duty for duty in rows.order_by("case_id", urgency, "due_at", "id").distinct("case_id")
    }


class Lateness(NamedTuple):
    """How many duties are late at one place, and since when the first one is. Not of which case."""

    number: str
    since: datetime


# As many duties as are counted for those who see no case.
MOST = 1000


def lateness(*, viewer) -> tuple[dict[UUID, Lateness], str]:
    """For a programme manager: what is late at each installation, and how many duties fall due within a day anywhere.

    Of what is not late yet no place is told: a duty that begins somewhere would say that somebody reported there.
    """
    access.require(viewer, "see_alarms")
    with connection.cursor() as cursor:
        cursor.execute("SELECT place, duties, since FROM sapr_lateness(%s)", [MOST])
        found = {place: (duties, since) for place, duties, since in cursor.fetchall()}
    soon, _ = found.pop(None)
    reached = sum(duties for duties, _ in found.values()) >= MOST
    late = {
        place: Lateness(f"{duties}+" if reached else str(duties), since)
        for place, (duties, since) in found.items()
    }
    return late, f"{MOST}+" if soon >= MOST else str(soon)
