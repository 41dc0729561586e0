"""Finding a kit's card: by its number on the holder's side, by its kit on the case's side."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from accounts.selectors import posts_of
from reports import access, policy
from reports.evidence.models import Kit, KitCard, KitLabel
from reports.vault.keys import case_index
from reports.vault.models import NO_CASE, Sensitivity
from reports.vault.services import read
from sapr import clock
from sapr.errors import DomainError, NotFoundError

REFUSED = "SA002"
NOT_THE_HOLDER = DomainError(
    "not_the_holder",
    "Whoever has this kit hands it on, and that is not you now. Ask who has it, or have it handed to you first.",
    status=409,
    rule="KH-09",
)


def card_index(number: str) -> bytes:
    """By which a holder finds a number, whatever its case; keyed, so that a copy of the table finds nothing."""
    return case_index(NO_CASE, Sensitivity.EVIDENCE, number)


def card_for(actor, card_id: UUID) -> KitCard:
    """The card of a kit that the actor may handle; the same NotFoundError for one of others and for none."""
    return row_for(actor, "hold_evidence", KitCard.objects.filter(pk=card_id).select_related("at_post"))


def row_for(actor, verb: str, found: QuerySet):
    """The row that the actor may do this with. Who only sees it is told so; all others find nothing."""
    row = found.first()
    if row is None:
        raise NotFoundError
    if not access.may_on(actor, verb, row):
        if not access.may_on(actor, "case_view", row):
            raise NotFoundError
        access.require_on(actor, row, verb)
    return row


def card_of(kit: Kit) -> KitCard:
    """The card of a kit of the actor's case; a kit of before there were cards is given one."""
    if kit.card_id is None:
        number = read(kit, "number")
        kit.card = new_card(number, KitLabel.NUMBER)
        kit.save(update_fields=["card"])
    return kit.card


def new_card(number: str, label: KitLabel) -> KitCard:
    """A card for a kit that the provider fills. The number is sealed once more, under no case's key."""
    card = KitCard(number=number, number_index=card_index(number), label=label)
    card.save(force_insert=True)
    return card


def answers_for(actor, card: KitCard) -> bool:
    """Whether the actor speaks for whoever has the kit: the people of the post it is at, else those of its case."""
    if card.at_post_id is None:
        return Kit.objects.filter(card_id=card.pk).exists()
    return card.at_post_id in {post.pk for post in posts_of(actor, clock.now())}


def number_on(card: KitCard) -> str:
    """The number as it stands on the label. No look is recorded: who holds the kit has it before their eyes."""
    return read(card, "number")


def held_by_number(*, viewer, number: str) -> KitCard:
    """The kit of one's own posts with this number. FactsError when it was misread; else one sentence for all others."""
    written = policy.check_control_number(number)
    card = access.rows(viewer, "hold_evidence", KitCard).filter(number_index=card_index(written)).first()
    if card is None:
        raise DomainError(
            "not_held_here",
            "The number is well read, but your post holds no kit of this number. Ask whoever brought it.",
            path="number",
            rule="EV-03c",
        )
    return card


@contextmanager
def refusing(*answers: tuple[str, DomainError]) -> Iterator[None]:
    """What the database refuses in the block, as a refusal of ours: by a part of its sentence, else as it is."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") == REFUSED:
            for part, refusal in answers:
                if part in str(error):
                    raise refusal from None
        raise
