"""REST: a kit in somebody's hands: found by its number, handed on, received, staged, held back, destroyed."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.selectors import installation_of
from reports import access
from reports.erasure.models import HoldReason
from reports.evidence import cards, custody, endings, opening, outputs, selectors, shelf
from reports.evidence.custody_models import Condition, Custody, EndState, KitHold, KitStage, Purpose, Stage
from reports.evidence.desk_forms import ways
from reports.evidence.models import Holder, Kit, KitCard, KitState
from sapr.acts import act
from sapr.fields import WordField
from sapr.named import PostField
from sapr.reads import Number, listing, thing

CARD = "cards/<uuid:card_id>"
WHEN = "When; now unless given."
NUMBER = "The number on the kit's label; case, spaces and hyphens do not matter."
FOUND = {
    "seal_intact": "Whether the seal is intact.",
    "condition": WordField(Condition, help_text="In what condition."),
    "at": WHEN,
}
PRINTED = "As printed: letters, digits, hyphens; empty: none."


def held_of(*, viewer) -> list[dict[str, Any]]:
    """The kits that the caller's posts answer for; no number is opened, no case is told."""
    found = selectors.held_cards(viewer=viewer)
    names = ("pk", "label", "holder", "at_post")
    return [
        {name: getattr(each.card, name) for name in names}
        | {"id": each.card.pk, "tell_by": each.tell_by, "to_destroy": each.to_destroy}
        for each in found
    ]


def card_seen(*, viewer, card_id: UUID) -> dict[str, Any]:
    """A kit of the caller's posts or cases, or one that is offered to them, and what they can do with it."""
    card = shelf.card_seen(viewer=viewer, card_id=card_id)
    hop = shelf.offered(viewer=viewer).filter(card=card).first()
    kit = access.rows(viewer, "case_work", Kit).filter(card=card).select_related("case__installation").first()
    mine = hop is None and cards.answers_for(viewer, card)
    gone = kit is not None and kit.state in (KitState.DESTROYED, KitState.NUMBERED)
    place = installation_of(card.at_post.location) if card.at_post else kit and kit.case.installation
    found = ways(card, place) if mine and not gone and place else []
    has = kit is None and mine and card.at_post is not None
    end = selectors.destruction(card=card) if has else None
    return {
        "id": card.pk,
        # Its number is sealed knowledge on the case's side, where showing it is an act on record.
        "number": None if kit else cards.number_on(card),
        "case": kit.case_id if kit else None,
        "label": card.label,
        "holder": card.holder,
        "at_post": card.at_post,
        "mine": mine,
        "to_receive": hop.pk if hop else None,
        "ways": [each._asdict() | {"to_post": each.post and each.post.pk} for each in found],
        "held_by_others": selectors.held_by_others(card=card) if has else None,
        "end": end if end and end.state == EndState.PROPOSED else None,
    }


def hops_of(*, viewer, card_id: UUID) -> QuerySet[Custody]:
    """The hand-offs of a kit, the latest first: of one's cases all, else those of one's own posts."""
    return selectors.hops(viewer=viewer, card=cards.card_for(viewer, card_id))


def stages_of(*, viewer, card_id: UUID) -> QuerySet[KitStage]:
    """Where a kit lay and how far laboratories came, as far as the caller may know, the latest first."""
    return selectors.stages(card=cards.card_for(viewer, card_id))


def holds_of(*, viewer, card_id: UUID) -> QuerySet[KitHold]:
    """The open holds on a kit: for its case's people all, for a holder those of their own post."""
    return selectors.open_holds(card=cards.card_for(viewer, card_id))


def _name(name: str) -> dict[str, str]:
    return {"name": name}


def _found(card: KitCard) -> dict[str, UUID]:
    return {"card": card.pk}


