"""Opening what is sealed in a matter, by choice."""

from datetime import datetime
from uuid import UUID

from reports import access
from reports.casework.matters import selectors


@access.service
def matter_sealed_open(*, actor, case_id: UUID, matter_id: UUID, at: datetime) -> dict[str, str]:
    """The sealed texts of a matter in clear, by the labels of its kind. The look is an event, with its purpose."""
    case = access.case_for(actor, case_id, "case_work")
    row = selectors.matter_get(viewer=actor, case=case, matter_id=matter_id)
    return selectors.matter_sealed(viewer=actor, matter=row, at=at)
