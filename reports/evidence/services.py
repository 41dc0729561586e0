"""Evidence under a number in place of a name (EV-02, EV-03): issue, seal, hand over."""

from datetime import datetime
from uuid import UUID

from reports import access, policy
from reports.election.models import Election
from reports.evidence.models import Kit, KitState
from reports.recording import record
from reports.validation import instant
from reports.vault.keys import case_index, commitment
from reports.vault.models import Sensitivity
from sapr.errors import DomainError


@access.service
def kit_number_issue(*, actor, case_id: UUID, at: datetime) -> tuple[Kit, str]:
    """A new kit of a signed report and its number, random with a check character (EV-16: an election first)."""
    case = access.case_for(actor, case_id, "case_work")
    at = instant(at, "at")
    if getattr(case, "report", None) is None:
        raise DomainError(
            "no_report",
            "A forensic kit needs a signed election first. Care does not.",
            status=409,
            rule="EV-16",
        )
    number = policy.new_control_number()
    kit = Kit(case=case, number=number, number_index=_index(case.pk, number), issued_at=at)
    kit.save(force_insert=True)
    record(
        case=case,
        kind="kit_number_issued",
        actor=actor,
        at=at,
        data={"kit": str(kit.pk), "number": commitment(case.pk, number.encode())},
    )
    return kit, number


@access.service
def kit_seal(*, actor, case_id: UUID, number: str, at: datetime) -> Kit:
    """The provider packed and sealed the kit under its number (EV-04, EV-06)."""
    return _move(actor, case_id, number, at, KitState.NUMBERED, KitState.SEALED, "kit_sealed")


@access.service
def kit_hand_to_mcio(*, actor, case_id: UUID, number: str, at: datetime) -> Kit:
    """MCIO takes the kit of an Unrestricted report (EV-07, EV-10). Refused while the report is Restricted."""
    case = access.case_for(actor, case_id, "case_work")
    report = getattr(case, "report", None)
    if report is None or report.election != Election.UNRESTRICTED:
        raise DomainError(
            "restricted",
            "The kit of a Restricted report is only stored, never handed to MCIO.",
            status=409,
            rule="EV-06",
        )
    return _move(actor, case_id, number, at, KitState.SEALED, KitState.MCIO, "kit_to_mcio")


def _index(case_id: UUID, number: str) -> bytes:
    """By which a label's number is found again in its case, and in no other; gone with the case's keys."""
    return case_index(case_id, Sensitivity.EVIDENCE, number)


def _move(actor, case_id: UUID, number: str, at: datetime, old: KitState, new: KitState, kind: str) -> Kit:
    case = access.case_for(actor, case_id, "case_work")
    at = instant(at, "at")
    number = policy.check_control_number(number)
    kit = Kit.objects.filter(case=case, number_index=_index(case.pk, number)).first()
    if kit is None:
        raise DomainError(
            "not_this_case", "This number is not a kit of this case. Check the label.", path="number"
        )
    if at < kit.issued_at:
        raise DomainError(
            "before_the_number", "The number was issued later than this. Check the time.", path="at"
        )
    if Kit.objects.filter(pk=kit.pk, state=old).update(state=new) != 1:
        raise DomainError("kit_state", "The kit is not at that step now. Reload the page.", status=409)
    # Of several kits each is owed to the MCIO by itself.
    about = kit.pk if kind == "kit_to_mcio" else None
    record(case=case, kind=kind, actor=actor, at=at, data={"kit": str(kit.pk)}, about=about)
    kit.refresh_from_db()
    return kit
