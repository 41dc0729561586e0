"""Is the web process able to work, does anybody look for due work, and does what leaves the system leave it?

Says nothing about cases.
"""

from django.db import connection
from django.db.utils import OperationalError
from django.http import HttpRequest, JsonResponse

from notifications.lateness.beating import health
from notifications.outside.selectors import dead_channels
from sapr import clock


def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, else 503: whether this process can serve."""
    found = _found()
    return JsonResponse(found, status=200 if found["ok"] else 503)


def work(request: HttpRequest) -> JsonResponse:
    """200 while due work is looked for, that is watched and every channel is alive; else 503: for a monitor outside."""
    found = _found()
    return JsonResponse(found, status=200 if all(found.values()) else 503)


def _found() -> dict[str, bool]:
    try:
        return {"ok": True, **health(clock.keyboard_now()), "channels": not dead_channels().exists()}
    except OperationalError:
        connection.close()
        return {"ok": False}
