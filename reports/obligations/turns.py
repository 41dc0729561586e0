"""The turns of a repeating duty: which one something done counts for, when the next falls due, how they go on."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from reports import policy
from reports.ledger.selectors import event_happened_at
from reports.obligations.models import Duty, DutyState


class Turn(NamedTuple):
    """When a turn is due. `counts_from`: what its turns count from, where that is not the event that opened it."""

    due_at: datetime
    counts_from: datetime | None = None


def in_its_turn(duty: Duty, at: datetime) -> bool:
    """Whether something done at that instant counts for this turn of a duty.

    A second call in the same month is one more contact; it does not silence the next month. What was done before
    the duty arose does not fulfil it either, unless it is due at once: an advocate assigned before the referral
    came is assigned.
    """
    before = Duty.objects.filter(
        case_id=duty.case_id,
        kind=duty.kind,
        opened_event=duty.opened_event,
        occurrence=duty.occurrence - 1,
    ).first()
    if before is not None:
        return at > before.due_at
    return duty.immediate or at >= event_happened_at(duty.opened_event)


def next_due(duty: Duty, after: datetime) -> datetime:
    """When the first of its turns is due that is later than that instant."""
    return policy.next_turn(duty.repeats, after, anchor(duty), duty.case.installation.zone)


def anchor(duty: Duty) -> datetime:
    """What the turns count from: months from the event, so that the 31st stays the 31st; weeks from the first turn."""
    if duty.counts_from is not None:
        return duty.counts_from
    if duty.repeats == "monthly":
        return event_happened_at(duty.opened_event)
    return Duty.objects.get(
        case_id=duty.case_id, kind=duty.kind, opened_event=duty.opened_event, occurrence=1
    ).due_at


def first_turn(*, case, row: policy.Duty, about: UUID | None, at: datetime) -> Turn:
    """The turn with which a duty that an event at that instant opens begins.

    A repeating duty that ran in this case before and was ended goes on as if it had not been: by the same day of the
    month, with the turn that was open then, or with the first that is not past. Nothing falls due later for a case
    that was closed for a while.
    """
    if not row.repeats:
        return Turn(row.due_at)
    ran = Duty.objects.filter(case=case, kind=row.kind, about=about, repeats=row.repeats)
    last = ran.exclude(state=DutyState.OPEN).order_by("-closed_at", "-due_at").first()
    if last is None or ran.filter(state=DutyState.OPEN).exists():
        return Turn(row.due_at)
    stopped = ran.filter(closed_event=last.closed_event).select_related("case__installation")
    return min(
        Turn(each.due_at if each.due_at > at else next_due(each, at), anchor(each)) for each in stopped
    )
