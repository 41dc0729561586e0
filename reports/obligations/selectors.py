"""Reads of duties, as seen by a viewer."""

from django.db.models import QuerySet

from reports import access
from reports.obligations.models import Duty, DutyState


def open_duties(*, viewer) -> QuerySet[Duty]:
    """The open duties of the viewer's cases, soonest first."""
    return (
        Duty.objects.filter(state=DutyState.OPEN, case_id__in=access.case_ids(viewer))
        .select_related("case", "case__installation")
        .order_by("due_at", "id")
    )


def case_duties(*, viewer, case) -> QuerySet[Duty]:
    """All duties of one of the viewer's cases, by due instant."""
    return Duty.objects.filter(case=case, case_id__in=access.case_ids(viewer)).order_by("due_at", "id")
