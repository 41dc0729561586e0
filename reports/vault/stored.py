"""What the key store says of one case, in one question."""

from typing import NamedTuple
from uuid import UUID

from django.db import InterfaceError, OperationalError, connections

from sapr.sending import sent

OF_CASE = "SELECT sensitivity, kek_id, wrapped FROM reports_wrappedkey WHERE case_id = %s"


class Wrapped(NamedTuple):
    """One wrapped key, and the name of what it is wrapped by."""

    sensitivity: str
    kek_id: str
    wrapped: bytes


def wrapped_of(case_id: UUID) -> list[Wrapped]:
    """The case's keys of all classes, still wrapped.

    The question finds out whether the connection still stands, so that none goes before it only to ask that.
    """
    store = connections["keys"]
    store.health_check_done = True
    try:
        return _rows(case_id)
    except (OperationalError, InterfaceError):
        if store.in_atomic_block or store.is_usable():
            raise
        store.close()
        return _rows(case_id)


def _rows(case_id: UUID) -> list[Wrapped]:
    return [Wrapped(*row) for row in sent(OF_CASE, [case_id], using="keys")()]
