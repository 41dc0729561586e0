"""A Restricted notice that was placed at its last slot, and sweeps in the worker's role."""

from datetime import datetime, timedelta

from notifications.acknowledging.models import Acknowledgement
from notifications.models import InboxItem
from notifications.sweeping import sweep
from reports import access
from reports.ledger.models import Event
from reports.obligations.models import Duty
from sapr import clock
from tests.times import T0

PLACED = T0 + timedelta(hours=20)
NUDGE, ALTERNATE, TELEPHONE = (PLACED + timedelta(hours=hours) for hours in (12, 24, 36))


def swept(stage, at: datetime) -> dict[str, int]:
    """Move the clock there and sweep as the worker."""
    clock.move(at, hold=True)
    with stage.as_worker():
        return sweep()


def inbox(world, person: str = "commander") -> list[InboxItem]:
    """What lies in somebody's inbox."""
    with access.viewing(getattr(world, person)):
        return list(InboxItem.objects.order_by("slot"))


def waiting_of(world, case_id) -> Acknowledgement:
    """The waiting of the case's one placed notice, as its SARC sees it."""
    with access.viewing(world.sarc):
        return Acknowledgement.objects.select_related("notice").get(case_id=case_id)


def kinds_of(world, case_id) -> list[str]:
    """The kinds of events of the case, in order."""
    with access.viewing(world.sarc):
        return list(Event.objects.filter(case_id=case_id).order_by("seq").values_list("kind", flat=True))


def duties_of(world, case_id, kind: str) -> list[Duty]:
    """The case's duties of one kind, in the order in which they were opened."""
    with access.viewing(world.sarc):
        return list(Duty.objects.filter(case_id=case_id, kind=kind).order_by("opened_at"))
