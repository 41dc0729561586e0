"""Opening and discharging duties. What becomes due, and when, only the policy says."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from reports import policy
from reports.adoption.selectors import basis_for
from reports.ledger.selectors import event_happened_at
from reports.ledger.services import append
from reports.obligations import hooks
from reports.obligations.models import Duty, DutyState, LateReason
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
) -> list[Duty]:
    """Apply one event: open what the rules open, discharge what it discharges. Returns the opened duties.

    `about`: the one thing of the case (an order, a request, a kit) that the event is about. Its duties are opened for
    that thing, and it discharges none that are about another; an event of the whole case ends those of all things.
    """
    if kind not in policy.duty_events():
        return []
    plan = plan_for(case=case, kind=kind, at=at, facts=facts)
    now = clock.now()
    why = LateReason(late_reason).label if late_reason else ""
    waiting = Duty.objects.filter(case=case, state=DutyState.OPEN).order_by("due_at")
    of_this = waiting.filter(Q(about=None) | Q(about=about))
    for duty in of_this.filter(discharged_by=kind):
        if _in_its_turn(duty, at):
            discharge(duty=duty, event=event, actor=actor, at=at, reason=why)
    ended = waiting if about is None else of_this
    for duty in ended.filter(kind__in=plan.discharged).exclude(discharged_by=kind):
        _end(duty, event=event, actor=actor, at=at, now=now)
    for row in plan.not_applicable:
        _not_applicable(case=case, row=row, event=event, actor=actor, now=now, at=at)
    opened = [
        _open(
            case=case,
            row=row,
            event=event,
            about=about,
            actor=actor,
            now=now,
            reason=why if _late(row, now) else "",
        )
        for row in plan.opened
        # The same duty, open and due sooner, covers it: a conversion does not ask for a second DSAID entry.
        if row.repeats or not waiting.filter(kind=row.kind, about=about, due_at__lte=row.due_at).exists()
    ]
    for duty in opened:
        hooks.on_opened(duty=duty, actor=actor, at=at)
    return opened


def open_planned(*, case, plan: policy.DutyPlan, event: UUID, about: UUID, actor, at: datetime) -> list[Duty]:
    """Open what a plan says about one thing of the case, where the case itself cannot be read: in the worker."""
    now = clock.now()
    opened = [
        _open(case=case, row=row, event=event, about=about, actor=actor, now=now, reason="")
        for row in plan.opened
    ]
    for duty in opened:
        hooks.on_opened(duty=duty, actor=actor, at=at)
    return opened


def close_planned(*, case, plan: policy.DutyPlan, event: UUID, about: UUID, actor, at: datetime) -> None:
    """Close the open duties about one thing that a plan says are done or needless, as of `at`; for the worker."""
    waiting = Duty.objects.filter(case=case, about=about, state=DutyState.OPEN, kind__in=plan.discharged)
    for duty in waiting:
        if duty.discharged_by == plan.event:
            discharge(duty=duty, event=event, actor=actor, at=at)
        else:
            _end(duty, event=event, actor=actor, at=at, now=clock.now())


def plan_for(*, case, kind: str, at: datetime, facts: dict[str, Any]) -> policy.DutyPlan:
    """What the event opens and ends by the rules and policy settings in force at its instant. Writes nothing."""
    zone = case.installation.zone
    facts = known_of(case, zone) | facts
    found = basis_for(facts, on=at.astimezone(ZoneInfo(zone)).date(), at=at)
    return policy.duties(kind, facts, at=at, zone=zone, profile=found.profile, adopted=found.adopted)


def known_of(case, zone: str) -> dict[str, Any]:
    """What is known of a case without opening a seal: its report, and the Service whose rows opened a duty."""
    known: dict[str, Any] = {}
    report = getattr(case, "report", None)
    if report is not None:
        known["election"] = report.election
        known["signed_on"] = report.signed_at.astimezone(ZoneInfo(zone)).date()
    for layer in Duty.objects.filter(case=case).order_by().values_list("layer", flat=True).distinct():
        service = policy.service_of(layer)
        if service is not None:
            known["service"] = service
    return known


def late_rows(*, case, kind: str, at: datetime, facts: dict[str, Any]) -> list[policy.Duty]:
    """The duties that the event would open already too late, for which the rules ask a reason."""
    plan = plan_for(case=case, kind=kind, at=at, facts=facts)
    now = clock.now()
    return [row for row in plan.opened if _late(row, now)]


def require_late_reason(*, case, kind: str, at: datetime, facts: dict[str, Any], late_reason: object) -> str:
    """The LateReason to keep with an event entered so late that a duty is overdue already; '' when none is.

    Refuses when a reason is needed and none of the list is given: nothing is hidden and nothing re-dated.
    """
    if late_reason and late_reason not in LateReason.values:
        raise DomainError(
            "unknown_value", f"late_reason: choose one of {', '.join(LateReason.values)}.", path="late_reason"
        )
    late = late_rows(case=case, kind=kind, at=at, facts=facts)
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


def _open(*, case, row, event: UUID, about: UUID | None, actor, now: datetime, reason: str) -> Duty:
    return _keep(
        Duty(
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
        ),
        actor,
        now,
    )


def _keep(duty: Duty, actor, now: datetime) -> Duty:
    duty.save(force_insert=True)
    append(
        case_id=duty.case_id,
        kind="duty_opened",
        actor=actor,
        at=now,
        data={
            "duty": str(duty.pk),
            "kind": duty.kind,
            "rule": duty.rule,
            "due_at": duty.due_at.isoformat(),
        },
    )
    return duty


def _not_applicable(*, case, row, event: UUID, actor, now: datetime, at: datetime) -> None:
    duty = Duty(
        case=case,
        rule=row.rule,
        kind=row.kind,
        role="",
        state=DutyState.NOT_APPLICABLE,
        opened_event=event,
        opened_at=now,
        due_at=at,
        discharged_by="",
        closed_event=event,
        closed_at=now,
        reason=row.because[:200],
    )
    duty.save(force_insert=True)
    append(
        case_id=case.pk,
        kind="duty_not_applicable",
        actor=actor,
        at=now,
        data={"duty": str(duty.pk), "kind": row.kind, "rule": row.rule},
    )


def _close(duty: Duty, state: DutyState, *, event: UUID, now: datetime, reason: str) -> None:
    changed = Duty.objects.filter(pk=duty.pk, state=DutyState.OPEN).update(
        state=state, closed_event=event, closed_at=now, reason=(reason or duty.reason)[:200]
    )
    if changed != 1:
        raise DomainError("duty_closed", "This duty was closed in the meantime. Reload the page.", status=409)


def _end(duty: Duty, *, event: UUID, actor, at: datetime, now: datetime) -> None:
    """End a duty that something later makes needless; had its instant passed before that, it was missed."""
    if duty.immediate or at <= duty.due_at:
        _close(duty, DutyState.ENDED, event=event, now=now, reason="")
        _told(duty, "duty_ended", actor, now)
        return
    _close(duty, DutyState.MISSED, event=event, now=now, reason="")
    _told(duty, "duty_missed", actor, now)


def _in_its_turn(duty: Duty, at: datetime) -> bool:
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


def discharge(*, duty: Duty, event: UUID, actor, at: datetime, reason: str = "") -> DutyState:
    """Close an open duty by the event that fulfils it: done in time, or missed if its instant has passed.

    `at`: when it was fulfilled. An immediate duty is done whenever it is done; its two instants tell how long
    that took. A repeating duty opens its next turn at once. Returns the new state.
    """
    now = clock.now()
    state = DutyState.DISCHARGED if duty.immediate or at <= duty.due_at else DutyState.MISSED
    _close(duty, state, event=event, now=now, reason=reason)
    _told(duty, "duty_discharged" if state == DutyState.DISCHARGED else "duty_missed", actor, now)
    if duty.repeats:
        _open_next(duty, actor=actor, now=now)
    return state


def _told(duty: Duty, kind: str, actor, now: datetime) -> None:
    append(
        case_id=duty.case_id,
        kind=kind,
        actor=actor,
        at=now,
        data={"duty": str(duty.pk), "kind": duty.kind, "rule": duty.rule},
    )


def _open_next(duty: Duty, *, actor, now: datetime) -> Duty:
    return _keep(
        Duty(
            case_id=duty.case_id,
            rule=duty.rule,
            layer=duty.layer,
            rule_set=duty.rule_set,
            kind=duty.kind,
            role=duty.role,
            opened_event=duty.opened_event,
            about=duty.about,
            opened_at=now,
            due_at=policy.next_turn(duty.repeats, duty.due_at, _anchor(duty), duty.case.installation.zone),
            discharged_by=duty.discharged_by,
            repeats=duty.repeats,
            occurrence=duty.occurrence + 1,
        ),
        actor,
        now,
    )


def _anchor(duty: Duty) -> datetime:
    """What the turns count from: months from the event, so that the 31st stays the 31st; weeks from the first turn."""
    if duty.repeats == "monthly":
        return event_happened_at(duty.opened_event)
    return Duty.objects.get(
        case_id=duty.case_id, kind=duty.kind, opened_event=duty.opened_event, occurrence=1
    ).due_at
