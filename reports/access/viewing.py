"""The viewer of a transaction: the database shows and takes nothing without one."""

from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

from django.db import connection, transaction

from sapr import standing

Service = TypeVar("Service", bound=Callable[..., Any])
# Whom `alone` lets in, until the first service.
_let_in: ContextVar[Any] = ContextVar("let_in", default=None)


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


@contextmanager
def alone(viewer):
    """`viewing` for a door that catches no refusal inside: the first service of this viewer needs no savepoint in it.

    Whoever catches one all the same can write nothing after it.
    """
    with viewing(viewer):
        before = _let_in.set(viewer)
        try:
            yield
        finally:
            _let_in.reset(before)


def service(function: Service) -> Service:
    """Mark a write: one transaction, with the actor as the database's viewer. Keyword arguments only."""

    @wraps(function)
    def run(*, actor, **kwargs):
        standing.wrote()
        known = actor is not None and _let_in.get() is actor
        # A service inside this one may be refused without it.
        _let_in.set(None)
        with transaction.atomic(savepoint=False) if known else viewing(actor):
            return function(actor=actor, **kwargs)

    run.is_service = True
    return run  # type: ignore[return-value]
