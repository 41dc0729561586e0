"""Lists by keyset: a page goes on after the last row shown, whatever was added meanwhile. No totals, no page numbers.

One mechanism for the REST door (`page`) and the desk (`window`, which also turns back).
"""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from sapr.errors import DomainError

LONGEST_CURSOR = 200


class Window(NamedTuple):
    """The rows of one page, and the cursors of the pages before (`before=`) and after it (`after=`); None: none."""

    rows: list[Any]
    before: str | None
    after: str | None


def window(
    rows: QuerySet, *, by: str, newest_first: bool, limit: int, after: str = "", before: str = ""
) -> Window:
    """One page of `rows`, which are ordered by the instant `by` (falling if `newest_first`), then by id.

    `after` or `before` is a cursor of another page; neither: the first. A cursor names a place in the order, not a
    row, so it holds when rows come or go. DomainError `bad_cursor` for anything else.
    """
    if before:
        back = list(
            _beyond(rows, before, by, not newest_first, "lt").order_by(*_turned(by, newest_first))[
                : limit + 1
            ]
        )
        if len(back) > limit:
            shown = back[limit - 1 :: -1]
            return Window(shown, _of(shown[0], by), _of(shown[-1], by))
        # Not a whole page lies before it: the first one is shown instead.
    found = list((_beyond(rows, after, by, newest_first, "gt") if after else rows)[: limit + 1])
    shown = found[:limit]
    further = _of(shown[-1], by) if len(found) > limit else None
    return Window(shown, (_of(shown[0], by) if shown else after) if after else None, further)


def page(
    rows: QuerySet, *, by: str, newest_first: bool, query: dict[str, Any], show: Callable[[Any], Any]
) -> dict[str, Any]:
    """One page for the REST door, of rows ordered as `window` says.

    `query` is a validated PageQuery. Returns {"items", "next"}; `next` is null on the last page.
    """
    found = window(
        rows, by=by, newest_first=newest_first, limit=query["limit"], after=query.get("cursor") or ""
    )
    return {"items": [show(row) for row in found.rows], "next": found.after}


def _beyond(rows: QuerySet, cursor: str, by: str, falling: bool, of_id: str) -> QuerySet:
    """The rows past a cursor: later ones (`falling`: earlier), and those of its instant whose id is `of_id` its own."""
    at, last = _read(cursor)
    further = "lt" if falling else "gt"
    # The first condition alone can be looked up in an index; the second only leaves out.
    return rows.filter(Q(**{f"{by}__{further}e": at})).filter(
        Q(**{f"{by}__{further}": at}) | Q(**{f"id__{of_id}": last})
    )


def _turned(by: str, newest_first: bool) -> tuple[str, str]:
    return (by if newest_first else f"-{by}", "-id")


def _of(row: Any, by: str) -> str:
    return _write(getattr(row, by), row.pk)


def _write(at: datetime, last: UUID) -> str:
    text = json.dumps([at.astimezone(UTC).isoformat(), last.hex])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[datetime, UUID]:
    try:
        raw = base64.urlsafe_b64decode(cursor[:LONGEST_CURSOR].encode("ascii") + b"==")
        at, last = json.loads(raw)
        return datetime.fromisoformat(at).astimezone(UTC), UUID(hex=last)
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        raise DomainError(
            "bad_cursor", "This page does not exist. Start again without cursor.", path="cursor"
        ) from None
