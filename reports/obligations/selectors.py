"""Reads of duties, as seen by a viewer."""

from django.db.models import QuerySet

from reports import access
from reports.obligations.models import Duty, DutyState


def open_duties(*, viewer) -> QuerySet[Duty]:
    """The open duties of the cases the viewer works on, soonest first."""
    return (
        access.rows(viewer, "discharge_duty", Duty)
        .filter(state=DutyState.OPEN)
        .select_related("case", "case__installation")
        .order_by("due_at", "id")
    )


def case_duties(*, viewer, case) -> QuerySet[Duty]:
    """All duties of one of the viewer's cases, by due instant."""
    return access.rows(viewer, "case_view", Duty).filter(case=case).order_by("due_at", "id")
