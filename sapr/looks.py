"""A read declared by its selector: a page of rows or one thing, as the caller may see it. No total, no opened seal."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.urls import URLPattern, path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reports import access
from reports.election.models import Case
from sapr import clock, showing
from sapr.apis import BaseApi, PageQuery, operation, page_of
from sapr.errors import DomainError
from sapr.fields import UUID_TEXT
from sapr.paging import page

# Two lists of the same rows are one page in the schema.
_page_of = cache(page_of)


class Look(NamedTuple):
    """Who looks, when, and at what. `case`: the address's, which the caller may see; `ids`: what else it names."""

    viewer: Any
    at: datetime
    case: Case | None
    ids: dict[str, UUID]


def listed(
    address: str,
    rows: Callable[[Look], QuerySet],
    *,
    name: str,
    verb: str,
    says: str,
    item: type[serializers.Serializer],
    by: str = "",
    newest_first: bool = True,
    show: Callable[[Any, Look], Any] = lambda row, look: row,
    also: Collection[str] = (),
) -> URLPattern:
    """GET `address` gives a page of `rows`, in the order of the instant `by`; without one, of their ids.

    `item` shows a row, after `show`. Of a case only who may do `verb` with it has the rows: others get 404 or 403.
    """

    def get(self: BaseApi, request: Request, **ids: UUID) -> Response:
        look = _look(request, verb, ids)
        draw = lambda row: showing.shown(item, show(row, look))  # noqa: E731
        found = rows(look)
        if not by:
            return Response(page_by_id(found, query=self.query, show=draw))
        found = found.order_by(f"-{by}" if newest_first else by, "id")
        return Response(page(found, by=by, newest_first=newest_first, query=self.query, show=draw))

    plain = item.__name__.removesuffix("Output")
    refusals = [404, 422] if "<" in address else [422]
    described = operation(says, name=name, query=PageQuery, answers=_page_of(item, plain), refusals=refusals)(
        get
    )
    more = {"QuerySerializer": PageQuery}
    return _declared(address, name, verb, also, rows, item, described, more)


def told(
    address: str,
    of: Callable[[Look], Any],
    *,
    name: str,
    verb: str,
    says: str,
    answers: type[serializers.Serializer],
    also: Collection[str] = (),
    refusals: Iterable[int] = (),
) -> URLPattern:
    """GET `address` gives the one thing that `of` finds, which may refuse. Of a case as in `listed`."""

    def get(self: BaseApi, request: Request, **ids: UUID) -> Response:
        return self.answer(of(_look(request, verb, ids)))

    expected = {*refusals, 404} if "<" in address else {*refusals}
    described = operation(says, name=name, answers=answers, refusals=expected)(get)
    return _declared(address, name, verb, also, of, answers, described, {})


def page_by_id(rows: QuerySet, *, query: dict[str, Any], show: Callable[[Any], Any]) -> dict[str, Any]:
    """A page of rows that have no instant, such as places: in the order of their ids, which mean nothing."""
    cursor, limit = query.get("cursor") or "", query["limit"]
    if cursor and not UUID_TEXT.fullmatch(cursor):
        raise DomainError(
            "bad_cursor", "This page does not exist. Start again without cursor.", path="cursor"
        )
    found = list((rows.filter(pk__gt=UUID(cursor)) if cursor else rows).order_by("pk")[: limit + 1])
    shown = found[:limit]
    return {"items": [show(row) for row in shown], "next": str(shown[-1].pk) if len(found) > limit else None}


def _look(request: Request, verb: str, ids: dict[str, UUID]) -> Look:
    case = access.case_for(request.user, ids["case_id"], verb) if "case_id" in ids else None
    return Look(request.user, clock.now(), case, ids)


def _declared(address, name, verb, also, selector, shown, get, more: dict[str, Any]) -> URLPattern:
    title = "".join(part.title() for part in name.split("_"))
    content = {
        "verb": verb,
        "also": also,
        "look": staticmethod(selector),
        "OutputSerializer": shown,
        "get": get,
    }
    view = type(f"{title}Api", (BaseApi,), content | more | {"__doc__": f"{get.__doc__ or title}"})
    return path(address, view.as_view())
