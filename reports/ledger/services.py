"""Appending to the ledger: the only write it knows."""

import json
import uuid
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection, transaction

from reports.ledger.kinds import EventKind
from reports.ledger.models import SYSTEM_CHAIN
from sapr.errors import DomainError
from sapr.ids import beside
from sapr.sending import refused_as, sent
from sapr.written import MOST, instant_word, write

# How the database refuses a step in a closed case (sql/way.sql).
CLOSED = "SA004"
COLUMNS = ("id", "case_id", "kind", "occurred_at", "actor_id", "data")
# What no step of an act looks for among the events, neither by a key nor by a question: it can wait for the next.
QUIET = frozenset({EventKind.SEALED_OPENED, EventKind.DUTY_OPENED, EventKind.NOTICE_COMPOSED})
_Line = tuple[uuid.UUID, str, datetime, dict[str, Any]]


class _Waiting:
    """The quiet events of one act that are not written yet: of one case, by one actor, in their order."""

    def __init__(self, quiet: Collection[str]) -> None:
        self.quiet = quiet
        self.whose: tuple[uuid.UUID, Any] | None = None
        self.lines: list[_Line] = []
        self._ids: dict[uuid.UUID, Iterator[uuid.UUID]] = {}

    def ids(self, case_id: uuid.UUID) -> Iterator[uuid.UUID]:
        """Those of the act's events of a case; no two cases have a batch in common (sapr.ids)."""
        return self._ids.setdefault(case_id, beside())

    def add(self, case_id: uuid.UUID, actor, lines: list[_Line]) -> None:
        whose = (case_id, actor.pk if actor else None)
        if whose != self.whose:
            self.write()
        self.whose = whose
        self.lines += lines
        if any(kind not in self.quiet for _, kind, _, _ in lines):
            self.write()

    def write(self) -> None:
        lines, self.lines = self.lines, []
        if lines and self.whose:
            _insert(*self.whose, lines)


_waiting: ContextVar[_Waiting | None] = ContextVar("waiting", default=None)


@contextmanager
def together(*others: str) -> Iterator[None]:
    """For the block, a transaction of its own or a part of one: quiet events are written with the next that is not.

    The chain is the same as without it, in its order; all of it stands when the block ends. A block that fails writes
    none of what waits: its transaction is undone. `others`: kinds that are quiet in this act, which holds the chain.
    """
    waiting = _Waiting(QUIET | {*others})
    before = _waiting.set(waiting)
    try:
        yield
        waiting.write()
    finally:
        _waiting.reset(before)


def written() -> None:
    """Whoever looks for an event of this act next finds it: what waits is written."""
    waiting = _waiting.get()
    if waiting is not None:
        waiting.write()


def append(
    *, case_id: uuid.UUID, kind: str, actor, at: datetime, data: dict[str, Any] | None = None
) -> uuid.UUID:
    """Add one event to a case's chain and return its id.

    `at` is when it happened (aware); when it was recorded is the database's to say, and an `at` later than
    that is refused there. `actor` is the user, or None for the system itself. `data` holds plain vocabulary,
    ids and commitments only. Refuses a step in a closed case (`case_closed`, docs/way.md).
    """
    return append_each(case_id=case_id, said=[(kind, data or {})], actor=actor, at=at)[0]


def append_each(
    *, case_id: uuid.UUID, said: Sequence[tuple[str, dict[str, Any]]], actor, at: datetime
) -> list[uuid.UUID]:
    """`append` for several events of one case and one instant (kind, data), in their order."""
    if not said:
        return []
    waiting = _waiting.get()
    ids = waiting.ids(case_id) if waiting else beside()
    lines = [(next(ids), EventKind(kind).value, at, data) for kind, data in said]
    if waiting is None:
        _insert(case_id, actor.pk if actor else None, lines)
    else:
        waiting.add(case_id, actor, lines)
    return [event for event, *_ in lines]


def _insert(case_id: uuid.UUID, actor_id: Any, lines: list[_Line]) -> None:
    case, actor = str(case_id), str(actor_id) if actor_id else None
    values = [
        value
        for event, kind, at, data in lines
        for value in (str(event), case, kind, instant_word(at), actor, json.dumps(data))
    ]
    width = len(COLUMNS)
    with refused_as(_closed):
        for first in range(0, len(lines), MOST):
            some = values[first * width : (first + MOST) * width]
            write((("reports_event", COLUMNS, len(some) // width),), some)


def _closed(error: DatabaseError) -> DomainError | None:
    if getattr(error.__cause__, "sqlstate", "") != CLOSED:
        return None
    return DomainError("case_closed", "This case is closed. Open it again first.", status=409, rule="ST-08")


def hold_chain(case_id: uuid.UUID) -> None:
    """Nobody else adds to the case's chain until the transaction ends, and so nobody opens or closes a duty of it.

    Taken once the case is held. Of a case that the viewer does not work on it does nothing.
    """
    sent("SELECT sapr_hold_chain(%s)", [case_id])


def append_system(*, kind: str, actor, at: datetime, data: dict[str, Any] | None = None) -> uuid.UUID:
    """Add one event to the chain that belongs to no case.

    The database takes an actor only from a viewer. Where nobody looks (an enrolment link, before there is a
    session), the actor is named as the viewer for this one insert.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT sapr_viewer()")
        nobody_looks = actor is not None and cursor.fetchone()[0] is None
        if nobody_looks:
            cursor.execute("SELECT set_config('sapr.viewer', %s, true)", [str(actor.pk)])
        event = append(case_id=SYSTEM_CHAIN, kind=kind, actor=actor, at=at, data=data)
        if nobody_looks:
            cursor.execute("SELECT set_config('sapr.viewer', '', true)")
    return event
