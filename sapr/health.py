"""Is the web process able to work? Says nothing about cases."""

from django.db import connection
from django.db.utils import OperationalError
from django.http import HttpRequest, JsonResponse

from sapr import clock


def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, else 503."""
    try:
        clock.now()
    except OperationalError:
        connection.close()
        return JsonResponse({"ok": False}, status=503)
    return JsonResponse({"ok": True})
