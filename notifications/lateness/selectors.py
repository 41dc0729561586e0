"""What a viewer's posts were told of duties, as seen without their cases."""

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from notifications.lateness.models import Escalation, EscalationState
from reports import access


def told(*, viewer, at: datetime) -> QuerySet[Escalation]:
    """The tellings to the viewer's posts whose duty still stands, the one due longest first; of each the newest step.

    They show the installation, whose duty it is and since when it is due: nothing of the case.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT sapr_told_and_open()")
        standing: list[UUID] = cursor.fetchone()[0]
    found = access.rows(viewer, "see_reminders", Escalation, at).filter(
        state=EscalationState.TOLD, duty_id__in=standing
    )
    newest = found.order_by("duty_id", "-step").distinct("duty_id").values("pk")
    return (
        Escalation.objects.filter(pk__in=newest).select_related("place", "post").order_by("duty_due_at", "id")
    )


def told_of(*, viewer, duties: list[UUID]) -> dict[UUID, list[Escalation]]:
    """Of the viewer's own cases: whom these duties were told to, in that order."""
    rows = access.rows(viewer, "case_view", Escalation, few=True).filter(
        duty_id__in=duties, state=EscalationState.TOLD
    )
    found: dict[UUID, list[Escalation]] = {}
    for row in rows.select_related("post").order_by("step", "role"):
        found.setdefault(row.duty_id, []).append(row)
    return found
