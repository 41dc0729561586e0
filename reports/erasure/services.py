"""Holds, and the two-person way to destroying a case's keys. The destroying itself is `destruction`'s."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.selectors import is_second_person
from reports import access
from reports.erasure import selectors
from reports.erasure.models import Erasure, ErasureState, Hold, HoldReason
from reports.erasure.retention import ON_HOLD, require_over
from reports.ledger.services import append, append_system
from reports.recording import record
from reports.validation import instant
from sapr.errors import DomainError, NotFoundError

# Not being done, and not done: what was agreed on can still be taken back.
UNDONE = [ErasureState.PROPOSED, ErasureState.APPROVED]


@access.service
def hold_place(*, actor, case_id: UUID, reason: str, at: datetime) -> Hold:
    """Nothing of the case may be destroyed from now on, for a reason of the list. One open hold for each reason."""
    case = access.case_for(actor, case_id, "hold_case")
    at = instant(at, "at")
    if reason not in HoldReason.values:
        raise DomainError("unknown_value", "reason: choose one of the listed reasons.", path="reason")
    if selectors.is_being_destroyed(case.pk):
        raise DomainError(
            "being_destroyed", "The keys of this case are being destroyed. A hold comes too late.", status=409
        )
    hold = Hold(case=case, reason=reason, placed_by=actor, placed_at=at)
    try:
        with transaction.atomic():
            hold.save(force_insert=True)
    except IntegrityError:
        raise DomainError(
            "already_on_hold", "A hold for this reason is open already.", status=409, path="reason"
        ) from None
    record(case=case, kind="hold_placed", actor=actor, at=at, data={"hold": str(hold.pk), "reason": reason})
    return hold


@access.service
def hold_lift(*, actor, case_id: UUID, hold_id: UUID, at: datetime) -> Hold:
    """The reason has gone. Another person than the one who placed it is not needed: erasing takes two anyway."""
    case = access.case_for(actor, case_id, "hold_case")
    at = instant(at, "at")
    hold = selectors.case_holds(viewer=actor, case=case).filter(pk=hold_id).first()
    if hold is None:
        raise NotFoundError
    if at < hold.placed_at:
        raise DomainError(
            "before_the_hold", "The hold was placed later than this. Check the time.", path="at"
        )
    if Hold.objects.filter(pk=hold.pk, lifted_at=None).update(lifted_by=actor, lifted_at=at) != 1:
        raise DomainError("already_lifted", "This hold was lifted before.", status=409)
    data = {"hold": str(hold.pk), "reason": hold.reason}
    record(case=case, kind="hold_lifted", actor=actor, at=at, data=data)
    hold.refresh_from_db()
    return hold


@access.service
def erasure_propose(*, actor, case_id: UUID, at: datetime) -> Erasure:
    """Put before a programme manager that the case's keys be destroyed, for ever.

    The actor says by this that no legal proceeding, appeal or CATCH entry is open. Refused while a rule keeps
    anything of the case (RT-*), while a hold is open, and for a contact that has not ended.
    """
    case = access.case_for(actor, case_id, "propose_erasure")
    at = instant(at, "at")
    _require_no_hold(case.pk)
    kept = require_over(selectors.held_by(case.pk), at=at)
    row = Erasure(
        case=case,
        number=case.number,
        keep_until=kept.until,
        rules=kept.rules,
        proposed_by=actor,
        proposed_at=at,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise DomainError(
            "already_proposed", "This was proposed before; see what became of it.", status=409
        ) from None
    record(case=case, kind="erasure_proposed", actor=actor, at=at, data=_told(row))
    row.refresh_from_db()
    return row


@access.service
def erasure_approve(*, actor, erasure_id: UUID, at: datetime) -> Erasure:
    """The second person says yes. Whoever runs the system then destroys the keys by `manage.py erase`."""
    row = _waiting(actor, erasure_id)
    at = instant(at, "at")
    _require_second(actor, row)
    _require_no_hold(row.case_id)
    require_unchanged(row, at=at)
    return _decide(row, [ErasureState.PROPOSED], ErasureState.APPROVED, actor, at)


@access.service
def erasure_refuse(*, actor, erasure_id: UUID, at: datetime) -> Erasure:
    """The second person says no, also after an approval; it may be proposed again."""
    row = _waiting(actor, erasure_id)
    at = instant(at, "at")
    _require_second(actor, row)
    return _decide(row, UNDONE, ErasureState.REFUSED, actor, at)


@access.service
def erasure_withdraw(*, actor, case_id: UUID, erasure_id: UUID, at: datetime) -> Erasure:
    """Who proposed it takes it back, as long as it is not being done."""
    case = access.case_for(actor, case_id, "propose_erasure")
    at = instant(at, "at")
    row = selectors.case_erasures(viewer=actor, case=case).filter(pk=erasure_id).first()
    if row is None:
        raise NotFoundError
    if row.proposed_by_id != actor.pk:
        raise DomainError("not_your_proposal", "Only who proposed this takes it back.", status=409)
    return _decide(row, UNDONE, ErasureState.WITHDRAWN, actor, at)


def _waiting(actor, erasure_id: UUID) -> Erasure:
    access.require(actor, "decide_erasure")
    return selectors.erasure_get(viewer=actor, erasure_id=erasure_id)


def _require_no_hold(case_id: UUID) -> None:
    if selectors.is_on_hold(case_id):
        raise ON_HOLD


def _require_second(actor, row: Erasure) -> None:
    if not is_second_person(row, actor):
        raise DomainError(
            "second_person_needed",
            "You cannot decide this: you proposed it, you were appointed after it was proposed, or one person stands "
            "behind your account and the proposer's. Another programme manager must.",
            status=409,
        )


def require_unchanged(row: Erasure, *, at: datetime) -> None:
    """Refuse when the case holds something else than when it was proposed, or when a rule keeps it after all."""
    held = selectors.held_by(row.case_id)
    if held[:4] != (row.signed_on, row.signed_as, row.converted_on, row.has_kit):
        raise DomainError(
            "case_changed",
            "The case changed since this was proposed. Refuse it or take it back, and let it be proposed anew.",
            status=409,
        )
    require_over(held, at=at)


def _decide(row: Erasure, before: list[ErasureState], state: ErasureState, actor, at: datetime) -> Erasure:
    changed = Erasure.objects.filter(pk=row.pk, state__in=before).update(
        state=state, decided_by=actor, decided_at=at
    )
    if changed != 1:
        raise DomainError("already_decided", "This was decided in the meantime. Look again.", status=409)
    row.refresh_from_db()
    if state == ErasureState.WITHDRAWN:
        append(case_id=row.case_id, kind="erasure_withdrawn", actor=actor, at=at, data=_told(row))
    else:
        # Who decides is not on the case: the decision stands on the system's own chain.
        append_system(kind=f"erasure_{state}", actor=actor, at=at, data=_told(row))
    return row


def _told(row: Erasure) -> dict[str, Any]:
    until = row.keep_until.isoformat() if row.keep_until else None
    return {"erasure": str(row.pk), "keep_until": until, "rules": row.rules}
