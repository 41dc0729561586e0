"""Reading strength tables: which version speaks for a place on a day, and what it says."""

from collections import defaultdict, deque
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Min, QuerySet

from accounts.models import Location
from notifications.strength.models import Correlation, SharePresent, Strength, StrengthTable


class Place(NamedTuple):
    """A location as far as the tables ask: every signing reads all of them."""

    pk: UUID
    kind: str
    zone: str
    parent_id: UUID | None


class Tree:
    """Every location with what stands above and below it; read once, because there are few of them."""

    def __init__(self, *, named: bool = False) -> None:
        # Without names unless asked for: the worker, which chooses at a quarter's beginning, may not read them.
        rows: Iterable[Location | Place] = (
            Location.objects.order_by("name")
            if named
            else map(Place._make, Location.objects.order_by("pk").values_list(*Place._fields))
        )
        self.places = {place.pk: place for place in rows}
        self._below: dict[UUID | None, list[UUID]] = defaultdict(list)
        for place in self.places.values():
            self._below[place.parent_id].append(place.pk)

    def chain(self, pk: UUID) -> list[UUID]:
        """The place and those above it, nearest first."""
        found: list[UUID] = []
        at: UUID | None = pk
        while at is not None and at not in found:
            found.append(at)
            at = self.places[at].parent_id
        return found

    def subtree(self, pk: UUID) -> list[UUID]:
        """The place and all below it, a place before what it holds."""
        found = dict.fromkeys([pk])
        waiting = deque(found)
        while waiting:
            parts = [part for part in self._below[waiting.popleft()] if part not in found]
            found |= dict.fromkeys(parts)
            waiting += parts
        return list(found)

    def by_name(self, pk: UUID) -> dict[str, list[UUID]]:
        """The ids of the place and of all below it, by name."""
        found: dict[str, list[UUID]] = defaultdict(list)
        for each in self.subtree(pk):
            found[self.places[each].name].append(each)
        return found


class Said(NamedTuple):
    """What the tables say of a place and everything below it on a day. `speaks`: place -> the version that does."""

    people: list[Strength]
    present: list[SharePresent]
    correlations: list[Correlation]
    speaks: dict[UUID, UUID]

    @property
    def tables(self) -> list[UUID]:
        return sorted(set(self.speaks.values()))

    def correlations_at(self, tree: Tree, place: UUID) -> list[Correlation]:
        """Those of the versions that speak for a place or below; what gives away a unit elsewhere says nothing here."""
        below = tree.subtree(place)
        tables = {self.speaks[each] for each in below if each in self.speaks}
        near = {None, *below, *tree.chain(place)}
        return [row for row in self.correlations if row.table_id in tables and row.unit_id in near]


def said_of(pk: UUID, on: date, tree: Tree, *, among: Iterable[UUID] | None = None) -> Said | None:
    """What stands of this place and those below it on that day; None when no table speaks for anybody there.

    For each place the version recorded last speaks alone, be it a table of the place itself or of one above; `among`:
    of these versions only, as when they were all there were. Rows that leave sex, grade or status open count for
    nobody.
    """
    # Of whichever place, and sorted out here: a list of all places would be a longer question than its answer.
    valid = StrengthTable.objects.filter(valid_from__lte=on, valid_to__gte=on)
    if among is not None:
        valid = valid.filter(pk__in=list(among))
    newest = valid.order_by("-recorded_at").values_list("pk", "location_id")
    rank: dict[UUID, tuple[int, UUID]] = {}
    for number, (table, location) in enumerate(newest):
        rank.setdefault(location, (number, table))
    speaks: dict[UUID, UUID] = {}
    for place in tree.subtree(pk) if rank else ():
        heard = [rank[each] for each in tree.chain(place) if each in rank]
        if heard:
            speaks[place] = min(heard)[1]
    if not speaks:
        return None
    people = [
        row
        for row in _of(Strength, speaks, on)
        if speaks.get(row.location_id) == row.table_id and "any" not in (row.sex, row.grade_band, row.status)
    ]
    present = [row for row in _of(SharePresent, speaks, on) if speaks.get(row.location_id) == row.table_id]
    if not people:
        return None
    return Said(people, present, list(_of(Correlation, speaks, on)), speaks)


def _of(model, speaks: dict[UUID, UUID], on: date):
    return model.objects.filter(
        table_id__in=set(speaks.values()), valid_from__lte=on, valid_to__gte=on
    ).order_by("pk")


def next_change(pk: UUID, after: date, tree: Tree) -> date | None:
    """The next day on which some period of the tables of this place, those above and those below begins or is over."""
    tables = StrengthTable.objects.filter(
        location__in={*tree.subtree(pk), *tree.chain(pk)}, valid_to__gte=after
    ).values_list("pk", flat=True)
    found = []
    for model in (Strength, SharePresent, Correlation):
        rows = model.objects.filter(table_id__in=list(tables), valid_to__gte=after)
        found += [
            rows.filter(valid_from__gt=after).aggregate(day=Min("valid_from"))["day"],
            _day_after(rows.aggregate(day=Min("valid_to"))["day"]),
        ]
    return min((day for day in found if day), default=None)


def _day_after(day: date | None) -> date | None:
    return day + timedelta(days=1) if day else None


def versions(locations: Iterable[UUID]) -> QuerySet[StrengthTable]:
    """The versions of these places' own tables, newest first."""
    found = StrengthTable.objects.filter(location__in=list(locations))
    return found.select_related("location", "recorded_by").order_by("-recorded_at")
