"""The one path of every fact: event, then the duties that the policy says it opens and discharges."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from reports import policy
from reports.ledger.services import append
from reports.obligations import services as obligations
from reports.obligations.models import Duty


def record(
    *,
    case,
    kind: str,
    actor,
    at: datetime,
    data: dict[str, Any] | None = None,
    facts: dict[str, Any] | None = None,
    late_reason: str = "",
    about: UUID | None = None,
    plan: policy.DutyPlan | None = None,
    waiting: Callable[[], list[Duty]] | None = None,
) -> UUID:
    """Append the event and apply its duties in the same transaction; return the event's id.

    `at`: when it happened. `facts`: what the duty rules need (statuses, election). `late_reason`: why a duty
    whose instant has passed already is only now recorded. `about`: the id of the one order, request or kit of the case
    that it is about; its duties are that thing's own. `plan`: what the event does, where it was worked out already.
    `waiting`: the case's open duties, where they were asked for since its chain is held.
    """
    event = append(case_id=case.pk, kind=kind, actor=actor, at=at, data=data)
    obligations.apply(
        case=case,
        event=event,
        kind=kind,
        actor=actor,
        at=at,
        facts=facts or {},
        late_reason=late_reason,
        about=about,
        plan=plan,
        waiting=waiting,
    )
    return event
