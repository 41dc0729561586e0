"""The evidence shelf: where every kit of one's post or cases lies, what ends next, and one by its number."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from reports import access, policy
from reports.evidence import keeping, selectors
from reports.evidence.cards import card_index, row_for
from reports.evidence.custody_models import PLACES, Custody, HopState, KitStage, Stage
from reports.evidence.models import OUTSIDE, Holder, Kit, KitCard, KitState
from reports.policy.numbers import ALPHABET
from sapr.errors import DomainError

LENGTH = 13
# What is read in a number; O counts as 0, I and L as 1.
READ = frozenset(f"{ALPHABET}OIL")
NOT_HERE = DomainError(
    "not_held_here",
    "The number is well read, but no kit of this number is with your post or your cases. Ask whoever brought it.",
    path="number",
    rule="EV-03c",
)


def misread(text: str) -> str:
    """What is wrong with a number as it was typed or scanned, in words; '' when its check character fits."""
    bare = text.upper().replace("-", "").replace(" ", "")
    strange = sorted({each for each in bare if each not in READ})
    if strange:
        return _("“%(signs)s” never stands in a number. Read it again.") % {"signs": " ".join(strange)}
    if len(bare) != LENGTH:
        return _("A number has 13 characters, like 0000-0000-0000-0; %(n)s were read. Scan it again.") % {
            "n": len(bare)
        }
    try:
        policy.check_control_number(text)
    except policy.FactsError:
        return _(
            "The last character does not fit the others: one was misread, or two were exchanged. Compare them one by "
            "one, or scan again."
        )
    return ""


def scanned(*, viewer, number: str) -> KitCard:
    """The kit with this number: of the viewer's posts or cases, or offered to them. One answer for all others and none.

    FactsError for what is no number.
    """
    index = card_index(policy.check_control_number(number))
    found = _seen(viewer, KitCard.objects.filter(number_index=index))
    if found is None:
        raise NOT_HERE
    return found


def card_seen(*, viewer, card_id: UUID) -> KitCard:
    """The same by its id; NotFoundError for all others and none. Who only sees the case is told so."""
    cards = KitCard.objects.filter(pk=card_id).select_related("at_post__location")
    return _seen(viewer, cards) or row_for(viewer, "hold_evidence", cards)


def _seen(viewer, cards: QuerySet[KitCard]) -> KitCard | None:
    """Asks both questions of every number, so that what is not found takes as long whatever it is."""
    mine = access.rows(viewer, "hold_evidence", KitCard).filter(pk__in=cards.values("pk")).first()
    offers = offered(viewer=viewer).filter(card__in=cards.values("pk")).first()
    found = mine or (offers.card if offers else None)
    return None if found is None else cards.select_related("at_post__location").get()


def offered(*, viewer) -> QuerySet[Custody]:
    """What waits for the viewer's posts, or for the side of their cases, to receive."""
    here = Q(receiver=Holder.SARC) | Q(to_post__in=selectors.holder_posts(viewer))
    rows = access.rows(viewer, "receive_evidence", Custody).filter(here, state=HopState.OFFERED)
    return rows.select_related("card", "offered_by", "to_post")


class OnShelf(NamedTuple):
    """A kit that a post of the viewer's answers for. `tell_by`: the month in which its end must be told (CK-19)."""

    card: KitCard
    number: str
    tell_by: date | None
    to_destroy: bool


class OfCase(NamedTuple):
    """A kit of a case of the viewer's. `until`: the end of its period; what keeps it longer stands on its page."""

    kit: Kit
    until: date | None


class Place(NamedTuple):
    """A place, and the kits in it; what ends first at the top."""

    words: str
    kits: list


def of_posts(*, viewer) -> list[Place]:
    """The kits of the viewer's posts by where they lie, as it was last noted."""
    held = selectors.held(viewer=viewer)
    noted: dict[UUID, str] = {}
    rows = KitStage.objects.filter(card__in=[each.card for each in held], stage__in=PLACES).order_by(
        "at", "id"
    )
    for card_id, stage in rows.values_list("card_id", "stage"):
        noted[card_id] = stage
    lying: dict[str, list[OnShelf]] = {}
    for each in held:
        outside = each.card.holder in OUTSIDE
        words = each.card.get_holder_display() if outside else _place(noted.get(each.card.pk))
        lying.setdefault(words, []).append(OnShelf(*each))
    return [
        Place(words, sorted(kits, key=lambda kit: (kit.tell_by or date.max, kit.number)))
        for words, kits in sorted(lying.items())
    ]


def _place(stage: str | None) -> str:
    return str(Stage(stage).label) if stage else _("No place is noted")


def of_cases(*, viewer, at: datetime, most: int) -> tuple[list[Place], bool]:
    """The newest `most` kits of the viewer's cases by who has them, and whether there are more."""
    rows = access.rows(viewer, "case_work", Kit).exclude(state=KitState.DESTROYED)
    rows = rows.select_related("case__report", "case__installation", "card__at_post", "card__to_post")
    rows = rows.order_by("-issued_at", "id")
    kits = list(rows[: most + 1])
    lying: dict[str, list[OfCase]] = {}
    for kit in kits[:most]:
        lying.setdefault(_has(kit), []).append(OfCase(kit, keeping.kept(kit, at, []).until))
    return [Place(words, _by_end(found)) for words, found in sorted(lying.items())], len(kits) > most


def _by_end(found: Iterable[OfCase]) -> list[OfCase]:
    return sorted(found, key=lambda each: (each.until or date.max, each.kit.case.number))


def _has(kit: Kit) -> str:
    if kit.card is None or kit.card.holder in (Holder.SARC, Holder.PROVIDER):
        return str(Holder(kit.card.holder if kit.card else Holder.SARC).label)
    post = f", {kit.card.at_post.title}" if kit.card.at_post else ""
    return f"{kit.card.get_holder_display()}{post}"
