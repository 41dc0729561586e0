"""A filter: what its words mean, as rows and as an address. Nothing here reads a sealed column."""

from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Location
from accounts.selectors import zone_of_work
from reports import access
from reports.access.objects import STATES
from reports.casework.models import Assignment
from reports.election.models import Case, CaseState
from reports.evidence.models import Kit, KitState
from reports.finding.words import Due, KitWord, Opened, Role, Running, Stands
from reports.obligations.models import Duty, DutyState
from reports.obligations.selectors import due_in

LISTS = {
    "stands": Stands, "running": Running, "role": Role, "due": Due, "kit": KitWord, "opened": Opened,
}  # fmt: skip


@dataclass(frozen=True)
class Filter:
    """What is looked for; an empty word looks for nothing in particular. Days are of the viewer's installation."""

    stands: str = ""
    running: str = ""
    place: Location | None = None
    role: str = ""
    due: str = ""
    kit: str = ""
    opened: str = ""
    opened_from: date | None = None
    opened_to: date | None = None

    @classmethod
    def of(cls, values: Any) -> "Filter":
        """From cleaned values by name, or from a kept row: whatever has our fields."""
        get = values.get if isinstance(values, dict) else lambda name: getattr(values, name)
        return cls(**{each.name: get(each.name) or each.default for each in fields(cls)})

    def values(self) -> dict[str, Any]:
        """By name, as a kept row holds them."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def address(self) -> dict[str, str]:
        """What stands in an address: words of lists, days, and the random id of an installation."""
        given = {name: value for name, value in self.values().items() if value}
        return {
            name: str(value.pk) if isinstance(value, Location) else str(value)
            for name, value in given.items()
        }

    def words(self) -> list[str]:
        """What it looks for, in the words of the page."""
        said = [str(words(getattr(self, name)).label) for name, words in LISTS.items() if getattr(self, name)]
        if self.place:
            said.append(self.place.name)
        days = [day.strftime("%d %b %Y") if day else "…" for day in (self.opened_from, self.opened_to)]
        return said + (["–".join(days)] if self.opened_from or self.opened_to else [])


def filtered(rows: QuerySet[Case], wanted: Filter, *, viewer, at: datetime) -> QuerySet[Case]:
    """Those of the viewer's cases that the filter means, in the order they came in.

    What hangs on a case counts only where the viewer sees it there: duties and kits are asked for by `access.rows`.
    """
    if wanted.stands == Stands.CONVERTED:
        rows = rows.filter(report__converted_at__isnull=False)
    elif wanted.stands:
        rows = rows.filter(STATES[wanted.stands])
    if wanted.running:
        closed = Q(state=CaseState.CLOSED) | Q(walked_away_at__isnull=False)
        rows = rows.filter(closed if wanted.running == Running.CLOSED else ~closed)
    if wanted.place:
        rows = rows.filter(installation=wanted.place)
    if wanted.role:
        mine = Assignment.objects.filter(user=viewer, role=wanted.role, ended_at=None)
        rows = rows.filter(Exists(mine.filter(case=OuterRef("pk"))))
    if wanted.due:
        duties = access.rows(viewer, "case_view", Duty, few=True).filter(
            state=DutyState.OPEN, case=OuterRef("pk")
        )
        if wanted.due not in (Due.ANY, Due.NOTHING):
            duties = due_in(duties, wanted.due, at)
        rows = rows.filter(~Exists(duties) if wanted.due == Due.NOTHING else Exists(duties))
    if wanted.kit:
        kits = access.rows(viewer, "case_view", Kit, few=True).filter(case=OuterRef("pk"))
        if wanted.kit == KitWord.KEPT:
            kits = kits.exclude(state=KitState.DESTROYED)
        elif wanted.kit == KitWord.NUMBERED:
            kits = kits.filter(state=KitState.NUMBERED)
        rows = rows.filter(~Exists(kits) if wanted.kit == KitWord.NONE else Exists(kits))
    zone = ZoneInfo(zone_of_work(viewer)) if wanted.opened or wanted.opened_from or wanted.opened_to else None
    for first, last in _days(wanted, at, zone):
        if first:
            rows = rows.filter(opened_at__gte=_begins(first, zone))
        if last:
            rows = rows.filter(opened_at__lt=_begins(last + timedelta(days=1), zone))
    return rows


def _days(wanted: Filter, at: datetime, zone: ZoneInfo | None) -> list[tuple[date | None, date | None]]:
    """The first and last days that the case was opened between."""
    spans = [(wanted.opened_from, wanted.opened_to)]
    if wanted.opened:
        month = at.astimezone(zone).date().replace(day=1)
        year = month.replace(month=1)
        spans.append(
            {
                Opened.THIS_MONTH: (month, None),
                Opened.LAST_MONTH: ((month - timedelta(days=1)).replace(day=1), month - timedelta(days=1)),
                Opened.THIS_YEAR: (year, None),
                Opened.LAST_YEAR: (year.replace(year=year.year - 1), year - timedelta(days=1)),
            }[Opened(wanted.opened)]
        )
    return spans


def _begins(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)
