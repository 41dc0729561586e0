"""Handing evidence on (KH-09): one person gives, another receives, and each says what they found."""

from datetime import datetime
from uuid import UUID

from accounts.models import Post
from reports import access
from reports.evidence.cards import NOT_THE_HOLDER, answers_for, card_for, refusing, row_for
from reports.evidence.custody_models import (
    AT_THE_LABORATORY,
    PLACES,
    PRINTED,
    Condition,
    Custody,
    HopState,
    KitStage,
    Purpose,
    Stage,
)
from reports.evidence.models import AT_A_POST, COURIERS, LABORATORIES, OUTSIDE, Holder, Kit, KitCard, KitState
from reports.evidence.ruled import require_step
from reports.validation import instant, known, matching
from sapr.errors import DomainError, NotFoundError

ALREADY_OFFERED = DomainError(
    "already_offered",
    "This kit is on offer already. Wait for the answer, or take the offer back first.",
    status=409,
    rule="KH-09",
)
STORED_ONLY = DomainError(
    "restricted",
    "The kit of a Restricted report is only stored: it goes into no investigation and no laboratory.",
    status=409,
    rule="EV-06b",
)
SECOND_PERSON = DomainError(
    "second_person",
    "Another person must receive it: neither who gives it now, nor who gave it outside before.",
    status=409,
    rule="KH-09",
)
BEFORE_THE_LAST = DomainError(
    "before_the_last_hop", "The kit changed hands later than this. Check the time.", path="at", rule="KH-09"
)
NOT_SEALED = DomainError(
    "not_sealed", "Only a sealed kit is handed on. Record the sealing first.", status=409, rule="KH-01"
)
ANSWERED = DomainError(
    "answered", "This hand-off was answered before. Reload the page.", status=409, rule="KH-09"
)
_REFUSALS = (
    ("on offer already", ALREADY_OFFERED),
    ("only who holds", NOT_THE_HOLDER),
    ("only stored", STORED_ONLY),
    ("after the one before", BEFORE_THE_LAST),
    ("a hop lies", BEFORE_THE_LAST),
    ("only a sealed kit", NOT_SEALED),
    ("answered once", ANSWERED),
    ("by another person", SECOND_PERSON),
    ("take it back alone", SECOND_PERSON),
)


@access.service
def evidence_offer(
    *, actor, card_id: UUID, receiver: str, to_post: Post | None, purpose: str, seal_number: str, seal_intact: bool,
    condition: str, receipt: str, photo_sha256: str, at: datetime,
) -> Custody:  # fmt: skip
    """Offer a kit that one answers for to the next holder, or hand it outside against a receipt number.

    Inside it changes hands when the receiver accepts. A courier or laboratory has it at once; who takes it back from
    there is another person than who gave it, and so signs against the receipt.
    """
    card = card_for(actor, card_id)
    return offer(
        actor, card, receiver=receiver, to_post=to_post, purpose=purpose, seal_number=seal_number,
        seal_intact=seal_intact, condition=condition, receipt=receipt, photo_sha256=photo_sha256, at=instant(at, "at"),
    )  # fmt: skip


def offer(
    actor, card: KitCard, *, receiver: str, to_post: Post | None, purpose: str, seal_number: str = "",
    seal_intact: bool = True, condition: str = Condition.GOOD, receipt: str = "", photo_sha256: str = "", at: datetime,
) -> Custody:  # fmt: skip
    """Write the offer of a card that the actor may handle. Refusals: see the codes of this module."""
    receiver, purpose = known(receiver, Holder, "receiver"), known(purpose, Purpose, "purpose")
    _require_fitting(receiver, purpose, to_post)
    kit = Kit.objects.filter(card=card).select_related("case__report", "case__installation").first()
    if kit is not None and purpose == Purpose.STORE and kit.state == KitState.SEALED:
        require_step(
            kit, KitState.STORED, at, code="mcio_first", rule="KH-03",
            sentence="The kit of an Unrestricted report goes to the MCIO when the examination is complete.",
        )  # fmt: skip
    hop = Custody(
        card=card,
        hop=0,
        receiver=receiver,
        to_post=to_post,
        purpose=purpose,
        seal_number=matching(seal_number, PRINTED, "seal_number"),
        seal_intact=bool(seal_intact),
        condition=known(condition, Condition, "condition"),
        receipt=matching(receipt, PRINTED, "receipt", required=receiver in OUTSIDE),
        photo_sha256=matching(photo_sha256.lower(), r"^[0-9a-f]{64}$", "photo_sha256", upper=False),
        offered_at=at,
        offered_by=actor,
        giver=card.holder,
        prev_hash=b"",
        hash=b"",
    )
    with refusing(*_REFUSALS):
        hop.save(force_insert=True)
    hop.refresh_from_db()
    return hop


