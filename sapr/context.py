"""What every page of the desk is given."""

from django.http import HttpRequest

from sapr import clock
from sapr.models import Kind


def desk(request: HttpRequest) -> dict[str, object]:
    """The database's kind and clock (a bar on every page of a demo); nothing about cases."""
    if not request.path.startswith("/admin") and not request.path.startswith("/enrol"):
        return {}
    kind = clock.kind()
    return {"database_kind": kind, "demo_now": clock.now() if kind == Kind.DEMO else None}
