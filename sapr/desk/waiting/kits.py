"""What waits around evidence: kits to receive, kits to destroy; and what one offered or proposed oneself."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from reports import access
from reports.evidence import selectors
from reports.evidence.cards import number_on
from reports.evidence.custody_models import Custody, EndState, HopState, KitDestruction
from reports.evidence.models import Holder, Kit, KitCard
from sapr.desk.demo import zone_of
from sapr.desk.waiting.lines import SHOWN, Line, Source


def to_receive(viewer, now: datetime) -> Iterator[Line]:
    """Kits offered to a post of the viewer's by somebody else, by number."""
    zone = zone_of(viewer)
    for hop, number in selectors.offered(viewer=viewer):
        if hop.offered_by_id != viewer.pk:
            yield Line(
                "kit", _("Receive a kit, or refuse it"), number, hop.offered_at, None, reverse("admin:held"),
                _("Receive"), zone,
            )  # fmt: skip


def to_take_back(viewer, now: datetime) -> Iterator[Line]:
    """Kits that come back to the side of the viewer's cases."""
    rows = access.rows(viewer, "receive_evidence", Custody).filter(
        state=HopState.OFFERED, receiver=Holder.SARC
    )
    hops = {hop.card_id: hop for hop in rows.exclude(offered_by=viewer)[:SHOWN]}
    for kit in _kits(viewer, hops):
        yield Line(
            "kit_back", _("Take a kit back, or refuse it"), kit.case.number, hops[kit.card_id].offered_at, None,
            reverse("admin:kit", args=[kit.case_id, kit.pk]), _("Receive"), kit.case.installation.zone,
        )  # fmt: skip


def to_destroy(viewer, now: datetime) -> Iterator[Line]:
    """Kits at a post of the viewer's that a SARC proposed to destroy: the second person does it (EV-11)."""
    cards = access.rows(viewer, "hold_evidence", KitCard).filter(at_post__in=selectors.holder_posts(viewer))
    rows = KitDestruction.objects.filter(card__in=cards, state=EndState.PROPOSED).exclude(proposed_by=viewer)
    for end in rows.select_related("card").order_by("proposed_at")[:SHOWN]:
        yield Line(
            "destroy", _("Destroy a kit as the second person, or refuse"), number_on(end.card), end.proposed_at, None,
            reverse("admin:held_kit", args=[end.card_id]), _("Decide"), zone_of(viewer),
        )  # fmt: skip


def my_offers(viewer, now: datetime) -> Iterator[Line]:
    """Kits that the viewer offered and nobody has answered."""
    hops = {
        hop.card_id: hop
        for hop in Custody.objects.filter(offered_by=viewer, state=HopState.OFFERED).select_related("card")[
            :SHOWN
        ]
    }
    of_cases = {kit.card_id: kit for kit in _kits(viewer, hops)}
    for card_id, hop in hops.items():
        kit = of_cases.get(card_id)
        about, url = (
            (kit.case.number, reverse("admin:kit", args=[kit.case_id, kit.pk]))
            if kit
            else (number_on(hop.card), reverse("admin:held_kit", args=[card_id]))
        )
        if kit or access.may_on(viewer, "hold_evidence", hop.card):
            yield Line(
                "kit", _("Receive a kit"), about, hop.offered_at, None, url, _("Look"), zone_of(viewer)
            )


def my_proposals(viewer, now: datetime) -> Iterator[Line]:
    """Kits that the viewer proposed to destroy."""
    rows = KitDestruction.objects.filter(proposed_by=viewer, state=EndState.PROPOSED)
    ends = {end.card_id: end for end in rows[:SHOWN]}
    for kit in _kits(viewer, ends):
        yield Line(
            "destroy", _("Destroy a kit, or refuse"), kit.case.number, ends[kit.card_id].proposed_at, None,
            reverse("admin:kit", args=[kit.case_id, kit.pk]), _("Look"), kit.case.installation.zone,
        )  # fmt: skip


def _kits(viewer, cards) -> list[Kit]:
    """The kits of the viewer's cases with these cards."""
    if not cards:
        return []
    rows = access.rows(viewer, "case_work", Kit).filter(card__in=list(cards))
    return list(rows.select_related("case__installation"))


FOR_ME = (
    Source("see_evidence_room", to_receive),
    Source("case_work", to_take_back),
    Source("see_evidence_room", to_destroy),
)
BY_ME = (
    Source("hold_evidence", my_offers),
    Source("case_work", my_proposals),
)
