"""Taking back what was done a moment ago: a button beside the message that says it was done.

Offered only where a service takes the act back; the button sends what that page's own button would. It is shown once,
on the next page, and kept in the session until then; no id of it is in an address.
"""

from typing import Any

from django.http import HttpRequest

KEY = "undo"


def offer(request: HttpRequest, address: str, **fields: object) -> None:
    """The next page offers to send the fields (`do`, `id`) to the address."""
    request.session[KEY] = {"to": address, "fields": {name: str(value) for name, value in fields.items()}}


def offered(request: HttpRequest) -> dict[str, Any] | None:
    """What is offered on this page, once."""
    return request.session.pop(KEY, None) if request.method == "GET" else None