OPERATIONS = [
    listing(
        "held", held_of, name="held", verb="see_evidence_room", says="List the kits of one's posts",
        item=outputs.HeldOutput, by=lambda each: str(each["id"]),
    ),
    listing(
        "custody/offered", shelf.offered, name="custody_offered", verb="receive_evidence",
        says="List the hand-offs that wait for one", item=outputs.OfferedOutput, by="offered_at",
    ),
    act(
        "custody/<uuid:hop_id>/accept", custody.evidence_accept, verb="receive_evidence", says="Receive a kit",
        takes=FOUND, answers=outputs.HopOutput,
    ),
    act(
        "custody/<uuid:hop_id>/refuse", custody.evidence_refuse, verb="receive_evidence", says="Not receive a kit",
        takes={"at": WHEN}, answers=outputs.HopOutput,
    ),
    act(
        "cards/find", opening.card_find, verb="hold_evidence", says="Find a kit by its number",
        takes={"number": NUMBER}, answers=outputs.FoundOutput, show=_found, only_reads=True,
        refusals=(),
    ),
    thing(CARD, card_seen, name="card", verb="hold_evidence", says="Read a kit that lies before one",
        answers=outputs.CardOutput,
    ),
    listing(
        f"{CARD}/custody", hops_of, name="card_custody", verb="hold_evidence", says="List the hand-offs of a kit",
        item=outputs.HopOutput, by=Number("hop"), newest_first=True,
    ),
    act(
        f"{CARD}/offer", custody.evidence_offer, verb="hold_evidence", says="Hand a kit on",
        takes={
            "receiver": WordField(Holder, help_text="To whom."),
            "to_post": PostField(allow_null=True, help_text="The post that receives; null where there is none."),
            "purpose": WordField(Purpose, help_text="For what."),
            "seal_number": PRINTED,
            "receipt": f"Of a courier or laboratory. {PRINTED}",
            "photo_sha256": "SHA-256 of a photo in hex; empty: none.",
        } | FOUND,
        answers=outputs.HopOutput, status=201,
    ),
    act(
        f"{CARD}/take-back", custody.evidence_take_back, verb="hold_evidence", says="Take an offer of a kit back",
        takes={"at": WHEN}, answers=outputs.HopOutput,
    ),
    listing(
        f"{CARD}/stages", stages_of, name="card_stages", verb="hold_evidence", says="List where a kit lay",
        item=outputs.StageOutput, by="at", newest_first=True,
    ),
    act(
        f"{CARD}/stages/note", custody.evidence_stage, verb="hold_evidence",
        says="Note where a kit lies or how far a laboratory came",
        takes={"stage": WordField(Stage, help_text="What."), "at": WHEN}, answers=outputs.StageOutput, status=201,
    ),
    listing(
        f"{CARD}/holds", holds_of, name="card_holds", verb="hold_evidence", says="List the open holds on a kit",
        item=outputs.HoldOutput, by="placed_at",
    ),
    act(
        f"{CARD}/holds/place", endings.kit_hold_place, verb="hold_evidence", says="Hold a kit back",
        takes={"reason": WordField(HoldReason, help_text="Why.")}, answers=outputs.HoldOutput, status=201,
    ),
    act(
        f"{CARD}/holds/<uuid:hold_id>/lift", endings.kit_hold_lift, verb="hold_evidence", says="Lift a hold on a kit",
        answers=outputs.HoldOutput,
    ),
    act(
        f"{CARD}/destroy", endings.destruction_carry_out, verb="hold_evidence", says="Record that a kit is destroyed",
        answers=outputs.EndOutput,
    ),
    act(
        f"{CARD}/spare", endings.destruction_refuse, verb="hold_evidence", says="Refuse to destroy a kit",
        answers=outputs.EndOutput,
    ),
    act(
        f"{CARD}/name", opening.kit_name_open, verb="see_evidence_room", says="Open the name on a kit's label",
        answers=outputs.NameOutput, show=_name, only_reads=True, refusals=(404, 409, 429),
    ),
]  # fmt: skip
