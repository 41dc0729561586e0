"""The open duties of a case, and the turns of those that repeat."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from reports import policy
from reports.ledger.selectors import events_happened_at
from reports.obligations.models import Duty, DutyState, Turn
from sapr import standing
from sapr.composed import composed
from sapr.making import made

DONE = (DutyState.DISCHARGED, DutyState.MISSED)


@standing.asked_once(lasting=True)
def open_of(case_id: UUID) -> list[Duty]:
    """The open duties of a case that the present viewer may see, by due instant."""
    return _open(case_id)


def open_ahead(case_id: UUID) -> Callable[[], list[Duty]]:
    """The same, asked for now (`sapr.sending`) by whoever holds the chain; what is returned waits for them."""
    return _open.ahead(case_id)


@composed
def _open(case_id: UUID) -> QuerySet[Duty]:
    return Duty.objects.filter(case=case_id, state=DutyState.OPEN).order_by("due_at")


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
    due_at, counts_from, before = _going_on(case, row, about, at) if row.repeats else (row.due_at, None, None)
    duty = made(
        Duty,
        case=case,
        rule=row.rule,
        layer=row.layer,
        rule_set=row.rule_set,
        kind=row.kind,
        role=row.role,
        opened_event=event,
        about=about,
        opened_at=now,
        due_at=due_at,
        counts_from=counts_from,
        discharged_by=row.discharged_by,
        repeats=row.repeats or "",
        immediate=row.immediate,
        reason=reason,
    )
    duty.turn = Turn(at, before, due_at)
    return duty


def _going_on(
    case, row: policy.Duty, about: UUID | None, at: datetime
) -> tuple[datetime, datetime | None, datetime | None]:
    """When the first turn of a repeating duty is due, and of one that ran before: what its turns count from, and when
    the last turn that was done was due.

    One that ran in this case before and was ended goes on as if it had not been: by the same day of the month, with the
    turn that was open then, or with the first that is not past. Nothing falls due later for a case that was closed
    for a while.
    """
    ran = list(Duty.objects.filter(case=case, kind=row.kind, about=about, repeats=row.repeats))
    if not ran or any(each.state == DutyState.OPEN for each in ran):
        return row.due_at, None, None
    last = max(ran, key=lambda each: (each.closed_at, each.due_at))
    stopped = [each for each in ran if each.closed_event == last.closed_event]
    look_up(stopped)
    due_at, counts_from = min(
        (each.due_at if each.due_at > at else _due_after(each, at, case.installation.zone), anchor(each))
        for each in stopped
    )
    return due_at, counts_from, _done_before(ran, due_at)


def _done_before(ran: Iterable[Duty], due_at: datetime) -> datetime | None:
    """When the last of these turns that something was done for was due, of those before an instant."""
    return max((each.due_at for each in ran if each.state in DONE and each.due_at < due_at), default=None)


def anchor(duty: Duty) -> datetime:
    """What its turns count from: months from the event, so that the 31st stays the 31st; weeks from the first turn.

    It is looked up.
    """
    return duty.counts_from or (duty.turn.happened if duty.repeats == "monthly" else duty.turn.first)


def _due_after(duty: Duty, instant: datetime, zone: str) -> datetime:
    return policy.next_turn(duty.repeats, instant, anchor(duty), zone)


def look_up(duties: Iterable[Duty]) -> None:
    """Find out about the turns of these duties, all together; what is known already is not looked up."""
    unknown = [each for each in duties if each.turn is None]
    happened = events_happened_at({each.opened_event for each in unknown})
    later = {each.opened_event for each in unknown if each.occurrence > 1}
    rows = Duty.objects.filter(opened_event__in=later) if later else ()
    due = {_turn_of(each, each.occurrence): each.due_at for each in rows}
    for duty in unknown:
        before, first = (due.get(_turn_of(duty, number)) for number in (duty.occurrence - 1, 1))
        if duty.counts_from is not None and duty.occurrence == 1:
            # Before a pause the turns have another opening event.
            ran = Duty.objects.filter(case=duty.case_id, kind=duty.kind, about=duty.about, state__in=DONE)
            before = _done_before(ran, duty.due_at)
        duty.turn = Turn(happened[duty.opened_event], before, first or duty.due_at)


def _turn_of(duty: Duty, occurrence: int) -> tuple[UUID, str, UUID, int]:
    return duty.case_id, duty.kind, duty.opened_event, occurrence


def is_at(duty: Duty, at: datetime) -> bool:
    """Whether something done at that instant counts for this turn of a duty. It is looked up.

    A second call in the same month is one more contact; it does not silence the next month, also where the duty was
    ended in between and goes on. What was done before
    the duty arose does not fulfil it either, unless it is due at once: an advocate assigned before the referral
    came is assigned.
    """
    if duty.turn.before is not None and at <= duty.turn.before:
        return False
    return duty.immediate or at >= duty.turn.happened


def next_turn(duty: Duty, now: datetime) -> Duty:
    """The turn after this one, which is looked up; not saved."""
    following = made(
        Duty,
        case=duty.case,
        rule=duty.rule,
        layer=duty.layer,
        rule_set=duty.rule_set,
        kind=duty.kind,
        role=duty.role,
        opened_event=duty.opened_event,
        about=duty.about,
        opened_at=now,
        due_at=_due_after(duty, duty.due_at, duty.case.installation.zone),
        counts_from=duty.counts_from,
        discharged_by=duty.discharged_by,
        repeats=duty.repeats,
        occurrence=duty.occurrence + 1,
    )
    following.turn = Turn(duty.turn.happened, duty.due_at, duty.turn.first)
    return following
