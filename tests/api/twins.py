"""Two cases, one worked through the REST door and one by the services as the desk calls them: the same is on record."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from reports import access
from reports.models import Duty, Event

# What differs between any two cases: ids, digests, commitments, the keyed answers of a vault.
OWN = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32,128}")


def alike(viewer, first: UUID, second: UUID) -> None:
    """Assert that both cases hold the same events, word for word and in one order, and the same duties."""
    assert record(viewer, first) == record(viewer, second)
    assert duties(viewer, first) == duties(viewer, second)


def record(viewer, case_id: UUID) -> list[tuple[str, datetime, dict[str, Any]]]:
    """Each event of a case: its kind, when it happened, and what it says in words."""
    with access.viewing(viewer):
        rows = Event.objects.filter(case_id=case_id).order_by("seq")
        return [(each.kind, each.occurred_at, _words(each.data)) for each in rows]


def duties(viewer, case_id: UUID) -> list[tuple[str, str, datetime]]:
    """Kind, state and instant of each duty of a case."""
    with access.viewing(viewer):
        return sorted(Duty.objects.filter(case_id=case_id).values_list("kind", "state", "due_at"))


def _words(data: dict[str, Any]) -> dict[str, Any]:
    return {key: OWN.sub("*", value) if isinstance(value, str) else value for key, value in data.items()}


def body(given: dict[str, Any]) -> dict[str, Any]:
    """A service's arguments as JSON has them."""
    return {key: _plain(value) for key, value in given.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return body(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
