"""Lists by keyset: a page goes on after the last row shown, whatever was added meanwhile. No totals, no page numbers.

One mechanism for the REST door (`page`) and the desk (`window`, which also turns back).
"""

import base64
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from sapr.errors import DomainError

LONGEST_CURSOR = 200
# Where a row stands in a list: by its instant, then by its id.
Place = tuple[datetime, UUID]
# What of a list's query says where one is in it, and not which list it is.
PLACE = ("cursor", "limit")
BAD_CURSOR = DomainError("bad_cursor", "This page does not exist. Start again without cursor.", path="cursor")


class Window(NamedTuple):
    """The rows of one page, and the cursors of the pages before (`before=`) and after it (`after=`); None: none."""

    rows: list[Any]
    before: str | None
    after: str | None


def window(
    rows: QuerySet,
    *,
    by: str,
    newest_first: bool,
    limit: int,
    after: str = "",
    before: str = "",
    of: str = "",
) -> Window:
    """One page of `rows`, which are ordered by the instant `by` (falling if `newest_first`), then by id.

    `after` or `before` is a cursor of another page; neither: the first. A cursor names a place in the order, not a
    row, so it holds when rows come or go. `of`: which list it is, where there are several; a cursor of another one is
    none. DomainError `bad_cursor` for anything else.
    """
    if before:
        back = list(
            _beyond(rows, _read(before, of), by, not newest_first, "lt").order_by(*_turned(by, newest_first))[
                : limit + 1
            ]
        )
        if len(back) > limit:
            shown = back[limit - 1 :: -1]
            return Window(shown, _of(shown[0], by, of), _of(shown[-1], by, of))
        # Not a whole page lies before it: the first one is shown instead.
    found = list((_beyond(rows, _read(after, of), by, newest_first, "gt") if after else rows)[: limit + 1])
    shown = found[:limit]
    further = _of(shown[-1], by, of) if len(found) > limit else None
    return Window(shown, (_of(shown[0], by, of) if shown else after) if after else None, further)


def page(
    rows: QuerySet, *, by: str, newest_first: bool, query: dict[str, Any], show: Callable[[Any], Any]
) -> dict[str, Any]:
    """One page for the REST door, of rows ordered as `window` says.

    `query` is a validated PageQuery. A list with filters or an order of one's own is another list: its cursors hold
    nowhere else. Returns {"items", "next"}; `next` is null on the last page.
    """

    def ask(after: Place | None, most: int) -> list[Any]:
        return list((_beyond(rows, after, by, newest_first, "gt") if after else rows)[:most])

    return page_asked(ask, place=lambda row: (getattr(row, by), row.pk), query=query, show=show)


def page_asked(
    ask: Callable[[Place | None, int], list[Any] | None],
    *,
    place: Callable[[Any], Place],
    query: dict[str, Any],
    show: Callable[[Any], Any],
) -> dict[str, Any] | None:
    """`page` of rows that are no queryset's: `ask` gives so many beyond a place, from the first one without it.

    `place` says where a row stands. None where `ask` gives None.
    """
    words = sorted(f"{name}={value}" for name, value in query.items() if name not in PLACE)
    of = sha256("\n".join(words).encode()).hexdigest()[:12] if words else ""
    limit, cursor = query["limit"], query.get("cursor")
    found = ask(_read(cursor, of) if cursor else None, limit + 1)
    if found is None:
        return None
    further = _write(*place(found[limit - 1]), of) if len(found) > limit else None
    return {"items": [show(row) for row in found[:limit]], "next": further}


def selected(rows: QuerySet, query: dict[str, Any], means: Mapping[str, str]) -> QuerySet:
    """Those of the rows that the filters in a checked query mean; `means`: the condition of each of them."""
    return rows.filter(**{means[name]: value for name, value in query.items() if name in means})


def turned(rows: QuerySet, *, by: str, newest_first: bool) -> QuerySet:
    """The rows in one of the two orders that `page` knows."""
    return rows.order_by(f"-{by}" if newest_first else by, "id")


def _beyond(rows: QuerySet, place: Place, by: str, falling: bool, of_id: str) -> QuerySet:
    """The rows past a cursor: later ones (`falling`: earlier), and those of its instant whose id is `of_id` its own."""
    at, last = place
    further = "lt" if falling else "gt"
    # The first condition alone can be looked up in an index; the second only leaves out.
    return rows.filter(Q(**{f"{by}__{further}e": at})).filter(
        Q(**{f"{by}__{further}": at}) | Q(**{f"id__{of_id}": last})
    )


def _turned(by: str, newest_first: bool) -> tuple[str, str]:
    return (by if newest_first else f"-{by}", "-id")


def _of(row: Any, by: str, of: str) -> str:
    return _write(getattr(row, by), row.pk, of)


def _write(at: datetime, last: UUID, of: str) -> str:
    text = json.dumps([at.astimezone(UTC).isoformat(), last.hex, *([of] if of else [])])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str, of: str) -> Place:
    try:
        raw = base64.urlsafe_b64decode(cursor[:LONGEST_CURSOR].encode("ascii") + b"==")
        at, last, *named = json.loads(raw)
        place = datetime.fromisoformat(at).astimezone(UTC), UUID(hex=last)
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        raise BAD_CURSOR from None
    if named != ([of] if of else []):
        raise BAD_CURSOR
    return place
