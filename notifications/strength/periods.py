"""When a published table says something of a place. A table never changes (the database refuses it), so this is kept.

What it says, and of how many people, is not kept; nor which tables there are or which of them speaks: that is asked.
"""

from collections.abc import Collection
from typing import NamedTuple

from django.db import connection

# So many places of tables are kept by a process, a few megabytes; then it begins anew.
MOST = 8_192
# Of a whole table rather than of one of its places: what printed words of place give away.
GIVEN_AWAY = ""
Key = tuple[str, str]  # a table and a place, by their ids

# Lines that leave sex, grade or status open count for nobody (`tables.said_of`).
_ASKED = """
    SELECT table_id::text, location_id::text, valid_from::text, valid_to::text, true, NULL
    FROM notifications_strength
    WHERE table_id = ANY (%(tables)s::uuid[]) AND location_id = ANY (%(places)s::uuid[])
      AND 'any' NOT IN (sex, grade_band, status)
    UNION SELECT table_id::text, location_id::text, valid_from::text, valid_to::text, false, NULL
    FROM notifications_sharepresent
    WHERE table_id = ANY (%(tables)s::uuid[]) AND location_id = ANY (%(places)s::uuid[])
    UNION SELECT table_id::text, '', valid_from::text, valid_to::text, false, unit_id::text
    FROM notifications_correlation WHERE table_id = ANY (%(tables)s::uuid[])
"""
# One that is being recorded in this very transaction may lack lines still.
_WHOLE = """
    SELECT id::text FROM notifications_strengthtable
    WHERE id = ANY (%(tables)s::uuid[]) AND rows = sapr_strength_rows(id)
"""
_kept: dict[Key, tuple["Period", ...]] = {}


class Period(NamedTuple):
    """A period of some line, its days in ISO form. `counts`: of people. `unit`: the one that is given away, if any."""

    first: str
    last: str
    counts: bool
    unit: str | None

    def holds(self, day: str) -> bool:
        """Whether the line is in force on that day."""
        return self.first <= day <= self.last


def periods_of(wanted: Collection[Key]) -> dict[Key, tuple[Period, ...]]:
    """The periods of the lines of each table about each place. The tables are ones that the viewer just saw."""
    found = {key: _kept.get(key) for key in wanted}
    missing = [key for key, periods in found.items() if periods is None]
    return found | _read(missing) if missing else found


def _read(missing: Collection[Key]) -> dict[Key, tuple[Period, ...]]:
    tables = list({table for table, _ in missing})
    places = list({place for _, place in missing} - {GIVEN_AWAY})
    lines: dict[Key, list[Period]] = {key: [] for key in missing}
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, {"tables": tables, "places": places})
        for table, place, *period in cursor.fetchall():
            if (table, place) in lines:
                lines[table, place].append(Period(*period))
        cursor.execute(_WHOLE, {"tables": tables})
        whole = {table for (table,) in cursor.fetchall()}
    found = {key: tuple(periods) for key, periods in lines.items()}
    if len(_kept) + len(found) > MOST:
        _kept.clear()
    _kept.update({key: periods for key, periods in found.items() if key[0] in whole})
    return found
