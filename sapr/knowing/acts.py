"""One event as the account reads it: from the database for a page, from an export's line for an operator."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from reports.ledger.models import Event


class Act(NamedTuple):
    """An event of a case's chain. `actor`: None when the system itself acted. `hash`: SHA-256, hex."""

    seq: int
    kind: str
    occurred_at: datetime
    recorded_at: datetime
    actor: UUID | None
    data: dict[str, Any]
    hash: str


def of_event(event: Event) -> Act:
    """The act of a row."""
    digest = bytes(event.hash).hex()
    return Act(
        event.seq, event.kind, event.occurred_at, event.recorded_at, event.actor_id, event.data, digest
    )


def of_canonical(said: dict[str, Any], digest: str) -> Act:
    """The act of an event's canonical text, as an export holds it, with its hash."""
    times = [datetime.fromisoformat(said[name]) for name in ("occurred_at", "recorded_at")]
    actor = UUID(said["actor"]) if said["actor"] else None
    return Act(said["seq"], said["kind"], *times, actor, said["data"], digest)
