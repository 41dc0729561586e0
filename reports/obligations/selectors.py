"""Reads of duties, as seen by a viewer."""

from django.db.models import QuerySet

from accounts.selectors import places_by_role
from reports import access
from reports.obligations.models import Duty, DutyState
from sapr import clock


def open_duties(*, viewer) -> QuerySet[Duty]:
    """The open duties of the cases the viewer works on, soonest first.

    A case that one works on lies where one holds a role: said here once more, so that they are read in their order, and
    those of other places never.
    """
    now = clock.now()
    places = {place for held in places_by_role(viewer, now).values() for place in held}
    return (
        access.rows(viewer, "discharge_duty", Duty, now)
        .filter(state=DutyState.OPEN, place__in=places)
        .select_related("case", "case__installation")
        .order_by("due_at", "id")
    )


def case_duties(*, viewer, case) -> QuerySet[Duty]:
    """All duties of one of the viewer's cases, by due instant."""
    return access.rows(viewer, "case_view", Duty).filter(case=case).order_by("due_at", "id")
