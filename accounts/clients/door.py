"""The one door of the REST API: how fast somebody may ask, and what an outside system's key is for."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from accounts.clients.models import ClientKey
from sapr.errors import DomainError

API = "/api/v1/"
READS = ("GET", "HEAD")
# The room in which a system asks about its own key, whatever the key is for.
OWN = "client"
# What people do themselves, and never a system in their name: their own things, rights, and what two persons decide.
OF_PEOPLE = frozenset(
    {
        "calendar", "close-from-above", "emergencies", "erasures", "exceptions", "exports", "extension-grants",
        "filters", "finer", "jobs", "staff", "take-over", "told-systems", "webhooks",
    }
)  # fmt: skip
# What a system may read there, and people alone decide.
READ_ONLY = frozenset({"policy"})


def require(request: Any) -> None:
    """Refuse whoever asks too fast (429, `retry_after`), and what the key of an outside system is not for (403).

    `request`: of Django REST framework, of somebody who is signed in. Whether the account may do it is not asked here.
    """
    key = request.auth if isinstance(request.auth, ClientKey) else None
    _pace(request, key)
    if key is not None and not _is_for(key, request):
        raise DomainError(
            "not_in_scope",
            "This key is not for that. What it is for stands at /api/v1/client; a manager can propose another key.",
            status=403,
        )


def room_of(request: HttpRequest) -> str:
    """The first part of the address under /api/v1/; '' for any other address."""
    return request.path.removeprefix(API).partition("/")[0] if request.path.startswith(API) else ""


def _is_for(key: ClientKey, request: HttpRequest) -> bool:
    room = room_of(request)
    if room in ("", OWN):
        # The description of the API, and what a key may do, are for everybody with a key.
        return True
    verb = "read" if request.method in READS else "write"
    if room in OF_PEOPLE or (verb == "write" and room in READ_ONLY):
        return False
    return room in key.rooms and verb in key.verbs


def _pace(request: Any, key: ClientKey | None) -> None:
    """Counted in the database, by its clock: for all processes together. With a key it was when that was looked up."""
    per_minute = key.client.per_minute if key else settings.API_PER_MINUTE
    wait = getattr(request, "wait", None)
    if wait is None and per_minute:
        with connection.cursor() as cursor:
            cursor.execute("SELECT accounts_ask(%s, %s)", [request.user.pk, per_minute])
            wait = cursor.fetchone()[0]
    if wait:
        raise DomainError(
            "too_many_requests",
            f"This is more than {per_minute} requests in a minute. Go on after the time in Retry-After.",
            status=429,
            retry_after=wait,
        )


def narrowed(request: Any, handler: Callable) -> Callable:
    """The handler of an operation, whose answer holds only the fields that an outside system's key names for its room.

    Before anything else is made of the answer: neither its version nor a kept reply tells of the others.
    """
    if not isinstance(request.auth, ClientKey):
        return handler
    room = f"{room_of(request)}:"
    tree: dict[str, Any] = {}
    for name in request.auth.fields:
        here = tree
        if name.startswith(room):
            for part in name.removeprefix(room).split("."):
                here = here.setdefault(part, {})
    if not tree:
        return handler

    def narrow(*args: Any, **kwargs: Any) -> Any:
        response = handler(*args, **kwargs)
        data = response.data
        if isinstance(data, dict) and "items" in data:
            # A page of rows: the fields are the rows'.
            response.data = {**data, "items": [_only(row, tree) for row in data["items"]]}
        else:
            response.data = _only(data, tree)
        return response

    return narrow


def _only(value: Any, tree: dict[str, Any]) -> Any:
    if not tree:
        return value
    if isinstance(value, list):
        return [_only(each, tree) for each in value]
    if isinstance(value, dict):
        return {name: _only(inner, tree[name]) for name, inner in value.items() if name in tree}
    return value
