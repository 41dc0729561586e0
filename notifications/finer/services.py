"""Finer words for one notice: proposed on the case, decided by a second person outside it, withdrawn until placed."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import Role
from accounts.selectors import roles_of
from notifications.finer import scoring, selectors
from notifications.finer.models import FinerGround, FinerReason, FinerState, FinerWording
from notifications.finer.standing import RULE
from notifications.models import Notice, NoticeState
from notifications.selectors import notice_for
from reports import access
from reports.disclosure.standing import require_restricted
from reports.election.papers.checking import signatures
from reports.ledger.services import append, append_system
from reports.validation import known
from reports.vault.keys import commitment
from sapr.errors import DomainError, NotFoundError

COMMAND = frozenset({Role.SENIOR_COMMANDER, Role.UNIT_COMMANDER})


@access.service
def finer_prepare(*, actor, notice_id: UUID, rung: str, at: datetime) -> scoring.Prepared:
    """The exact words of a finer rung, and how many people they leave. Writes only that seals were opened."""
    notice = notice_for(actor, notice_id, "propose_finer")
    return scoring.prepared(notice, rung, actor=actor, at=at)


@access.service
def finer_propose(
    *,
    actor,
    notice_id: UUID,
    rung: str,
    bytes_seen: str,
    reason: str,
    ground: str,
    at: datetime,
    victim_signature: str = "",
    victim_signed_at: datetime | None = None,
    until: datetime | None = None,
    disclosure_id: UUID | None = None,
) -> FinerWording:
    """Put finer words of a notice before a second person (rule DN-27).

    `bytes_seen`: SHA-256 hex of the words on the screen, which are those the victim signed under. `reason`: a
    `FinerReason`. `ground`: `consent`, with the victim's name and instant and, where they set one, `until` when it
    counts; or `exception`, with a decided exception of the case that covers what is said more. Refuses whoever holds a
    commander's post, a consent that has run out, and words that leave too few people of anybody whom the ground does
    not speak for, or of other notices of the same line of command (DN-03).
    """
    notice = notice_for(actor, notice_id, "propose_finer")
    require_outside_command(actor, at)
    report = require_restricted(notice.case, at, rule=RULE)
    reason, ground = known(reason, FinerReason, "reason"), known(ground, FinerGround, "ground")
    found = scoring.prepared(notice, rung, actor=actor, at=at)
    if found.sha256 != bytes_seen:
        raise DomainError(
            "bytes_changed", "The wording changed since you read it. Read it again.", status=409
        )
    row = FinerWording(
        notice=notice, case=notice.case, rung=found.rung, text=found.text, sha256=found.sha256, reason=reason,
        ground=ground, tables=[str(pk) for pk in found.tables], proposed_by=actor, proposed_at=at,
        k_before=min(found.before.values()), numbers_before=_plain(found.before),
        k=min(found.after.values()), numbers=_plain(found.after),
    )  # fmt: skip
    data = {
        "finer": str(row.pk),
        "notice": str(notice.pk),
        "sha256": row.sha256,
        "reason": reason,
        "rule": RULE,
    }
    longest = timedelta(hours=scoring.numbers_in_force(at)["hours"])
    if ground == FinerGround.CONSENT:
        data |= _consent(
            row, victim_signature, victim_signed_at, until, longest, begun=report.signed_at, at=at
        )
    else:
        row.expires_at = at + longest
        row.disclosure = _exception(row, disclosure_id, at)
        data["exception"] = row.disclosure.exception
    scoring.require_enough(found, notice, ground, at)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise DomainError(
            "already_proposed",
            "Finer words were proposed for this notice already. Withdraw them first.",
            status=409,
        ) from None
    append(
        case_id=notice.case_id,
        kind="finer_proposed",
        actor=actor,
        at=at,
        data=data | {"ground": ground, "expires_at": row.expires_at.isoformat()},
    )
    row.refresh_from_db()
    return row


@access.service
def finer_approve(*, actor, finer_id: UUID, bytes_seen: str, at: datetime) -> FinerWording:
    """The second person says yes to exactly these bytes. The case's SARC may release them then, while they stand."""
    row = _waiting(actor, finer_id, at)
    if row.sha256 != bytes_seen:
        raise DomainError(
            "bytes_changed", "These are not the words that were proposed. Read them again.", status=409
        )
    if row.expires_at <= at:
        raise DomainError(
            "finer_ended", "Its time has run out. It has to be proposed anew.", status=409, rule=RULE
        )
    if selectors.outlived(row):
        raise DomainError(
            "case_corrected",
            "The case was corrected since. Refuse it, and let it be proposed anew.",
            status=409,
            rule=RULE,
        )
    if selectors.another_stands(row):
        raise DomainError(
            "another_stands",
            "Other finer words of the same line of command were approved since this was counted, or wait to be placed. "
            "Refuse it, and let it be proposed anew.",
            status=409,
            rule=RULE,
        )
    return _decide(row, FinerState.APPROVED, actor, at)


