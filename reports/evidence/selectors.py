"""Reads of kits, as seen by a viewer. The number itself is sealed; opening it is an event."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from reports import access
from reports.evidence.models import Kit, KitState
from reports.vault.services import open_sealed
from sapr.errors import NotFoundError


def case_kits(*, viewer, case) -> QuerySet[Kit]:
    """The kits of one of the viewer's cases, in order of issue."""
    return access.rows(viewer, "case_view", Kit).filter(case=case).order_by("issued_at", "id")


def kits_not_at_mcio(*, viewer, case) -> QuerySet[Kit]:
    """The kits of the viewer's case that the MCIO does not hold yet, in order of issue."""
    waiting = (KitState.NUMBERED, KitState.SEALED)
    found = access.rows(viewer, "case_work", Kit).filter(case=case, state__in=waiting)
    return found.order_by("issued_at", "id")


def kit_number(*, viewer, case, kit_id: UUID, at: datetime) -> str:
    """The number of one kit of the viewer's case, opened from its seal; the look is an event."""
    kit = access.rows(viewer, "case_work", Kit).filter(case=case, pk=kit_id).first()
    if kit is None:
        raise NotFoundError
    return open_sealed(record=kit, actor=viewer, purpose="evidence", at=at)["number"]
