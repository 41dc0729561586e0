"""Holds on a kit, property given back, and the end of a kit by two persons (EV-11, EV-12)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError

from reports import access
from reports.erasure.models import HoldReason
from reports.evidence.cards import NOT_THE_HOLDER, answers_for, card_for, card_of, refusing
from reports.evidence.custody_models import EndState, KitDestruction, KitHold, KitStage, Stage
from reports.evidence.keeping import kept, property_open, require_told
from reports.evidence.models import AT_A_POST, KitItem
from reports.evidence.ruled import WORDS, require, ruling
from reports.evidence.services import WRONG_STEP, kit_of
from reports.recording import record
from reports.validation import instant, known
from sapr.errors import DomainError

KEPT = DomainError(
    "kit_kept",
    "Something keeps this kit, or its time is not over. Nothing was destroyed; ask the SARC of the case.",
    status=409,
    rule="EV-11",
)
SECOND = DomainError(
    "second_person",
    "A second person of the post that holds the kit destroys it, behind whose account the proposer does not stand.",
    status=409,
    rule="EV-11",
)
DECIDED = DomainError("decided", "This was decided before. Reload the page.", status=409, rule="EV-11")
_REFUSALS = (
    ("something keeps it", KEPT),
    ("before its time", KEPT),
    ("where a post holds it", NOT_THE_HOLDER),
    ("second person at the post", SECOND),
    ("decided once", DECIDED),
)


@access.service
def kit_hold_place(*, actor, card_id: UUID, reason: str, at: datetime) -> KitHold:
    """Hold a kit back from destruction (KH-07): who is on its case, or whoever has it."""
    card, at = card_for(actor, card_id), instant(at, "at")
    hold = KitHold(card=card, reason=known(reason, HoldReason, "reason"), placed_at=at, placed_by=actor)
    gone = DomainError("kit_state", WRONG_STEP, status=409, rule="KH-07")
    try:
        with refusing(("on what is there", gone)):
            hold.save(force_insert=True)
    except IntegrityError:
        raise DomainError(
            "already_on_hold", "Your side's hold for this reason is open already.", status=409, path="reason"
        ) from None
    return hold


@access.service
def kit_hold_lift(*, actor, card_id: UUID, hold_id: UUID, at: datetime) -> KitHold:
    """Lift a hold: the case's people their own, the holder's people theirs."""
    card, at = card_for(actor, card_id), instant(at, "at")
    others = DomainError(
        "not_your_hold", "This hold is lifted by those who placed it, once.", status=409, rule="KH-07"
    )
    hold = KitHold.objects.filter(card=card, pk=hold_id).first()
    if hold is None:
        raise others
    if at < hold.placed_at:
        raise DomainError(
            "before_the_hold", "The hold was placed later than this. Check the time.", path="at"
        )
    with refusing(("those whose it is", others)):
        KitHold.objects.filter(pk=hold.pk).update(lifted_at=at, lifted_by=actor)
    hold.refresh_from_db()
    return hold


@access.service
def property_ask(*, actor, case_id: UUID, item_id: UUID, on_dd_2910_3: bool, at: datetime) -> KitItem:
    """The victim asks a thing back. Until it is returned the kit is not destroyed; the report stays what it is."""
    case = access.case_for(actor, case_id, "case_work")
    at, item = instant(at, "at"), _item(case, item_id)
    if item.asked_at is not None:
        raise DomainError("asked_before", "This was asked back before.", status=409, rule="EV-12")
    near = kept(item.kit, at)
    found = ruling(
        item.kit, "property_return", at, property_requested=True, requested_on_dd_2910_3=bool(on_dd_2910_3),
        kit_near_expiry=near.notice_on is not None and at.date() >= near.notice_on,
    )  # fmt: skip
    require(
        found,
        "property_return",
        "Property comes back from a Restricted report's kit, on DD 2910-3.",
        rule="EV-12",
    )
    with refusing(("once and returned once", DECIDED)):
        KitItem.objects.filter(pk=item.pk).update(asked_at=at, on_dd_2910_3=bool(on_dd_2910_3))
    data = {"kit": str(item.kit_id), "item": str(item.pk), "kind": item.kind}
    record(case=case, kind="property_asked_back", actor=actor, at=at, data=data, about=item.kit_id)
    item.refresh_from_db()
    return item


@access.service
def property_return(*, actor, case_id: UUID, item_id: UUID, at: datetime) -> KitItem:
    """A thing that was asked back is in the victim's hands again; the rest of the kit stays (KH-05)."""
    case = access.case_for(actor, case_id, "case_work")
    at, item = instant(at, "at"), _item(case, item_id)
    if item.asked_at is None or item.returned_at is not None or at < item.asked_at:
        raise DomainError(
            "not_asked_back", "Only what was asked back before is returned, once.", status=409, rule="EV-12"
        )
    found = ruling(
        item.kit, "kit_custody", at, kit_state=WORDS[item.kit.state], kit_next="PROPERTY_RETURNED",
        property_return_open=True, custody_event_recorded=True,
    )  # fmt: skip
    require(found, "kit_state", "Property is taken from a stored kit.", rule="KH-05")
    with refusing(("once and returned once", DECIDED)):
        KitItem.objects.filter(pk=item.pk).update(returned_at=at, returned_by=actor)
    data = {"kit": str(item.kit_id), "item": str(item.pk), "kind": item.kind}
    record(case=case, kind="property_returned", actor=actor, at=at, data=data, about=item.kit_id)
    item.refresh_from_db()
    return item


