"""Reads of holds and erasures, as seen by a viewer. A programme manager sees proposals and nothing of their cases."""

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from reports import access
from reports.erasure.models import Erasure, ErasureState, Hold
from reports.erasure.retention import ON_HOLD, Held, require_over
from sapr.errors import DomainError, NotFoundError


def case_holds(*, viewer, case) -> QuerySet[Hold]:
    """The holds of one of the viewer's cases, open ones first."""
    rows = access.of_case(viewer, "case_view", Hold, case)
    return rows.select_related("placed_by", "lifted_by").order_by("-lifted_at", "placed_at", "id")


def case_erasures(*, viewer, case) -> QuerySet[Erasure]:
    """What was proposed for one of the viewer's cases, the latest first."""
    rows = access.of_case(viewer, "case_view", Erasure, case)
    return rows.select_related("proposed_by", "decided_by").order_by("-proposed_at", "id")


def kept_because(*, viewer, case, at: datetime) -> str:
    """Why nothing of one of the viewer's cases may be destroyed now, in a sentence; '' when it may be proposed."""
    if is_on_hold(case.pk):
        return ON_HOLD.message
    try:
        require_over(held_by(case.pk), at=at)
    except DomainError as refusal:
        return f"{refusal.message} (Rule {refusal.rule})" if refusal.rule else refusal.message
    return ""


def held_by(case_id: UUID) -> Held:
    """What the case holds that a rule may keep: asked by whoever takes a step towards erasing it, also unseen."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT signed_on, signed_as, converted_on, has_kit, ended FROM sapr_case_held(%s)", [case_id]
        )
        return Held(*cursor.fetchone())


def erasures(*, viewer) -> QuerySet[Erasure]:
    """Every proposal, the latest first; programme managers only."""
    access.require(viewer, "decide_erasure")
    rows = access.rows(viewer, "decide_erasure", Erasure)
    return rows.select_related("proposed_by", "decided_by").order_by("-proposed_at", "id")


def waiting(*, viewer) -> QuerySet[Erasure]:
    """The proposals that wait for a second person."""
    return erasures(viewer=viewer).filter(state=ErasureState.PROPOSED)


def erasure_get(*, viewer, erasure_id: UUID) -> Erasure:
    """One proposal, or NotFoundError."""
    row = erasures(viewer=viewer).filter(pk=erasure_id).first()
    if row is None:
        raise NotFoundError
    return row


def is_being_destroyed(case_id: UUID) -> bool:
    """Whether whoever runs the system has begun to destroy the case's keys."""
    begun = [ErasureState.DESTROYING, ErasureState.DONE]
    return Erasure.objects.filter(case_id=case_id, state__in=begun).exists()


def is_on_hold(case_id: UUID) -> bool:
    """Whether a hold is open. The one thing about holds that also who decides, and the command, may ask."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sapr_on_hold(%s)", [case_id])
        return cursor.fetchone()[0]
