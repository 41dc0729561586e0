"""The victim moves: consent first, then an offer that a SARC elsewhere accepts or rejects. Nothing without both."""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import Role, User
from accounts.selectors import places_by_role
from reports import access
from reports.casework.moves import selectors
from reports.casework.moves.models import Move, MoveState, Offer
from reports.election.models import Case
from reports.election.standing import require_report
from reports.recording import record
from reports.ruled import require_allowed, ruled
from reports.validation import instant
from sapr.errors import DomainError

Answered = TypeVar("Answered", Move, Offer)
REASONS = {"move": "Moves", "duty": "Away on duty", "deployment": "Deploys"}
ASK_FIRST = "MV-01"
ANSWERED = DomainError(
    "already_decided", "This offer waits for no answer any more. Look again.", status=409, rule="MV-02"
)


@access.service
def victim_relocate(*, actor, case_id: UUID, reason: str, at: datetime) -> UUID:
    """The victim moves, goes away on duty or deploys: the SARC asks at once for consent (CD-03, MV-01)."""
    case = _signed(actor, case_id)
    at = instant(at, "at")
    if reason not in REASONS:
        raise DomainError("unknown_value", "reason: choose one of the listed reasons.", path="reason")
    return record(case=case, kind="victim_relocated", actor=actor, at=at, data={"reason": reason})


@access.service
def move_consent_record(*, actor, case_id: UUID, consents: bool, at: datetime) -> UUID:
    """What the victim answered. Refused, an open offer is withdrawn and the losing SARC keeps the case (MV-03)."""
    case = _signed(actor, case_id)
    at = instant(at, "at")
    if selectors.consent_stands(viewer=actor, case=case) in ("", "documents_moved"):
        raise DomainError("nobody_moves", "Record first that the victim moves.", status=409, rule=ASK_FIRST)
    if consents:
        return record(case=case, kind="move_consent_given", actor=actor, at=at)
    waiting = selectors.moves_of(viewer=actor, case=case).filter(state=MoveState.OFFERED).first()
    if waiting is not None:
        _decide(waiting, MoveState.WITHDRAWN, actor, at)
        record(case=case, kind="move_withdrawn", actor=actor, at=at, data={"move": str(waiting.pk)})
    return record(case=case, kind="move_consent_refused", actor=actor, at=at)


@access.service
def move_offer(*, actor, case_id: UUID, to: User, installation_id: UUID, at: datetime) -> Move:
    """Offer the case to a SARC of another installation: with a certificate in force there (AG-01).

    Only with the victim's consent (MV-01, MV-03). They learn that there is an offer; the case stays until they accept.
    """
    case = _signed(actor, case_id)
    at = instant(at, "at")
    _require_consent(actor, case, at)
    if to.pk == actor.pk or installation_id == case.installation_id:
        raise DomainError(
            "same_installation", "Offer it to another SARC, of another installation.", path="to", status=409
        )
    require_certificate(to, Role.SARC, installation_id, at, case.installation.zone)
    row = Move(
        case=case,
        # These three, and the instant, are the trigger's to write.
        election=case.report.election,
        from_installation=case.installation,
        offered_at=at,
        to_installation_id=installation_id,
        offered_by=actor,
        offered_to=to,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise DomainError(
            "already_offered",
            "The case is offered to somebody. Withdraw that first.",
            status=409,
            rule="MV-02",
        ) from None
    record(case=case, kind="move_offered", actor=actor, at=at, data={"move": str(row.pk)})
    return row


@access.service
def move_withdraw(*, actor, case_id: UUID, move_id: UUID, at: datetime) -> Move:
    """The SARC of the case takes the offer back; whoever it was made to gets nothing."""
    case = access.case_for(actor, case_id, "relocate_case")
    at = instant(at, "at")
    row = selectors.moves_of(viewer=actor, case=case).filter(pk=move_id).first()
    if row is None:
        raise ANSWERED
    _decide(row, MoveState.WITHDRAWN, actor, at)
    record(case=case, kind="move_withdrawn", actor=actor, at=at, data={"move": str(row.pk)})
    return row


@access.service
def move_accept(*, actor, move_id: UUID, at: datetime, acts_as_va: bool = False) -> Move:
    """The gaining SARC takes the case: it is theirs from now on, at their installation, and nobody's of the losing one.

    Forms, duties, notices and keys stay as they are. Nobody there is the victim's advocate yet: assigning a SAPR VA is
    due at once (R20), unless the SARC acts as one (`acts_as_va`, DO-03). Refused when the victim has said no meanwhile
    (MV-03).
    """
    row = _offered(actor, move_id)
    at = instant(at, "at")
    require_certificate(actor, Role.SARC, row.to_installation_id, at, row.to_installation.zone)
    _decide(row, MoveState.ACCEPTED, actor, at)
    # Only now is it a case of theirs, and the offer says which.
    moved = Move.objects.get(pk=row.pk)
    case = access.case_for(actor, moved.case_id, "relocate_case")
    record(
        case=case,
        kind="documents_moved",
        actor=actor,
        at=at,
        data={"move": str(row.pk)} | ({"advocate": "sarc"} if acts_as_va else {}),
        facts={"sarc_acts_as_va": bool(acts_as_va)},
    )
    return moved


@access.service
def move_reject(*, actor, move_id: UUID, at: datetime) -> Offer:
    """The SARC to whom it is offered says no, and learns nothing more. The event is the database's to add."""
    row = _offered(actor, move_id)
    return _decide(row, MoveState.REJECTED, actor, instant(at, "at"))


def require_certificate(person: User, role: Role, installation_id: UUID, at: datetime, zone: str) -> None:
    """Refuse somebody who may not act in that role at that installation now: no appointment or certificate (AG-01)."""
    there = installation_id in places_by_role(person, at).get(role, ())
    require_allowed(
        ruled(
            "act_as_advocate", {"advocate_post": role.value, "advocate_certified": there}, at=at, zone=zone
        ),
        code="no_certificate",
        # The same words for a person who is nobody there: this is no directory.
        otherwise=f"This person holds no {role.label} appointment with a certificate in force there. Choose another.",
        rule="AG-01",
        path="to",
    )


def _signed(actor, case_id: UUID) -> Case:
    case = access.case_for(actor, case_id, "relocate_case")
    require_report(case, ASK_FIRST)
    return case


def _require_consent(actor, case: Case, at: datetime) -> None:
    said = selectors.consent_stands(viewer=actor, case=case)
    facts = {"case_change": "victim_moves", "case_closed": False}
    if said in ("move_consent_given", "move_consent_refused"):
        facts["victim_consents"] = said == "move_consent_given"
    require_allowed(
        ruled("case_transfer", facts, at=at, zone=case.installation.zone),
        code="no_consent",
        otherwise="Ask the victim first whether the file may follow, and record the answer.",
        rule=ASK_FIRST,
    )


def _offered(actor, move_id: UUID) -> Offer:
    row = selectors.offer_get(viewer=actor, move_id=move_id)
    access.require_on(actor, row, "move_answer")
    return row


def _decide(row: Answered, state: MoveState, actor, at: datetime) -> Answered:
    """Answer the offer, once: of two at the same moment the database lets one through."""
    if row.state != MoveState.OFFERED:
        raise ANSWERED
    changed = (
        type(row)
        .objects.filter(pk=row.pk, state=MoveState.OFFERED)
        .update(state=state, decided_by=actor, decided_at=at)
    )
    if changed != 1:
        raise ANSWERED
    row.refresh_from_db()
    return row
