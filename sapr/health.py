"""Is the web process able to work, does anybody look for due work, and does what leaves the system leave it?

Says nothing about cases.
"""

from django.db import connection, connections
from django.db.utils import DatabaseError, OperationalError
from django.http import HttpRequest, JsonResponse

from notifications.lateness.beating import health
from notifications.outside.selectors import dead_channels
from reports.vault.errors import VaultLockedError
from reports.vault.keys import wrapping_in_use
from sapr import clock
from sapr.operating import schema
from sapr.operating.upkeep import on_hold


def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, else 503: whether this process can serve."""
    found = _found()
    return JsonResponse(found, status=200 if found["ok"] else 503)


def work(request: HttpRequest) -> JsonResponse:
    """200 while due work is looked for, that is watched and every channel is alive; else 503: for a monitor outside."""
    found = _found()
    return JsonResponse(found, status=200 if all(found.values()) else 503)


def ready(request: HttpRequest) -> JsonResponse:
    """200 when people may be sent here: the database has this version's tables and is not on hold, and keys are there.

    For a front end that chooses among several processes; while it is 503 the process goes on serving whoever is there.
    """
    found = readiness()
    return JsonResponse(found, status=200 if all(found.values()) else 503)


def readiness() -> dict[str, bool]:
    """What it takes to serve people, and whether it is there."""
    found = {"database": False, "migrated": False, "released": False, "keys": False}
    try:
        found |= {"database": True, "migrated": not schema.pending()}
        found["released"] = found["migrated"] and not on_hold()
    except DatabaseError:
        connection.close()
    return found | {"keys": _keys()}


def _keys() -> bool:
    """Whether the key store answers and this process holds the keys that it asks for."""
    try:
        wrapping_in_use()
    except VaultLockedError:
        return False
    except DatabaseError:
        connections["keys"].close()
        return False
    return True


def _found() -> dict[str, bool]:
    try:
        return {"ok": True, **health(clock.keyboard_now()), "channels": not dead_channels().exists()}
    except OperationalError:
        connection.close()
        return {"ok": False}
