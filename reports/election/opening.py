"""Opening what the rules answered for a case, by choice: it holds the victim's facts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from reports import access
from reports.election import selectors
from sapr.errors import NotFoundError


@access.service
def decision_open(*, actor, case_id: UUID, at: datetime) -> dict[str, Any]:
    """The last answer of the rules for a case, with the facts it was given for; the look is an event.

    NotFoundError when the rules were not asked.
    """
    case = access.case_for(actor, case_id, "case_work")
    found = selectors.decision_latest(viewer=actor, case=case, at=at)
    if found is None:
        raise NotFoundError
    # An answer of before adoptions were kept names none.
    return found | {"decision": {"adopted": []} | found["decision"]}