@access.service
def kit_expiry_told(*, actor, case_id: UUID, kit_id: UUID, at: datetime) -> None:
    """The holder told the SARC that the kit's time runs out (CK-19), on their page or otherwise.

    When they said it on their page, that instant counts and not the later one at which it is noted here.
    """
    case = access.case_for(actor, case_id, "case_work")
    at, kit = instant(at, "at"), kit_of(case, kit_id)
    said = KitStage.objects.filter(card_id=kit.card_id, stage=Stage.EXPIRY_TOLD).order_by("at").first()
    told_at = min(said.at, at) if said else at
    record(
        case=case, kind="kit_expiry_told", actor=actor, at=told_at, data={"kit": str(kit.pk)}, about=kit.pk
    )


@access.service
def destruction_propose(
    *, actor, case_id: UUID, kit_id: UUID, no_conversion: bool, no_property: bool, at: datetime
) -> KitDestruction:
    """A SARC of the case proposes to destroy a kit, having made sure that nothing was converted or asked back."""
    case = access.case_for(actor, case_id, "destroy_kit")
    at, kit = instant(at, "at"), kit_of(case, kit_id)
    card, time = card_of(kit), kept(kit, at)
    require_told(kit)
    if property_open(kit):
        raise DomainError(
            "property_asked",
            "Property was asked back from this kit. Return it first.",
            status=409,
            rule="EV-11c",
        )
    found = ruling(
        kit, "kit_destruction", at, kit_period_over=time.over, open_matters=time.matters,
        no_conversion_confirmed=bool(no_conversion), no_property_request_confirmed=bool(no_property),
    )  # fmt: skip
    until = f"It is kept until {time.until:%d %B %Y}." if time.until else time.because
    require(found, "kit_kept", until, rule="EV-11")
    if time.until is None or not time.over:
        raise DomainError("kit_kept", until, status=409, rule=next(iter(time.rules), "EV-11"))
    if card.holder not in AT_A_POST:
        raise NOT_THE_HOLDER
    if KitDestruction.objects.filter(card=card, state__in=[EndState.PROPOSED, EndState.DONE]).exists():
        raise DECIDED
    rules = sorted({*time.rules, *(each.rule for each in found.says)})
    end = KitDestruction(
        card=card, keep_until=month_end(time.until), rules=rules, no_conversion=True, no_property=True,
        proposed_at=at, proposed_by=actor,
    )  # fmt: skip
    with refusing(*_REFUSALS):
        end.save(force_insert=True)
    end.refresh_from_db()
    return end


@access.service
def destruction_withdraw(*, actor, case_id: UUID, kit_id: UUID) -> KitDestruction:
    """The SARC takes the proposal back while nobody has acted on it."""
    case = access.case_for(actor, case_id, "destroy_kit")
    return _decide(actor, card_of(kit_of(case, kit_id)).pk, EndState.WITHDRAWN)


@access.service
def destruction_carry_out(*, actor, card_id: UUID) -> KitDestruction:
    """The second person, at the post that has the kit, destroyed it. The database checks everything once more."""
    return _at_the_post(actor, card_id, EndState.DONE)


@access.service
def destruction_refuse(*, actor, card_id: UUID) -> KitDestruction:
    """The second person does not destroy it; the SARC sees that on the kit's page."""
    return _at_the_post(actor, card_id, EndState.REFUSED)


def _at_the_post(actor, card_id: UUID, state: EndState) -> KitDestruction:
    card = card_for(actor, card_id)
    if card.at_post_id is None or not answers_for(actor, card):
        raise NOT_THE_HOLDER
    return _decide(actor, card.pk, state)


def _decide(actor, card_id: UUID, state: EndState) -> KitDestruction:
    end = KitDestruction.objects.filter(card_id=card_id, state=EndState.PROPOSED).first()
    if end is None:
        raise DECIDED
    with refusing(*_REFUSALS):
        KitDestruction.objects.filter(pk=end.pk).update(state=state, decided_by=actor)
    end.refresh_from_db()
    return end


def month_end(day):
    """The last day of the month of a day."""
    following = day.replace(day=28) + timedelta(days=4)
    return following - timedelta(days=following.day)


def _item(case, item_id: UUID) -> KitItem:
    item = KitItem.objects.filter(case=case, pk=item_id).select_related("kit__card").first()
    if item is None:
        raise DomainError(
            "not_this_case", "This lies in no kit of this case. Reload the page.", path="item", rule="EV-04"
        )
    item.kit.case = case
    return item
