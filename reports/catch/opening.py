"""Opening what is sealed of a case's part in CATCH. Each look is an event of the case, with its purpose."""

from datetime import datetime
from uuid import UUID

from reports import access
from reports.catch import selectors
from sapr.errors import DomainError


@access.service
def catch_details_open(*, actor, case_id: UUID, at: datetime) -> str:
    """How the victim wants to be told of a match, in clear; '' when they do not want to be told."""
    case = access.case_for(actor, case_id, "case_work")
    return selectors.details(viewer=actor, case=case, at=at)


@access.service
def catch_user_name_open(*, actor, case_id: UUID, credentials_id: UUID, at: datetime) -> str:
    """The user name of credentials in clear, for the SARC of the case alone."""
    case = access.case_for(actor, case_id, "disclose")
    row = selectors.case_credentials(viewer=actor, case=case).filter(pk=credentials_id).first()
    if row is None:
        raise DomainError(
            "unknown_value", "credentials_id: no such credentials were given out here.", path="credentials_id"
        )
    return selectors.user_name(viewer=actor, record=row, at=at)
