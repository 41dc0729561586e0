"""Where a sealed kit goes: into the custodian's room, to the MCIO, to a laboratory; some are on the way (KH-09)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from reports.evidence.custody import evidence_accept, evidence_offer
from reports.evidence.custody_models import Custody, HopState
from reports.evidence.services import kit_hand_to_mcio
from sapr.world.life import Life, Step

HOURS, DAYS = timedelta(hours=1), timedelta(days=1)


def stored(life: Life) -> Iterator[Step]:
    """The kit of a Restricted report is offered to the evidence custodian and stored; it waits there (EV-06)."""
    if life.sealed_kit and life.election == "restricted" and _goes_on(life, "kit/offered"):
        yield life.signed_at + 5 * HOURS, _offered
        if _goes_on(life, "kit/stored"):
            yield life.signed_at + 5 * HOURS + life.between("kit/stored/at", 1 * HOURS, 20 * HOURS), _stored


def examined(life: Life) -> Iterator[Step]:
    """What the MCIO has goes to a laboratory in some cases."""
    if life.sealed_kit and life.election == "unrestricted" and _goes_on(life, "kit/accepted"):
        yield life.signed_at + life.between("kit/accepted/at", 6 * HOURS, 12 * HOURS), _accepted
        if life.chance("kit/laboratory", life.figures.assumed["kit_to_laboratory"]):
            yield life.signed_at + life.between("kit/laboratory/at", 2 * DAYS, 30 * DAYS), _to_laboratory


def _goes_on(life: Life, name: str) -> bool:
    """A kit that will be handed over at a conversion gets as far as it can; of the others some wait for a receiver."""
    return life.converts or life.chance(name, life.figures.assumed["kit_received"])


def _offered(life: Life, at: datetime) -> None:
    life.hop = _offer(life, life.sarc, at, receiver="custodian", to_post=life.place.custody, purpose="store")


def _stored(life: Life, at: datetime) -> None:
    _accept(life, life.place.custodian, at)
    life.stored = True


def _accepted(life: Life, at: datetime) -> None:
    _accept(life, life.place.agent, at)


def _to_laboratory(life: Life, at: datetime) -> None:
    receipt = f"L-{life.number}"
    _offer(life, life.place.agent, at, receiver="lab_defense", to_post=None, purpose="test", receipt=receipt)


def to_mcio(life: Life, at: datetime) -> None:
    """The MCIO takes the kit; what the custodian stored, the custodian hands over."""
    if life.stored:
        life.hop = _offer(
            life, life.place.custodian, at, receiver="mcio", to_post=life.place.mcio, purpose="investigate"
        )
        _accept(life, life.place.agent, at)
    kit_hand_to_mcio(actor=life.sarc, case_id=life.case.pk, number=life.kit, at=at)
    if not life.stored:
        life.hop = Custody.objects.get(card=life.card, state=HopState.OFFERED).pk


def _accept(life: Life, who, at: datetime) -> None:
    evidence_accept(actor=who, hop_id=life.hop, seal_intact=True, condition="good", at=at)


def _offer(life: Life, who, at: datetime, *, receiver: str, to_post, purpose: str, receipt: str = ""):
    return evidence_offer(
        actor=who,
        card_id=life.card,
        receiver=receiver,
        to_post=to_post,
        purpose=purpose,
        seal_number=f"S-{life.number}",
        seal_intact=True,
        condition="good",
        receipt=receipt,
        photo_sha256="",
        at=at,
    ).pk
