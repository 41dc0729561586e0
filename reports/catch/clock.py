"""What the rules ask of the system itself, done at its instant by whoever keeps the clock: ending CATCH credentials."""

from datetime import datetime

from django.db.models import QuerySet

from reports.catch.credentials import CLOSED
from reports.ledger.services import append
from reports.obligations.models import Duty, DutyState
from reports.obligations.services import discharge


def due(until: datetime) -> QuerySet[Duty]:
    """The clocks of credentials that have run out, the first at the top."""
    found = Duty.objects.filter(discharged_by=CLOSED, role="system", state=DutyState.OPEN, due_at__lte=until)
    return found.order_by("due_at", "id")


def end(duty: Duty) -> None:
    """The credentials ended at the duty's instant, whenever somebody came to look; in the worker's role."""
    data = {"credentials": str(duty.about)}
    event = append(case_id=duty.case_id, kind=CLOSED, actor=None, at=duty.due_at, data=data)
    discharge(duty=duty, event=event, actor=None, at=duty.due_at)