def _require_fitting(receiver: Holder, purpose: Purpose, to_post: Post | None) -> None:
    """Refuse a purpose that this receiver cannot serve, and a post where there is none or none where there is one."""
    fits = {
        Purpose.STORE: AT_A_POST,
        Purpose.INVESTIGATE: (Holder.MCIO,),
        Purpose.TRANSPORT: COURIERS,
        Purpose.TEST: LABORATORIES,
        Purpose.GIVE_BACK: (Holder.SARC,),
    }
    if receiver not in fits[purpose]:
        raise DomainError(
            "purpose", "This receiver does not take a kit for this purpose.", path="purpose", rule="KH-09"
        )
    role = {Holder.CUSTODIAN: "evidence_custodian", Holder.MCIO: "mcio"}.get(receiver)
    if (to_post.role if to_post else None) != role:
        raise DomainError("post", "Choose the post that receives it.", path="to_post", rule="KH-09")


def _waiting(actor, hop_id: UUID) -> Custody:
    """The hop, for somebody who may receive it; NotFoundError otherwise."""
    return row_for(actor, "receive_evidence", Custody.objects.filter(pk=hop_id).select_related("card"))


def _answer(hop: Custody, actor, at: datetime, state: HopState, **found) -> Custody:
    if at < hop.offered_at:
        raise BEFORE_THE_LAST
    answer = {"state": state, "answered_by": actor, "answered_at": at} | found
    with refusing(*_REFUSALS):
        if Custody.objects.filter(pk=hop.pk).update(**answer) != 1:
            raise NotFoundError
    hop.refresh_from_db()
    return hop


@access.service
def evidence_accept(*, actor, hop_id: UUID, seal_intact: bool, condition: str, at: datetime) -> Custody:
    """Receive what was offered to one's post, or back to the case, and say how seal and container were found."""
    hop, at = _waiting(actor, hop_id), instant(at, "at")
    found = {
        "seal_found_intact": bool(seal_intact),
        "condition_found": known(condition, Condition, "condition"),
    }
    return _answer(hop, actor, at, HopState.ACCEPTED, **found)


@access.service
def evidence_refuse(*, actor, hop_id: UUID, at: datetime) -> Custody:
    """Not receive it; the giver has it still."""
    return _answer(_waiting(actor, hop_id), actor, instant(at, "at"), HopState.REFUSED)


@access.service
def evidence_take_back(*, actor, card_id: UUID, at: datetime) -> Custody:
    """The giver's side takes an offer back that nobody has answered."""
    card, at = card_for(actor, card_id), instant(at, "at")
    hop = Custody.objects.filter(card=card, state=HopState.OFFERED).first()
    if hop is None:
        raise ANSWERED
    if not answers_for(actor, card):
        raise NOT_THE_HOLDER
    return _answer(hop, actor, at, HopState.WITHDRAWN)


@access.service
def evidence_stage(*, actor, card_id: UUID, stage: str, at: datetime) -> KitStage:
    """Say where it lies, how far the laboratory came, or that the SARC was told of the end of its time (CK-19)."""
    card, at = card_for(actor, card_id), instant(at, "at")
    stage = known(stage, Stage, "stage")
    if not answers_for(actor, card):
        raise NOT_THE_HOLDER
    elsewhere = DomainError(
        "elsewhere", "The kit is not at that place. Check who holds it.", path="stage", rule="KH-09"
    )
    row = KitStage(card=card, stage=stage, at=at, by=actor)
    with refusing(("not where that stage is", elsewhere), ("who answers for the kit", NOT_THE_HOLDER)):
        row.save(force_insert=True)
    return row


def stages_for(holder: str) -> list[Stage]:
    """The stages that a kit can come to while this holder has it."""
    if holder in LABORATORIES:
        return list(AT_THE_LABORATORY)
    return [] if holder in OUTSIDE else list(PLACES)
