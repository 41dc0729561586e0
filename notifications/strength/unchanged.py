"""Whether the rung that stands still says what the tables say: the question of every signing, in one statement.

`Engine` answers the same from all rows of the whole tree; it is asked where a rung is to be chosen. Which tables there
are, what lies below what and which rung stands is asked every time.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from notifications.strength.periods import GIVEN_AWAY, Key, Period, periods_of
from notifications.strength.rung_models import UnitRung
from sapr.making import read
from sapr.sending import Rows, sent
from sapr.standing import Later, asked_in_an_act, told_in_an_act

# Tables of a day more at either end: which day it is in the tree's highest place is found with them. OFFSET 0: one
# place is looked up, which the database takes for many and would go through all places.
_ASKED = """
    WITH RECURSIVE up (id, parent_id, zone) AS (
        SELECT id, parent_id, zone FROM accounts_location WHERE id = %(place)s::uuid
        UNION SELECT l.* FROM up, LATERAL (
            SELECT id, parent_id, zone FROM accounts_location WHERE id = up.parent_id OFFSET 0) l
    ), down (id, parent_id) AS (
        SELECT id, parent_id FROM accounts_location WHERE id = %(place)s::uuid
        UNION SELECT l.id, l.parent_id FROM down JOIN accounts_location l ON l.parent_id = down.id
    ), near (id) AS (SELECT id FROM up UNION SELECT id FROM down
    ), standing AS (
        SELECT * FROM notifications_unitrung WHERE location_id = %(place)s::uuid AND quarter = %(quarter)s::date
        ORDER BY turn DESC LIMIT 1
    ), heads AS (
        SELECT t.id, t.location_id, t.valid_from, t.valid_to, t.recorded_at FROM notifications_strengthtable t
        WHERE t.location_id IN (SELECT id FROM near)
          AND (t.valid_from <= %(day)s::date + 1 AND t.valid_to >= %(day)s::date - 1
               OR t.id IN (SELECT jsonb_array_elements_text(tables)::uuid FROM standing))
    )
    SELECT jsonb_build_object(
        'up', (SELECT jsonb_object_agg(id, jsonb_build_array(parent_id, zone)) FROM up),
        'down', (SELECT jsonb_object_agg(id, parent_id) FROM down),
        'heads', (SELECT jsonb_agg(jsonb_build_array(id, location_id, valid_from, valid_to) ORDER BY recorded_at DESC)
                  FROM heads),
        'rung', (SELECT to_jsonb(standing) FROM standing))::text
"""
_EXACT = json.JSONDecoder(parse_float=Decimal)
_RUNG = tuple(field.attname for field in UnitRung._meta.concrete_fields)


class Stands(NamedTuple):
    """`speaks`: a table of today counts people there or below. `same`: what the rung was chosen by is said still."""

    speaks: bool
    rung: UnitRung | None
    same: bool


class _Head(NamedTuple):
    """A version of a table, by its id and its place's. Days in ISO form sort as days do."""

    table: str
    place: str
    first: str
    last: str


class _Day(NamedTuple):
    """On one day: for each place the version that speaks."""

    day: str
    speaks: Mapping[str, str]

    def keys(self) -> set[Key]:
        """What of those versions has a say in the place's words."""
        return {(table, each) for place, table in self.speaks.items() for each in (place, GIVEN_AWAY)}


@asked_in_an_act
def stands(place: UUID, quarter: date, at: datetime) -> Stands:
    """The rung of a place in a quarter, and whether the tables of the instant say what it was chosen by."""
    return _stands(place, at, _sent(place, quarter, at))


def stands_ahead(place: UUID, quarter: date, at: datetime) -> None:
    """Send the question that `stands` will ask in an act (`sapr.sending`)."""
    rows = _sent(place, quarter, at)
    told_in_an_act(stands, place, quarter, at, answer=Later(lambda: _stands(place, at, rows)))


def _sent(place: UUID, quarter: date, at: datetime) -> Rows:
    return sent(_ASKED, {"place": place, "quarter": quarter, "day": at.astimezone(UTC).date()})


def _stands(place: UUID, at: datetime, rows: Rows) -> Stands:
    [(said,)] = rows()
    asked = _EXACT.decode(said)
    tree, heads = (
        _Tree(str(place), asked["up"], asked["down"]),
        [_Head(*each) for each in asked["heads"] or ()],
    )
    rung = _rung(asked["rung"]) if asked["rung"] else None
    now = tree.on(at, heads)
    then = tree.on(rung.chosen_at, [each for each in heads if each.table in rung.tables]) if rung else None
    periods = periods_of(now.keys() | then.keys() if then else now.keys())
    speaks = any(
        each.counts and each.holds(now.day)
        for key, table in now.speaks.items()
        for each in periods[table, key]
    )
    return Stands(speaks, rung, then is not None and tree.same(then, now, periods))


class _Tree:
    """A place with those above and below it."""

    def __init__(self, place: str, up: Mapping[str, tuple[str | None, str]], down: Mapping[str, str]) -> None:
        self.place, self._up, self._down = place, up, down
        top = place
        for _ in up:
            top = up[top][0] or top
        self._zone = ZoneInfo(up[top][1])

    def on(self, at: datetime, heads: Iterable[_Head]) -> _Day:
        """For each place there or below the newest of its own versions and of those above it. `heads`: newest first."""
        day = at.astimezone(self._zone).date().isoformat()
        newest: dict[str, tuple[int, str]] = {}
        for number, head in enumerate(heads):
            if head.first <= day <= head.last:
                newest.setdefault(head.place, (number, head.table))
        above = min((newest[each] for each in self._up if each in newest), default=None)
        speaks = {}
        for each in self._down:
            heard, at_place = [above] if above else [], each
            while at_place != self.place:
                if at_place in newest:
                    heard.append(newest[at_place])
                at_place = self._down[at_place]
            if heard:
                speaks[each] = min(heard)[1]
        return _Day(day, speaks)

    def same(self, then: _Day, now: _Day, periods: Mapping[Key, Iterable[Period]]) -> bool:
        """Whether the same lines of the same tables were in force: what `population.words_at` compares."""
        before, after = then.keys(), now.keys()
        near = {None, *self._up, *self._down}
        return not any(
            (key in before and each.holds(then.day)) != (key in after and each.holds(now.day))
            for key in before | after
            for each in periods[key]
            if each.unit in near
        )


def _rung(row: Mapping[str, Any]) -> UnitRung:
    values = row | {
        "id": UUID(row["id"]),
        "location_id": UUID(row["location_id"]),
        "quarter": date.fromisoformat(row["quarter"]),
        "chosen_at": datetime.fromisoformat(row["chosen_at"]),
    }
    return read(UnitRung, _RUNG, [values[name] for name in _RUNG])
