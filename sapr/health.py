"""Is the web process able to work, and does what leaves the system leave it? Says nothing about cases."""

from django.db import connection
from django.db.utils import OperationalError
from django.http import HttpRequest, JsonResponse

from notifications.outside.selectors import dead_channels
from sapr import clock


def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, else 503. `channels`: `dead` when one to outside is; pages work all the same."""
    try:
        clock.now()
        dead = dead_channels().exists()
    except OperationalError:
        connection.close()
        return JsonResponse({"ok": False}, status=503)
    return JsonResponse({"ok": True, "channels": "dead" if dead else "alive"})
