"""Opening and discharging duties. What becomes due, and when, only the policy says."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from reports import policy
from reports.adoption.selectors import basis_for
from reports.obligations import hooks
from reports.obligations.changes import Changes
from reports.obligations.known import disposed_at, known_of
from reports.obligations.models import Duty, DutyState, LateReason
from reports.obligations.turns import first_turn, is_at, look_up, next_turn, open_of
from sapr import clock
from sapr.errors import DomainError


def apply(
    *,
    case,
    event: UUID,
    kind: str,
    actor,
    at: datetime,
    facts: dict[str, Any],
    late_reason: str,
    about: UUID | None = None,
    plan: policy.DutyPlan | None = None,
    waiting: Callable[[], list[Duty]] | None = None,
) -> list[Duty]:
    """Apply one event: open what the rules open, discharge what it discharges. Returns the opened duties.

    `about`: the one thing of the case (an order, a request, a kit) that the event is about. Its duties are opened for
    that thing, and it discharges none that are about another; an event of the whole case does those of all things.
    `plan`: what the event does, where it was worked out already. `waiting`: the case's open duties, where they were
    asked for since its chain is held.
    """
    if kind not in policy.duty_events():
        return []
    plan = plan or plan_for(case=case, kind=kind, at=at, facts=facts)
    why = LateReason(late_reason).label if late_reason else ""
    # All of them at once, and written in few statements: a meeting does this for every case of its list.
    due = waiting() if waiting else open_of(case.pk)
    for duty in due:
        duty.case = case
    changes = Changes(case_id=case.pk, event=event, actor=actor, now=clock.now())
    of_this = [each for each in due if about is None or each.about in (None, about)]
    _close_turns([each for each in of_this if each.discharged_by == kind], changes, at=at, reason=why)
    for duty in of_this:
        if duty.kind in plan.discharged and duty.discharged_by != kind:
            changes.end(duty, at)
    for row in plan.not_applicable:
        changes.leave_out(case, row, at)
    opened = []
    for row in plan.opened:
        # The same duty, open and due sooner, covers it: a conversion does not ask for a second DSAID entry, and what
        # repeats runs once. Not where each event owes its own: a meeting does not take the place of the update after
        # the one before.
        if row.each_time or not _covered(row, about, [*due, *changes.opened]):
            reason = why if _late(row, changes.now) else ""
            duty = first_turn(case, row, event, about, at=at, now=changes.now, reason=reason)
            opened.append(changes.open(duty))
    changes.write()
    hooks.on_opened(duties=opened, actor=actor, at=at)
    # Further turns of what was done; they begin now, not when their event happened.
    further = [duty for duty in changes.opened if duty not in opened]
    hooks.on_opened(duties=further, actor=actor, at=changes.now)
    return opened


def open_planned(*, case, plan: policy.DutyPlan, event: UUID, about: UUID, actor, at: datetime) -> list[Duty]:
    """Open what a plan says about one thing of the case, where the case itself cannot be read: in the worker."""
    changes = Changes(case_id=case.pk, event=event, actor=actor, now=clock.now())
    for row in plan.opened:
        changes.open(first_turn(case, row, event, about, at=at, now=changes.now, reason=""))
    changes.write()
    hooks.on_opened(duties=changes.opened, actor=actor, at=at)
    return changes.opened


def close_planned(*, case, plan: policy.DutyPlan, event: UUID, about: UUID, actor, at: datetime) -> None:
    """Close the open duties about one thing that a plan says are done or needless, as of `at`; for the worker."""
    waiting = Duty.objects.filter(case=case, about=about, state=DutyState.OPEN, kind__in=plan.discharged)
    for duty in waiting:
        if duty.discharged_by == plan.event:
            discharge(duty=duty, event=event, actor=actor, at=at)
        else:
            changes = Changes(case_id=case.pk, event=event, actor=actor, now=clock.now())
            changes.end(duty, at)
            changes.write()


def _close_turns(duties: list[Duty], changes: Changes, *, at: datetime, reason: str) -> None:
    """What the event does, as far as it is their turn."""
    look_up(duties)
    for duty in duties:
        if is_at(duty, at):
            changes.do(duty, at, reason)
            if duty.repeats:
                changes.open(next_turn(duty, changes.now))


def _covered(row: policy.Duty, about: UUID | None, duties: list[Duty]) -> bool:
    return any(
        each.state == DutyState.OPEN
        and each.kind == row.kind
        and each.about == about
        and (row.repeats or each.due_at <= row.due_at)
        for each in duties
    )


def plan_for(
    *, case, kind: str, at: datetime, facts: dict[str, Any], known: dict[str, Any] | None = None
) -> policy.DutyPlan:
    """What the event opens and ends by the rules and policy settings in force at its instant. Writes nothing.

    `known`: what the case's rows say beside the facts, where they were read already.
    """
    zone = case.installation.zone
    if known is None:
        known = known_of(case, zone) | {"disposition_final": disposed_at(case) is not None}
    facts = known | facts
    found = basis_for(facts, on=at.astimezone(ZoneInfo(zone)).date(), at=at)
    return policy.duties(kind, facts, at=at, zone=zone, profile=found.profile, adopted=found.adopted)


def late_rows(
    *, case, kind: str, at: datetime, facts: dict[str, Any], plan: policy.DutyPlan | None = None
) -> list[policy.Duty]:
    """The duties that the event would open already too late, for which the rules ask a reason.

    `plan`: what the event does, where it was worked out already.
    """
    plan = plan or plan_for(case=case, kind=kind, at=at, facts=facts)
    now = clock.now()
    return [row for row in plan.opened if _late(row, now)]


def require_late_reason(
    *,
    case,
    kind: str,
    at: datetime,
    facts: dict[str, Any],
    late_reason: object,
    plan: policy.DutyPlan | None = None,
) -> str:
    """The LateReason to keep with an event entered so late that a duty is overdue already; '' when none is.

    Refuses when a reason is needed and none of the list is given: nothing is hidden and nothing re-dated.
    """
    if late_reason and late_reason not in LateReason.values:
        raise DomainError(
            "unknown_value", f"late_reason: choose one of {', '.join(LateReason.values)}.", path="late_reason"
        )
    late = late_rows(case=case, kind=kind, at=at, facts=facts, plan=plan)
    if late and not late_reason:
        first = min(late, key=lambda row: row.due_at)
        raise DomainError(
            "late_reason_needed",
            f"This is overdue already: {first.sentence} Say why the form is entered only now.",
            path="late_reason",
            rule=first.rule,
        )
    return str(late_reason) if late else ""


def _late(row: policy.Duty, now: datetime) -> bool:
    """Whether a reason is asked: never of an immediate duty, which is past its trigger whenever one looks."""
    return row.late_reason_needed and not row.immediate and row.due_at < now


def discharge(*, duty: Duty, event: UUID, actor, at: datetime, reason: str = "") -> DutyState:
    """Close an open duty by the event that fulfils it: done in time, or missed if its instant has passed.

    `at`: when it was fulfilled. An immediate duty is done whenever it is done; its two instants tell how long
    that took. A repeating duty opens its next turn at once. Returns the new state.
    """
    changes = Changes(case_id=duty.case_id, event=event, actor=actor, now=clock.now())
    changes.do(duty, at, reason)
    if duty.repeats:
        look_up([duty])
        changes.open(next_turn(duty, changes.now))
    changes.write()
    hooks.on_opened(duties=changes.opened, actor=actor, at=changes.now)
    return duty.state
