"""Evidence under a number in place of a name (EV-02, EV-03): issue, seal, hand to the MCIO; what lies in it."""

from datetime import datetime
from uuid import UUID

from accounts.models import Role
from accounts.selectors import post_at
from reports import access, policy
from reports.election.models import Case, Election
from reports.election.standing import require_report
from reports.evidence import custody
from reports.evidence.cards import card_of, new_card, refusing
from reports.evidence.custody_models import Purpose
from reports.evidence.models import Holder, ItemKind, Kit, KitItem, KitLabel, KitState
from reports.evidence.ruled import require_step
from reports.ledger.models import Event
from reports.recording import record
from reports.validation import instant, known
from reports.vault.keys import case_index, commitment
from reports.vault.models import Sensitivity
from sapr.errors import DomainError

ONE_NUMBER = DomainError(
    "number_exists",
    "This incident has its number already. Show it again, and write it on whatever else is collected.",
    status=409,
    rule="EV-03",
)
WRONG_STEP = "The kit is not at that step now. Reload the page."


@access.service
def kit_number_issue(*, actor, case_id: UUID, at: datetime) -> tuple[Kit, str]:
    """A new kit of a signed report and its number, random with a check character (EV-16: an election first).

    It may be had before the examiner asks. One for each incident (EV-03): two numbers are never the same, and a second
    one is refused while the first kit is there.
    """
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
    label = KitLabel.NAME if case.report.election == Election.UNRESTRICTED else KitLabel.NUMBER
    card = new_card(number, label)
    kit = Kit(case=case, card=card, number=number, number_index=_index(case.pk, number), issued_at=at)
    with refusing(("one evidence number", ONE_NUMBER)):
        kit.save(force_insert=True)
    record(
        case=case,
        kind="kit_number_issued",
        actor=actor,
        at=at,
        data={"kit": str(kit.pk), "number": commitment(case.pk, number.encode())},
        about=kit.pk,
    )
    return kit, number


@access.service
def kit_seal(*, actor, case_id: UUID, number: str, at: datetime) -> Kit:
    """The provider packed and sealed the kit under its number (EV-04, EV-06)."""
    case, kit, at = _named(actor, case_id, number, at)
    if Kit.objects.filter(pk=kit.pk, state=KitState.NUMBERED).update(state=KitState.SEALED) != 1:
        raise DomainError("kit_state", WRONG_STEP, status=409)
    record(case=case, kind="kit_sealed", actor=actor, at=at, data={"kit": str(kit.pk)}, about=kit.pk)
    kit.refresh_from_db()
    card_of(kit)
    return kit


@access.service
def kit_hand_to_mcio(*, actor, case_id: UUID, number: str, at: datetime) -> Kit:
    """MCIO takes the kit of an Unrestricted report (EV-07, EV-10). Refused while the report is Restricted.

    What the SARC's side or the provider has is offered to the MCIO's post of the installation, whose agent signs for
    it; so is what the MCIO stored until now. What an evidence custodian stored they hand over themselves: this then
    records that the MCIO has it.
    """
    case = access.case_for(actor, case_id, "case_work")
    report = getattr(case, "report", None)
    if report is None or report.election != Election.UNRESTRICTED:
        raise DomainError(
            "restricted",
            "The kit of a Restricted report is only stored, never handed to MCIO.",
            status=409,
            rule="EV-06",
        )
    case, kit, at = _named(actor, case_id, number, at)
    card = card_of(kit)
    told = Event.objects.filter(case_id=case.pk, kind="kit_to_mcio", data__kit=str(kit.pk)).exists()
    if kit.state != KitState.MCIO:
        require_step(kit, KitState.MCIO, at, code="kit_state", sentence=WRONG_STEP, rule="KH-03")
        if card.holder == Holder.CUSTODIAN:
            raise DomainError(
                "not_the_holder",
                "The evidence custodian has this kit and hands it to the MCIO. Record it here when that is done.",
                status=409,
                rule="KH-09",
            )
        post = card.at_post if card.holder == Holder.MCIO else post_at(case.installation, Role.MCIO)
        if post is None:
            raise DomainError(
                "no_mcio_post", "The installation has no MCIO post. Tell the programme office.", status=409
            )
        custody.offer(actor, card, receiver=Holder.MCIO, to_post=post, purpose=Purpose.INVESTIGATE, at=at)
    elif told:
        raise DomainError("kit_state", WRONG_STEP, status=409)
    record(case=case, kind="kit_to_mcio", actor=actor, at=at, data={"kit": str(kit.pk)}, about=kit.pk)
    kit.refresh_from_db()
    return kit


@access.service
def item_add(*, actor, case_id: UUID, kit_id: UUID, kind: str, at: datetime) -> KitItem:
    """Note one thing that is in the kit, under the kit's number (EV-04, EV-05)."""
    case = access.case_for(actor, case_id, "case_work")
    require_report(case, "EV-05")
    at, kit = instant(at, "at"), kit_of(case, kit_id)
    item = KitItem(case=case, kit=kit, kind=known(kind, ItemKind, "kind"), added_at=at)
    with refusing(("is there", DomainError("kit_state", WRONG_STEP, status=409))):
        item.save(force_insert=True)
    return item


def kit_of(case: Case, kit_id: UUID) -> Kit:
    """The kit of this case with that id; `not_this_case` for one of another case and for none."""
    kit = Kit.objects.filter(case=case, pk=kit_id).select_related("card").first()
    if kit is None:
        raise DomainError(
            "not_this_case", "This is not a kit of this case. Reload the page.", path="kit", rule="EV-03"
        )
    kit.case = case
    return kit


def _index(case_id: UUID, number: str) -> bytes:
    """By which a label's number is found again in its case, and in no other; gone with the case's keys."""
    return case_index(case_id, Sensitivity.EVIDENCE, number)


def _named(actor, case_id: UUID, number: str, at: datetime) -> tuple[Case, Kit, datetime]:
    """The case, its kit of that number, and the checked instant."""
    case = access.case_for(actor, case_id, "case_work")
    at = instant(at, "at")
    number = policy.check_control_number(number)
    kit = Kit.objects.filter(case=case, number_index=_index(case.pk, number)).select_related("card").first()
    if kit is None:
        raise DomainError(
            "not_this_case",
            "This number is not a kit of this case. Check the label.",
            path="number",
            rule="EV-03",
        )
    if at < kit.issued_at:
        raise DomainError(
            "before_the_number", "The number was issued later than this. Check the time.", path="at"
        )
    kit.case = case
    return case, kit, at
