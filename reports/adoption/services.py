"""Changing the settings under which cases are decided: one programme manager proposes, another decides."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.selectors import is_second_person
from reports import access
from reports.adoption import selectors
from reports.adoption.checks import change_check, change_fits, proposed_already
from reports.adoption.models import ChangeKind, ChangeState, PolicyChange
from reports.ledger.services import append_system
from reports.validation import instant
from sapr.errors import DomainError

VERB = "change_policy"


@access.service
def change_propose(
    *,
    actor,
    at: datetime,
    profile: str = "",
    service: str = "",
    rule_set: str = "",
    starts_on: date | None = None,
) -> PolicyChange:
    """Put a change before a second programme manager: another profile, or a rule set that a Service adopts.

    Either `profile` alone, or `service`, `rule_set` and `starts_on`. Nothing changes until it is approved.
    """
    access.require(actor, VERB)
    at = instant(at, "at")
    change_check(profile=profile, service=service, rule_set=rule_set, starts_on=starts_on, at=at)
    change = PolicyChange(
        kind=ChangeKind.PROFILE if profile else ChangeKind.ADOPTION,
        profile=profile,
        service=service,
        rule_set=rule_set,
        starts_on=starts_on,
        proposed_by=actor,
        proposed_at=at,
    )
    try:
        with transaction.atomic():
            change.save(force_insert=True)
    except IntegrityError:
        raise proposed_already() from None
    return _recorded(change, actor, at)


@access.service
def change_approve(*, actor, change_id: UUID, at: datetime) -> PolicyChange:
    """The second person says yes: from this instant on cases are decided so. Earlier decisions stand."""
    change = _open(actor, change_id)
    at = instant(at, "at")
    _require_second(actor, change)
    change_fits(change, at)
    return _decide(change, ChangeState.APPROVED, actor, at)


@access.service
def change_refuse(*, actor, change_id: UUID, at: datetime) -> PolicyChange:
    """The second person says no; the same may be proposed again."""
    change = _open(actor, change_id)
    at = instant(at, "at")
    _require_second(actor, change)
    return _decide(change, ChangeState.REFUSED, actor, at)


@access.service
def change_withdraw(*, actor, change_id: UUID, at: datetime) -> PolicyChange:
    """Who proposed it takes it back."""
    change = _open(actor, change_id)
    at = instant(at, "at")
    if change.proposed_by_id != actor.pk:
        raise DomainError(
            "not_your_proposal",
            "Only the person who proposed this takes it back. You can refuse it.",
            status=409,
        )
    return _decide(change, ChangeState.WITHDRAWN, actor, at)


def _open(actor, change_id: UUID) -> PolicyChange:
    access.require(actor, VERB)
    change = selectors.change_get(change_id)
    if change.state != ChangeState.PROPOSED:
        raise _decided_already()
    return change


def _decided_already() -> DomainError:
    return DomainError(
        "already_decided", "This was decided in the meantime. Look under the decided changes.", status=409
    )


def _require_second(actor, change: PolicyChange) -> None:
    if change.proposed_by_id == actor.pk:
        raise DomainError(
            "second_person_needed",
            "Another programme manager must decide what you proposed. You can only take it back.",
            status=409,
        )
    if not is_second_person(change, actor):
        raise DomainError(
            "second_person_needed",
            "You cannot decide this: you were appointed after it was proposed, or one person stands behind your "
            "account and the proposer's. Another programme manager must.",
            status=409,
        )


def _decide(change: PolicyChange, state: ChangeState, actor, at: datetime) -> PolicyChange:
    """Close the proposal, once: of many at the same moment the database lets one through."""
    try:
        with transaction.atomic():
            changed = PolicyChange.objects.filter(pk=change.pk, state=ChangeState.PROPOSED).update(
                state=state, decided_by=actor, decided_at=at
            )
    except IntegrityError:
        # Another profile began at this very instant, or the same adoption was approved.
        raise DomainError(
            "try_again", "Another change began at this very instant. Please try again."
        ) from None
    if changed != 1:
        raise _decided_already()
    return _recorded(change, actor, at)


def _recorded(change: PolicyChange, actor, at: datetime) -> PolicyChange:
    change.refresh_from_db()
    data: dict[str, Any] = {"change": str(change.pk), "kind": change.kind}
    if change.kind == ChangeKind.PROFILE:
        data["profile"] = change.profile
    else:
        data |= {
            "service": change.service,
            "rule_set": change.rule_set,
            "starts_on": change.starts_on.isoformat(),
        }
    append_system(kind=f"policy_change_{change.state}", actor=actor, at=at, data=data)
    return change
