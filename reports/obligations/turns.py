"""The turns of a repeating duty: whether something done counts for this one, and when the next is due."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from reports import policy
from reports.ledger.selectors import events_happened_at
from reports.obligations.models import Duty


def first_turn(case, row: policy.Duty, event: UUID, about: UUID | None, now: datetime, reason: str) -> Duty:
    """The duty that a row of a plan opens; not saved."""
    return Duty(
        case=case,
        rule=row.rule,
        layer=row.layer,
        rule_set=row.rule_set,
        kind=row.kind,
        role=row.role,
        opened_event=event,
        about=about,
        opened_at=now,
        due_at=row.due_at,
        discharged_by=row.discharged_by,
        repeats=row.repeats or "",
        immediate=row.immediate,
        reason=reason,
    )


class Turns:
    """The turns of some open duties of one case, looked up together."""

    def __init__(self, duties: Iterable[Duty]) -> None:
        duties = list(duties)
        self._happened = events_happened_at({each.opened_event for each in duties})
        later = [each for each in duties if each.occurrence > 1]
        earlier = Duty.objects.filter(opened_event__in={each.opened_event for each in later}) if later else ()
        self._due = {
            (each.case_id, each.opened_event, each.kind, each.occurrence): each.due_at
            for each in (*earlier, *duties)
        }

    def is_at(self, duty: Duty, at: datetime) -> bool:
        """Whether something done at that instant counts for this turn of a duty.

        A second call in the same month is one more contact; it does not silence the next month. What was done before
        the duty arose does not fulfil it either, unless it is due at once: an advocate assigned before the referral
        came is assigned.
        """
        before = self._due_of(duty, duty.occurrence - 1)
        if before is not None:
            return at > before
        return duty.immediate or at >= self._happened[duty.opened_event]

    def next(self, duty: Duty, now: datetime) -> Duty:
        """The next turn; not saved.

        Months count from the event, so that the 31st stays the 31st; weeks from the first turn.
        """
        anchor = self._happened[duty.opened_event] if duty.repeats == "monthly" else self._due_of(duty, 1)
        return Duty(
            case=duty.case,
            rule=duty.rule,
            layer=duty.layer,
            rule_set=duty.rule_set,
            kind=duty.kind,
            role=duty.role,
            opened_event=duty.opened_event,
            about=duty.about,
            opened_at=now,
            due_at=policy.next_turn(duty.repeats, duty.due_at, anchor, duty.case.installation.zone),
            discharged_by=duty.discharged_by,
            repeats=duty.repeats,
            occurrence=duty.occurrence + 1,
        )

    def _due_of(self, duty: Duty, occurrence: int) -> datetime | None:
        return self._due.get((duty.case_id, duty.opened_event, duty.kind, occurrence))
