"""The open duties of a case, and the turns of those that repeat."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from reports import policy
from reports.ledger.selectors import events_happened_at
from reports.obligations.models import Duty, DutyState, Turn
from sapr import standing


@standing.asked_once(lasting=True)
def open_of(case_id: UUID) -> list[Duty]:
    """The open duties of a case that the present viewer may see, by due instant."""
    return list(Duty.objects.filter(case=case_id, state=DutyState.OPEN).order_by("due_at"))


@standing.asked_once(lasting=True)
def layers_of(case_id: UUID) -> set[str]:
    """The layers of the rules of every duty that the case ever had."""
    return set(Duty.objects.filter(case=case_id).order_by().values_list("layer", flat=True).distinct())


def changed(case_id: UUID, *, closed: set[UUID], kept: list[Duty]) -> None:
    """Duties of a case were closed, and others came: true again what one writer has at hand of it (`sapr.standing`)."""
    at_hand, layers = standing.answered(open_of, case_id), standing.answered(layers_of, case_id)
    if at_hand is not None:
        still = [each for each in (*at_hand, *kept) if each.state == DutyState.OPEN and each.pk not in closed]
        at_hand[:] = sorted(still, key=lambda each: each.due_at)
    if layers is not None:
        layers |= {each.layer for each in kept}


def first_turn(
    case, row: policy.Duty, event: UUID, about: UUID | None, *, at: datetime, now: datetime, reason: str
) -> Duty:
    """The duty that a row of a plan opens by an event of that instant; not saved."""
    duty = Duty(
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
    duty.turn = Turn(at, None, row.due_at)
    return duty


def look_up(duties: Iterable[Duty]) -> None:
    """Find out about the turns of these duties, all together; what is known already is not looked up."""
    unknown = [each for each in duties if each.turn is None]
    happened = events_happened_at({each.opened_event for each in unknown})
    later = {each.opened_event for each in unknown if each.occurrence > 1}
    rows = Duty.objects.filter(opened_event__in=later) if later else ()
    due = {_turn_of(each, each.occurrence): each.due_at for each in rows}
    for duty in unknown:
        before, first = (due.get(_turn_of(duty, number)) for number in (duty.occurrence - 1, 1))
        duty.turn = Turn(happened[duty.opened_event], before, first or duty.due_at)


def _turn_of(duty: Duty, occurrence: int) -> tuple[UUID, str, UUID, int]:
    return duty.case_id, duty.kind, duty.opened_event, occurrence


def is_at(duty: Duty, at: datetime) -> bool:
    """Whether something done at that instant counts for this turn of a duty. It is looked up.

    A second call in the same month is one more contact; it does not silence the next month. What was done before
    the duty arose does not fulfil it either, unless it is due at once: an advocate assigned before the referral
    came is assigned.
    """
    if duty.turn.before is not None:
        return at > duty.turn.before
    return duty.immediate or at >= duty.turn.happened


def next_turn(duty: Duty, now: datetime) -> Duty:
    """The turn after this one, which is looked up; not saved.

    Months count from the event, so that the 31st stays the 31st; weeks from the first turn.
    """
    anchor = duty.turn.happened if duty.repeats == "monthly" else duty.turn.first
    following = Duty(
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
    following.turn = Turn(duty.turn.happened, duty.due_at, duty.turn.first)
    return following
