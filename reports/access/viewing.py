"""The viewer of a transaction: the database shows and takes nothing without one."""

from collections.abc import Callable
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

from django.db import connection, transaction

from sapr import standing

Service = TypeVar("Service", bound=Callable[..., Any])


@contextmanager
def viewing(viewer):
    """A transaction in which the database knows who looks; without it case tables show no row.

    Nested use restores the outer viewer. Rolls back on any exception. Where an outside system asks in the viewer's
    name, the database knows its key as well, and holds everything to the key's places.
    """
    wanted = str(viewer.pk) if viewer else ""
    # The outermost transaction takes the viewer with it: nobody is left to restore.
    inner = connection.in_atomic_block
    with transaction.atomic(), _by_key(viewer), connection.cursor() as cursor:
        # Who looked until now is read before it is set: a list of results is evaluated from left to right.
        cursor.execute(
            "SELECT current_setting('sapr.viewer', true), set_config('sapr.viewer', %s, true)", [wanted]
        )
        before = cursor.fetchone()[0] or ""
        yield
        # A service inside a service of the same person, as nearly always: nothing to restore.
        if inner and before != wanted:
            cursor.execute("SELECT set_config('sapr.viewer', %s, true)", [before])


@contextmanager
def _by_key(viewer):
    key = getattr(viewer, "client_key", None)
    if key is None:
        # Nothing is asked: a service that goes on as somebody else stays within the key of whoever called it.
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('sapr.client', true), set_config('sapr.client', %s, true)", [str(key.pk)]
        )
        before = cursor.fetchone()[0] or ""
        yield
        cursor.execute("SELECT set_config('sapr.client', %s, true)", [before])


def service(function: Service) -> Service:
    """Mark a write: one transaction, with the actor as the database's viewer. Keyword arguments only."""

    @wraps(function)
    def run(*, actor, **kwargs):
        standing.wrote()
        with viewing(actor):
            return function(actor=actor, **kwargs)

    run.is_service = True
    return run  # type: ignore[return-value]
