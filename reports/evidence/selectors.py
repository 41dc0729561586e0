"""Reads of kits, as seen by a viewer. The number itself is sealed; opening it is an event."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from accounts.models import Post
from accounts.selectors import posts_of
from reports import access
from reports.access import require_within_limit
from reports.evidence.cards import card_for, number_on
from reports.evidence.custody_models import Custody, EndState, HopState, KitDestruction, KitHold, KitStage
from reports.evidence.models import Kit, KitCard, KitItem, KitName, KitState
from reports.vault.fields import Sealed
from reports.vault.services import open_sealed, read
from sapr import clock
from sapr.errors import DomainError, NotFoundError


def case_kits(*, viewer, case) -> QuerySet[Kit]:
    """The kits of one of the viewer's cases, in order of issue."""
    rows = access.of_case(viewer, "case_view", Kit, case).select_related("card__at_post")
    return rows.order_by("issued_at", "id")


def kits_not_at_mcio(*, viewer, case) -> QuerySet[Kit]:
    """The kits of the viewer's case that the MCIO does not hold yet, in order of issue."""
    found = access.of_case(viewer, "case_work", Kit, case)
    found = found.exclude(state__in=(KitState.MCIO, KitState.DESTROYED))
    return found.order_by("issued_at", "id")


def kit_number(*, viewer, case, kit_id: UUID, at: datetime) -> str:
    """The number of one kit of the viewer's case, opened from its seal; the look is an event."""
    kit = access.of_case(viewer, "case_work", Kit, case).filter(pk=kit_id).first()
    if kit is None:
        raise NotFoundError
    return open_sealed(record=kit, actor=viewer, purpose="evidence", at=at)["number"]


def hops(*, viewer, card: KitCard) -> QuerySet[Custody]:
    """The hops of a kit that the viewer may know of: of their cases all, else those of their own posts."""
    rows = Custody.objects.filter(card=card).select_related(
        "offered_by", "answered_by", "to_post", "from_post"
    )
    return rows.order_by("hop")


def last_hops(*, viewer, case) -> dict[UUID, Custody]:
    """The last hop of each kit of one of the viewer's cases, by the id of its card."""
    rows = access.of_case(viewer, "case_view", Custody, case)
    rows = rows.select_related("offered_by", "answered_by", "to_post").order_by("hop")
    return {hop.card_id: hop for hop in rows}


def custody_broken(*, card: KitCard) -> int | None:
    """The first hop whose hashes do not fit its forerunner's, for somebody who sees all hops; None: the chain holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sapr_custody_broken(%s)", [card.pk])
        return cursor.fetchone()[0]


def items(*, viewer, kit: Kit) -> QuerySet[KitItem]:
    """What lies in a kit of the viewer's case."""
    return access.rows(viewer, "case_view", KitItem).filter(kit=kit).order_by("added_at", "id")


def open_holds(*, card: KitCard) -> QuerySet[KitHold]:
    """The open holds on a kit: for its case's people all, for a holder those of their own post."""
    return KitHold.objects.filter(card=card, lifted_at=None).order_by("placed_at")


def held_by_others(*, card: KitCard) -> bool:
    """Whether anybody else than the viewer's post, which has it, holds the kit back. Not who, since when, or why."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sapr_held_by_others(%s)", [card.pk])
        return cursor.fetchone()[0]


def stages(*, card: KitCard) -> QuerySet[KitStage]:
    """The stages of a kit, as far as the viewer may know of them, the newest first."""
    return KitStage.objects.filter(card=card).order_by("-at")


def destruction(*, card: KitCard) -> KitDestruction | None:
    """What was last proposed about the end of a kit; what stands comes before what was refused or taken back."""
    rows = KitDestruction.objects.filter(card=card).select_related("proposed_by", "decided_by")
    standing = (EndState.PROPOSED, EndState.DONE)
    return max(rows, key=lambda each: (each.state in standing, each.proposed_at), default=None)


class Held(NamedTuple):
    """A kit in the hands of one's post. `tell_by`: the first day of the month in which its expiry must be told."""

    card: KitCard
    number: str
    tell_by: date | None
    to_destroy: bool


class HeldCard(NamedTuple):
    """The same without its number, which is not opened."""

    card: KitCard
    tell_by: date | None
    to_destroy: bool


def held_cards(*, viewer) -> list[HeldCard]:
    """The kits that the viewer's posts answer for; no case, no date of one, and no seal opened."""
    mine = [post.pk for post in holder_posts(viewer)]
    rows = access.rows(viewer, "hold_evidence", KitCard).filter(at_post__in=mine).select_related("at_post")
    with connection.cursor() as cursor:
        cursor.execute("SELECT card, month FROM sapr_kits_to_tell()")
        months = dict(cursor.fetchall())
    ends = KitDestruction.objects.filter(card__in=rows).exclude(state=EndState.WITHDRAWN)
    states = dict(ends.order_by("proposed_at").values_list("card_id", "state"))
    return [
        HeldCard(card, months.get(card.pk), states.get(card.pk) == EndState.PROPOSED)
        for card in rows
        if states.get(card.pk) != EndState.DONE
    ]


def held(*, viewer) -> list[Held]:
    """The same by number."""
    found = [
        Held(card, number_on(card), tell_by, to_destroy)
        for card, tell_by, to_destroy in held_cards(viewer=viewer)
    ]
    return sorted(found, key=lambda each: each.number)


def offered(*, viewer) -> list[tuple[Custody, str]]:
    """What waits for the viewer's posts, with the number on each label."""
    rows = access.rows(viewer, "receive_evidence", Custody).filter(
        state=HopState.OFFERED, to_post__in=holder_posts(viewer)
    )
    return [(hop, number_on(hop.card)) for hop in rows.select_related("card", "offered_by", "to_post")]


def back_to_case(*, viewer, card: KitCard) -> Custody | None:
    """What waits for anybody of the SARC's side to take back."""
    rows = access.rows(viewer, "receive_evidence", Custody).filter(
        card=card, state="offered", receiver="sarc"
    )
    return rows.first()


def holder_posts(viewer) -> list[Post]:
    """The viewer's posts that can hold evidence."""
    return [post for post in posts_of(viewer, clock.now()) if post.role in ("mcio", "evidence_custodian")]


def name_on_kit(*, viewer, card_id: UUID, at: datetime) -> str:
    """The name on the label of an Unrestricted report's kit that the viewer's post has. On record before it is shown.

    The case is known to this function for the moment in which its key opens the seal, and to nobody else.
    """
    card = card_for(viewer, card_id)
    require_within_limit(viewer, at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_id, of_case, kit, sealed FROM sapr_name_on_kit(%s)", [card.pk])
        row_id, case_id, kit_id, sealed = cursor.fetchone()
    if row_id is None:
        raise DomainError("no_name", "This kit bears its number and no name.", status=409, rule="EV-04")
    record = KitName(pk=row_id, case_id=case_id, kit_id=kit_id, name=Sealed(sealed))
    return read(record, "name")
