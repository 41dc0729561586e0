"""That somebody looked at the account is itself an event of the case."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from reports import access
from reports.ledger.services import append


@access.service
def knowledge_shown(*, actor, case_id: UUID, at: datetime) -> UUID:
    """Record that the SARC of the case is shown who knew what of it; returns the event's id. Also of a closed case."""
    case = access.case_for(actor, case_id, "see_knowledge")
    return append(case_id=case.pk, kind="knowledge_shown", actor=actor, at=at)


def shown_to_operator(*, case_id: UUID, at: datetime) -> None:
    """The same for an operator's command, which has no person behind it that the system knows. Owner role."""
    with transaction.atomic():
        append(case_id=case_id, kind="knowledge_shown", actor=None, at=at, data={"means": "command"})
