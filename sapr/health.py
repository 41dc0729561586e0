"""Is the web process able to work, and does anybody look for due work? Says nothing about cases."""

from django.db import connection
from django.db.utils import OperationalError
from django.http import HttpRequest, JsonResponse

from notifications.lateness.beating import health
from sapr import clock


def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, else 503: whether this process can serve."""
    found = _found()
    return JsonResponse(found, status=200 if found["ok"] else 503)


def work(request: HttpRequest) -> JsonResponse:
    """200 while due work is looked for and that is watched, else 503: what a monitor outside asks."""
    found = _found()
    return JsonResponse(found, status=200 if all(found.values()) else 503)


def _found() -> dict[str, bool]:
    try:
        return {"ok": True, **health(clock.keyboard_now())}
    except OperationalError:
        connection.close()
        return {"ok": False}
