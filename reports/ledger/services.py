"""Appending to the ledger: the only write it knows."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection, transaction
from psycopg.types.json import Jsonb

from reports.ledger.kinds import EventKind
from reports.ledger.models import SYSTEM_CHAIN
from sapr.errors import DomainError

# How the database refuses a step in a closed case (sql/way.sql).
CLOSED = "SA004"
INSERT = """
INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)
SELECT said.id, %s::uuid, said.kind, %s::timestamptz, %s::uuid, said.data
FROM unnest(%s::uuid[], %s::text[], %s::jsonb[]) WITH ORDINALITY said (id, kind, data, nth) ORDER BY said.nth
"""


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
    """`append` for several events of one case and one instant (kind, data), in their order, in one statement."""
    if not said:
        return []
    ids = [uuid.uuid4() for _ in said]
    kinds, data = [EventKind(kind).value for kind, _ in said], [Jsonb(each) for _, each in said]
    values = [case_id, at, actor.pk if actor else None, ids, kinds, data]
    with connection.cursor() as cursor:
        try:
            cursor.execute(INSERT, values)
        except DatabaseError as error:
            if getattr(error.__cause__, "sqlstate", "") == CLOSED:
                raise DomainError(
                    "case_closed", "This case is closed. Open it again first.", status=409, rule="ST-08"
                ) from None
            raise
    return ids


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
