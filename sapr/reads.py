"""A read declared by its selector: a page of rows, or one thing, as the caller sees it. Nothing here opens a seal.

A selector is given what it asks for by name, of: `viewer`, who calls; `at`, now; every id that the address names; and
`case`, the case of the address, which the caller may do the verb with: others get 404 or 403, whether it is asked for
or not. Lists go on by keyset, have no totals and hold what a row itself says.
"""

import base64
import json
import re
from collections.abc import Callable, Collection, Iterable
from functools import cache
from inspect import Parameter, signature
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import URLPattern, path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reports import access
from sapr import clock, showing
from sapr.apis import BaseApi, PageQuery, operation, page_of
from sapr.paging import BAD_CURSOR, LONGEST_CURSOR, turned, window

Part = tuple[list[Any], str | None]
# Two lists of the same rows may be one page in the schema.
_page_of = cache(page_of)


class Number(str):
    """The column with the number that each row of a list has, where it is ordered by one."""


def _itself(row: Any) -> Any:
    return row


def listing(
    address: str,
    rows: Callable[..., QuerySet | list],
    *,
    name: str,
    verb: str,
    says: str,
    item: type[serializers.Serializer],
    by: str | Callable[[Any], str] = "",
    newest_first: bool = False,
    show: Callable[..., Any] = _itself,
    shows: Callable[..., Iterable[Any]] | None = None,
    page: str = "",
    also: Collection[str] = (),
    refusals: Iterable[int] = (),
) -> URLPattern:
    """GET `address`: a page of `rows`; `name` is the operation's, `page` that of the page's type if it has another.

    `by`: the instant by which a queryset is put in order, then by id; the `Number` of each row of a chain; of rows
    that stand in memory, the text that each has to itself; nothing: the rows' ids, which mean nothing. `show`: what
    `item` is given of a row, `shows` of a whole page; beyond the row they are given what they ask for, as selectors
    are. `also`: further verbs, any of which is enough. TypeError at start, if an argument comes from nowhere.
    """
    find, draw, draws = (
        _giving(rows, address),
        _giving(show, address, 1),
        shows and _giving(shows, address, 1),
    )

    def get(self: BaseApi, request: Request, **ids: UUID) -> Response:
        known = _known(request, verb, ids)
        part, further = _part(find(known), by, self.query, newest_first=newest_first)
        items = draws(known, part) if draws else [draw(known, row) for row in part]
        return Response({"items": [showing.shown(item, each) for each in items], "next": further})

    answers, content = _page_of(item, page or _title(name)), {"QuerySerializer": PageQuery}
    described = {"name": name, "query": PageQuery, "answers": answers, "refusals": {*refusals, 422}}
    return _served(address, rows, get, says, described, content | {"verb": verb, "also": also}, item)


def thing(
    address: str,
    read: Callable[..., Any],
    *,
    name: str,
    verb: str,
    says: str,
    answers: type[serializers.Serializer],
    also: Collection[str] = (),
    refusals: Iterable[int] = (),
) -> URLPattern:
    """GET `address`: what `read` finds; its NotFoundError is the 404. Otherwise as `listing`."""
    find = _giving(read, address)

    def get(self: BaseApi, request: Request, **ids: UUID) -> Response:
        return self.answer(find(_known(request, verb, ids)))

    described = {"name": name, "answers": answers, "refusals": {*refusals}}
    return _served(address, read, get, says, described, {"verb": verb, "also": also}, answers)


def _title(name: str) -> str:
    return "".join(part.title() for part in name.split("_"))


def _served(
    address: str,
    selector: Callable,
    get: Callable,
    says: str,
    described: dict[str, Any],
    content: dict[str, Any],
    shown: type[serializers.Serializer],
) -> URLPattern:
    title = _title(described["name"])
    get.__doc__ = selector.__doc__ or title
    described["refusals"] |= {404} if "<" in address else set()
    content |= {"selector": staticmethod(selector), "OutputSerializer": shown, "__doc__": get.__doc__}
    view = type(f"{title}Api", (BaseApi,), content | {"get": operation(says, **described)(get)})
    return path(address, view.as_view())


def _known(request: Request, verb: str, ids: dict[str, UUID]) -> dict[str, Any]:
    """What can be asked for by name."""
    known = {"viewer": request.user, "at": clock.now()} | ids
    if "case_id" in ids:
        known["case"] = access.case_for(request.user, ids["case_id"], verb)
    return known


def _giving(function: Callable, address: str, first: int = 0) -> Callable[..., Any]:
    """The function, which from its argument `first` on is given by name what it asks for."""
    there = {"viewer", "at", *re.findall(r":(\w+)>", address)}
    there |= {"case"} if "case_id" in there else set()
    asked = list(signature(function).parameters.values())[first:]
    names = [each.name for each in asked if each.name in there]
    if nowhere := [e.name for e in asked if e.name not in there and e.default is Parameter.empty]:
        raise TypeError(f"{function.__qualname__}: {', '.join(nowhere)} comes from nowhere")
    return lambda known, *given: function(*given, **{name: known[name] for name in names})


def _part(
    rows: QuerySet | list, by: str | Callable[[Any], str], query: dict[str, Any], *, newest_first: bool
) -> Part:
    """The rows of one page, and the cursor of the next."""
    if callable(by):
        return _in_memory(rows, by, query)
    if not by:
        return _keyed(rows, "pk", UUID, query)
    if isinstance(by, Number):
        return _keyed(rows, by, int, query, newest_first=newest_first)
    ordered = turned(rows, by=by, newest_first=newest_first)
    after = query.get("cursor") or ""
    found = window(ordered, by=by, newest_first=newest_first, limit=query["limit"], after=after)
    return found.rows, found.after


def _in_memory(rows: list, key: Callable[[Any], str], query: dict[str, Any]) -> Part:
    """A page of rows that their selector has to read whole: few, and ordered by a text of each one's own."""
    after, limit = _read(query.get("cursor"), str), query["limit"]
    found = sorted((row for row in rows if after is None or key(row) > after), key=key)
    return found[:limit], _written(key(found[limit - 1])) if len(found) > limit else None


def _keyed(
    rows: QuerySet, column: str, kind: type, query: dict[str, Any], *, newest_first: bool = False
) -> Part:
    """A page of rows in the order of a column that no two of them share."""
    after, limit = _read(query.get("cursor"), kind), query["limit"]
    if after is not None:
        rows = rows.filter(**{f"{column}__lt" if newest_first else f"{column}__gt": after})
    found = list(rows.order_by(f"-{column}" if newest_first else column)[: limit + 1])
    return found[:limit], _written(getattr(found[limit - 1], column)) if len(found) > limit else None


def _written(key: str | int | UUID) -> str:
    return base64.urlsafe_b64encode(json.dumps(key, default=str).encode()).decode().rstrip("=")


def _read(cursor: str | None, kind: type) -> Any:
    """The key of a cursor; None without one."""
    if not cursor:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor[:LONGEST_CURSOR].encode("ascii") + b"=="))
        found = UUID(found) if kind is UUID and isinstance(found, str) else found
    except (ValueError, RecursionError):
        raise BAD_CURSOR from None
    if type(found) is not kind or (kind is int and not 0 < found < 2**63):
        raise BAD_CURSOR
    return found
