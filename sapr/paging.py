"""Lists by keyset: a page goes on after the last row shown, whatever was added meanwhile. No totals."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from sapr.errors import DomainError

LONGEST_CURSOR = 200


def page(
    rows: QuerySet, *, by: str, newest_first: bool, query: dict[str, Any], show: Callable[[Any], Any]
) -> dict[str, Any]:
    """One page of `rows`, which are ordered by the instant `by` (falling if `newest_first`), then by id.

    `query` is a validated PageQuery. Returns {"items", "next"}; `next` is null on the last page.
    """
    if query.get("cursor"):
        at, last = _read(query["cursor"])
        further = "lt" if newest_first else "gt"
        rows = rows.filter(Q(**{f"{by}__{further}": at}) | Q(**{by: at, "id__gt": last}))
    limit = query["limit"]
    found = list(rows[: limit + 1])
    shown = found[:limit]
    more = _write(getattr(shown[-1], by), shown[-1].pk) if len(found) > limit else None
    return {"items": [show(row) for row in shown], "next": more}


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
