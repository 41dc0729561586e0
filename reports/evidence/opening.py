"""Opening what is sealed about a kit: its number on the case's side, the name on its label on the holder's.

And finding one by its number, which stands in no address.
"""

from datetime import datetime
from uuid import UUID

from reports import access
from reports.evidence import selectors, shelf
from reports.evidence.models import KitCard
from reports.evidence.services import kit_of
from reports.validation import text


@access.service
def kit_number_open(*, actor, case_id: UUID, kit_id: UUID, at: datetime) -> str:
    """The number of a kit of the actor's case. The look is an event, with its purpose."""
    case = access.case_for(actor, case_id, "case_work")
    return selectors.kit_number(viewer=actor, case=case, kit_id=kit_of(case, kit_id).pk, at=at)


@access.service
def kit_name_open(*, actor, card_id: UUID, at: datetime) -> str:
    """The name on the label of an Unrestricted report's kit that the actor's post has; on record before it is shown."""
    access.require(actor, "see_evidence_room", at)
    return selectors.name_on_kit(viewer=actor, card_id=card_id, at=at)


@access.service
def card_find(*, actor, number: str) -> KitCard:
    """The kit with this number: of the actor's posts or cases, or offered to them. One answer for all others and none.

    FactsError for what is no number.
    """
    access.require(actor, "hold_evidence")
    return shelf.scanned(viewer=actor, number=text(number, "number", required=True))