@access.service
def finer_refuse(*, actor, finer_id: UUID, at: datetime) -> FinerWording:
    """The second person says no. The notice goes out in its own words, or MINIMAL."""
    return _decide(_waiting(actor, finer_id, at), FinerState.REFUSED, actor, at)


@access.service
def finer_withdraw(*, actor, finer_id: UUID, at: datetime) -> FinerWording:
    """The victim took the consent back, or the SARC thinks better of it: until the slot nothing of it goes out."""
    row = access.rows(actor, "case_view", FinerWording).filter(pk=finer_id).first()
    if row is None:
        raise NotFoundError
    access.require_on(actor, row, "propose_finer")
    # The placing holds the same lock: either it was first, or it finds this withdrawn.
    notice = Notice.objects.select_for_update(of=("self",)).get(pk=row.notice_id)
    if notice.state == NoticeState.PLACED:
        raise DomainError("already_placed", "The notice lies in the inbox already.", status=409, rule=RULE)
    open_now = FinerWording.objects.filter(pk=row.pk, state__in=[FinerState.PROPOSED, FinerState.APPROVED])
    if open_now.update(state=FinerState.WITHDRAWN, withdrawn_by=actor, withdrawn_at=at) != 1:
        raise DomainError("already_decided", "This was refused or withdrawn before.", status=409, rule=RULE)
    data = {"finer": str(row.pk), "notice": str(row.notice_id)}
    append(case_id=row.case_id, kind="finer_withdrawn", actor=actor, at=at, data=data)
    row.refresh_from_db()
    return row


def require_outside_command(actor, at: datetime) -> None:
    """Refuse whoever holds a commander's post now, whatever else they hold."""
    if roles_of(actor, at) & COMMAND:
        raise DomainError(
            "in_command", "Who commands anybody neither proposes nor approves finer words. Another person must.",
            status=409, rule=RULE,
        )  # fmt: skip


def _consent(
    row: FinerWording,
    name: str,
    signed_at: object,
    until: object,
    longest: timedelta,
    *,
    begun: datetime,
    at: datetime,
) -> dict[str, Any]:
    """Fill in the victim's consent to exactly these bytes; what its event says of it."""
    signed = signatures(("victim",), {"victim": name}, {"victim": signed_at})["victim"]
    if signed["at"] < begun:
        raise DomainError(
            "before_the_report", "The consent cannot lie before the signature of the report.", path="victim_signed_at"
        )  # fmt: skip
    row.consent_signed_at, row.expires_at = signed["at"], signed["at"] + longest
    if until is not None:
        if not isinstance(until, datetime) or until.tzinfo is None:
            raise DomainError("wrong_type", "until: give date, time and zone.", path="until")
        row.expires_at = min(until, row.expires_at)
    if row.expires_at <= at:
        raise DomainError(
            "consent_expired", "This consent has run out. The victim has to sign anew.",
            path="victim_signed_at", rule=RULE,
        )  # fmt: skip
    sealed = json.dumps(
        {"victim": {"name": signed["name"], "at": signed["at"].isoformat()}, "sha256": row.sha256,
         "until": row.expires_at.isoformat()},
        sort_keys=True,
    )  # fmt: skip
    row.consent = sealed
    return {"consent": commitment(row.case_id, sealed.encode())}


def _exception(row: FinerWording, disclosure_id: object, at: datetime):
    found = scoring.covering(row.case, row.rung, row.notice, at=at)
    chosen = next((each for each in found if each.pk == disclosure_id), None)
    if chosen is None:
        raise DomainError(
            "not_covered",
            "No decided exception of this case lets a commander be told this. Choose one that does, or say less.",
            path="disclosure_id",
            rule=RULE,
        )
    return chosen


def _plain(numbers) -> dict[str, str]:
    return {name: str(k) for name, k in numbers.items()}


def _waiting(actor, finer_id: UUID, at: datetime) -> FinerWording:
    row = selectors.finer_get(viewer=actor, finer_id=finer_id)
    require_outside_command(actor, at)
    if not selectors.is_second_person(row, actor):
        raise DomainError(
            "second_person_needed",
            "You cannot decide this: you proposed it, you were appointed after it was proposed, or one person stands "
            "behind your account and the proposer's. Another programme manager must.",
            status=409,
            rule=RULE,
        )
    return row


def _decide(row: FinerWording, state: FinerState, actor, at: datetime) -> FinerWording:
    waiting = FinerWording.objects.filter(pk=row.pk, state=FinerState.PROPOSED)
    if waiting.update(state=state, decided_by=actor, decided_at=at) != 1:
        raise DomainError("already_decided", "This was decided in the meantime. Look again.", status=409)
    row.refresh_from_db()
    # Who decides is not on the case: the decision stands on the system's own chain.
    data = {"finer": str(row.pk), "sha256": row.sha256, "rule": RULE}
    append_system(kind=f"finer_{state}", actor=actor, at=at, data=data)
    return row
