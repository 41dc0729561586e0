"""One thing that waits, as a line of the page."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from django.db.models import BooleanField, F, Func, QuerySet, Value

# Of each kind; the room itself shows all.
SHOWN = 20
FIRST = datetime.min.replace(tzinfo=UTC)


class Line(NamedTuple):
    """`asked`: what is asked of its reader; `about`: of what or by whom, no content of a case; `since` None:
    not known; `until` None: no end."""

    kind: str
    asked: str
    about: str
    since: datetime | None
    until: datetime | None
    url: str
    action: str
    zone: str = "UTC"


class Source(NamedTuple):
    """Where the lines of one kind come from, and the verb without which it is not even asked."""

    verb: str
    lines: Callable[..., Iterable[Line]]


def by_a_second_person(rows: QuerySet, viewer, function: str, who: str, since: str) -> QuerySet:
    """Those of the rows that the database lets this viewer decide, asked for all of them at once.

    `function`: `sapr_second_person` or `sapr_independent`; `who`, `since`: the columns of the first person.
    """
    asked = Func(F(f"{who}_id"), F(since), Value(viewer.pk), function=function, output_field=BooleanField())
    return rows.exclude(**{who: viewer}).annotate(second=asked).filter(second=True)


def in_order(lines: Iterable[Line]) -> list[Line]:
    """What ends first at the top, then what has no end, the oldest of it first."""
    return sorted(lines, key=lambda line: (line.until is None, line.until or line.since or FIRST, line.url))
