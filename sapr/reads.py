"""A read declared by its selector: a page of rows, or one thing, as the caller sees it. Nothing here opens a seal.

Lists go on by keyset, have no totals and hold what a row itself says; what an operation made is found again here.
"""

import base64
import json
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import URLPattern, path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from sapr import clock, showing
from sapr.apis import BaseApi, PageQuery, operation, page_of
from sapr.errors import DomainError
from sapr.paging import LONGEST_CURSOR, window

Rows = Callable[..., QuerySet | list]


class Number(str):
    """The column with the number that each row of a list has, where it is ordered by one."""


def _itself(row: Any) -> Any:
    return row


def listing(
    address: str,
    rows: Rows,
    *,
    name: str,
    verb: str,
    says: str,
    item: type[serializers.Serializer],
    by: str | Callable[[Any], str],
    newest_first: bool = False,
    show: Callable[[Any], Any] = _itself,
    shows: Callable[[list[Any]], Iterable[Any]] | None = None,
    refusals: Iterable[int] = (),
) -> URLPattern:
    """GET `address`: a page of `rows(viewer=…, and what the address names)`; `name` is the operation's.

    `by`: the instant by which a queryset is ordered (then by id); the `Number` of each row of a chain; or, of
    rows that stand in memory, the text that each has to itself and that they are ordered by. `show`: what `item` is
    given of a row; `shows`: the same of a whole page.
    """

    def get(self: BaseApi, request: Request, **ids: UUID) -> Response:
        found, query = rows(viewer=request.user, **ids), self.query
        if isinstance(by, Number):
            shown, further = _numbered(found, by, query, newest_first=newest_first)
        elif isinstance(by, str):
            after = query.get("cursor") or ""
            part = window(found, by=by, newest_first=newest_first, limit=query["limit"], after=after)
            shown, further = part.rows, part.after
        else:
            shown, further = _in_memory(found, by, query)
        items = shows(shown) if shows else map(show, shown)
        return Response({"items": [showing.shown(item, each) for each in items], "next": further})

    get.__doc__ = rows.__doc__
    title = _title(name)
    described = operation(
        says, name=name, query=PageQuery, answers=page_of(item, title), refusals={*_missing(address), *refusals, 422},
    )(get)  # fmt: skip
    content = {"verb": verb, "QuerySerializer": PageQuery, "OutputSerializer": item, "get": described}
    return _served(address, f"{title}Api", content, rows)


def thing(
    address: str,
    read: Callable[..., Any],
    *,
    name: str,
    verb: str,
    says: str,
    answers: type[serializers.Serializer],
    refusals: Iterable[int] = (),
) -> URLPattern:
    """GET `address`: what `read(viewer=…, at=now, and what the address names)` finds; NotFoundError is the 404."""

    def get(self: BaseApi, request: Request, **ids: UUID) -> Response:
        return self.answer(read(viewer=request.user, at=clock.now(), **ids))

    get.__doc__ = read.__doc__
    described = operation(says, name=name, answers=answers, refusals={*_missing(address), *refusals})(get)
    content = {"verb": verb, "OutputSerializer": answers, "get": described}
    return _served(address, f"{_title(name)}Api", content, read)


def _title(name: str) -> str:
    return "".join(part.title() for part in name.split("_"))


def _missing(address: str) -> set[int]:
    return {404} if "<" in address else set()


def _served(address: str, name: str, content: dict[str, Any], read: Callable) -> URLPattern:
    view = type(name, (BaseApi,), content | {"reads": staticmethod(read), "__doc__": read.__doc__})
    return path(address, view.as_view())


def _in_memory(rows: list, key: Callable[[Any], str], query: dict[str, Any]) -> tuple[list[Any], str | None]:
    """A page of rows that their selector has to read whole: few, and ordered by a text of each one's own."""
    after, limit = _read(query.get("cursor"), str), query["limit"]
    found = sorted((row for row in rows if after is None or key(row) > after), key=key)
    return found[:limit], _written(key(found[limit - 1])) if len(found) > limit else None


def _numbered(
    rows: QuerySet, by: Number, query: dict[str, Any], *, newest_first: bool
) -> tuple[list[Any], str | None]:
    """A page of rows that have a number each."""
    after, limit = _read(query.get("cursor"), int), query["limit"]
    if after is not None:
        rows = rows.filter(**{f"{by}__lt" if newest_first else f"{by}__gt": after})
    found = list(rows.order_by(f"-{by}" if newest_first else by)[: limit + 1])
    return found[:limit], _written(getattr(found[limit - 1], by)) if len(found) > limit else None


def _written(key: str | int) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def _read(cursor: str | None, kind: type) -> Any:
    """The key of a cursor; None without one."""
    if not cursor:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor[:LONGEST_CURSOR].encode("ascii") + b"=="))
    except (ValueError, RecursionError):
        found = None
    if type(found) is not kind or (kind is int and not 0 < found < 2**63):
        raise DomainError(
            "bad_cursor", "This page does not exist. Start again without cursor.", path="cursor"
        )
    return found
