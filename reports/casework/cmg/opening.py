"""Opening the minutes of a case, by choice."""

from datetime import datetime
from uuid import UUID

from reports import access
from reports.casework.cmg import selectors
from sapr.errors import NotFoundError


@access.service
def cmg_minutes_open(*, actor, line_id: UUID, at: datetime) -> str:
    """The words of the minutes of a case that the actor works on. The look is an event, with its purpose."""
    line = selectors.line_get(viewer=actor, line_id=line_id)
    kept = selectors.minutes_of(viewer=actor, line=line)
    if kept is None:
        raise NotFoundError
    return access.open_for(viewer=actor, record=kept, purpose="case_work", at=at).get("text", "")
