"""The viewer of a transaction: the database shows and takes nothing without one."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from sapr import standing
from sapr.viewer import As, Looks

Service = TypeVar("Service", bound=Callable[..., Any])


def viewing(viewer, *, whole: bool = False) -> As:
    """A transaction in which the database knows who looks; without it case tables show no row.

    Nested use restores the outer viewer. Rolls back on any exception; `whole`: one of a service within ends all of it.
    Where an outside system asks in the viewer's name, the database knows its key as well, and holds everything to the
    key's places.
    """
    key = getattr(viewer, "client_key", None)
    return As(Looks(str(viewer.pk) if viewer else "", None if key is None else str(key.pk), whole))


def service(function: Service) -> Service:
    """Mark a write: one transaction, with the actor as the database's viewer. Keyword arguments only."""

    @wraps(function)
    def run(*, actor, **kwargs):
        standing.wrote()
        with viewing(actor):
            return function(actor=actor, **kwargs)

    run.is_service = True
    return run  # type: ignore[return-value]
