"""Reads of the calendar: the viewer's open duties by day, each day by the clock of its case's installation."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import Count, DateField, DateTimeField, F, Func, QuerySet, Window
from django.db.models.functions import Cast, RowNumber

from accounts.selectors import appointments_of
from reports import access
from reports.calendars.models import Feed
from reports.obligations.models import Duty
from reports.obligations.selectors import open_duties

# Clocks are at most 14 hours away from UTC.
FARTHEST = timedelta(hours=14)


class Due(NamedTuple):
    """The duties of one day: how many, and the first of them."""

    many: int
    first: list[Duty]


def due_by_day(*, viewer, first: date, last: date, at: datetime, lines: int) -> dict[date, Due]:
    """What falls due from `at` on in the days from `first` to `last`: of each day the number, and `lines` duties."""
    begin = max(at, datetime.combine(first, time(), UTC) - FARTHEST)
    end = datetime.combine(last, time(), UTC) + timedelta(days=1) + FARTHEST
    local = Func(
        F("case__installation__zone"), F("due_at"), function="timezone", output_field=DateTimeField()
    )
    rows = open_duties(viewer=viewer).filter(due_at__gte=begin, due_at__lt=end)
    rows = rows.annotate(day=Cast(local, DateField())).filter(day__range=(first, last))
    rows = rows.annotate(
        nth=Window(RowNumber(), partition_by=F("day"), order_by=["due_at", "id"]),
        many=Window(Count("*"), partition_by=F("day")),
    )
    found: dict[date, Due] = {}
    for duty in rows.filter(nth__lte=lines):
        found.setdefault(duty.day, Due(duty.many, [])).first.append(duty)
    return found


def overdue(*, viewer, at: datetime, lines: int) -> tuple[int, list[Duty]]:
    """What should be done by now, the oldest first: how many, and the first of them."""
    rows: QuerySet[Duty] = open_duties(viewer=viewer).filter(due_at__lt=at)
    return rows.count(), list(rows[:lines])


class OwnFeed(NamedTuple):
    """An appointment for which one may have a calendar address, and the address that stands, if any."""

    appointment: object
    feed: Feed | None


def own_feeds(*, viewer, at: datetime) -> list[OwnFeed]:
    """The viewer's appointments as SARC or SAPR VA that are in force, with their addresses that stand."""
    held = appointments_of(viewer, at).filter(post__role__in=access.VERBS["discharge_duty"])
    rows = Feed.objects.filter(user=viewer, revoked_at=None, expires_at__gt=at)
    standing = {row.appointment_id: row for row in rows}
    return [OwnFeed(each, standing.get(each.pk)) for each in held.order_by("post__title", "pk")]
