"""REST: the kits of a case, what lies in them, their labels, their time and their end, on the case's side."""

from base64 import b64encode
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from reports.election.models import Case
from reports.evidence import endings, keeping, labels, opening, outputs, selectors, services
from reports.evidence.models import ItemKind, Kit, KitItem
from reports.evidence.papers import certificate
from sapr.acts import act
from sapr.errors import NotFoundError
from sapr.fields import WordField
from sapr.named import FileOutput
from sapr.reads import listing, thing

KITS = "cases/<uuid:case_id>/kits"
KIT = f"{KITS}/<uuid:kit_id>"
ITEM = "cases/<uuid:case_id>/kit-items/<uuid:item_id>"


def _kit(viewer, case: Case, kit_id: UUID) -> Kit:
    kit = selectors.case_kits(viewer=viewer, case=case).filter(pk=kit_id).first()
    if kit is None:
        raise NotFoundError
    return kit


def kit_whole(*, viewer, case: Case, kit_id: UUID, at: datetime) -> dict[str, Any]:
    """One kit of a case: who has it, how long it is kept, whether its custody holds, and what of its end."""
    kit = _kit(viewer, case, kit_id)
    time, to_tell = keeping.kept(kit, at), keeping.expiry_duty(kit)
    return outputs.kit_row(kit) | {
        "until": time.until,
        "over": time.over,
        "matters": time.matters,
        "rules": time.rules,
        "tell_by": to_tell.due_at if to_tell else None,
        "chain_broken_at": selectors.custody_broken(card=kit.card) if kit.card else None,
        "end": selectors.destruction(card=kit.card) if kit.card else None,
    }


def items_of(*, viewer, case: Case, kit_id: UUID) -> QuerySet[KitItem]:
    """What lies in a kit, in the order in which it was noted."""
    return selectors.items(viewer=viewer, kit=_kit(viewer, case, kit_id))


def expiring(*, viewer, at: datetime) -> list[dict[str, Any]]:
    """The kits of the caller's cases whose time ends within half a year, or has ended."""
    found = keeping.kits_expiring(viewer=viewer, until=keeping.looked_ahead(at), at=at)
    return [
        {"id": each.kit.pk, "case": each.kit.case_id, "until": each.until, "held": each.held}
        for each in found
    ]


def certificate_of(*, viewer, case: Case, kit_id: UUID) -> dict[str, str]:
    """The certificate of a kit's destruction, as a file."""
    kit = _kit(viewer, case, kit_id)
    if kit.card is None:
        raise NotFoundError
    return _pdf(certificate(viewer=viewer, card=kit.card, zone=kit.case.installation.zone), "certificate.pdf")


def _pdf(body: bytes, name: str) -> dict[str, str]:
    return {"name": name, "type": "application/pdf", "content": b64encode(body).decode()}


def _label(body: bytes) -> dict[str, str]:
    if body.startswith(b"%PDF"):
        return _pdf(body, "label.pdf")
    return {
        "name": "label.zpl",
        "type": "application/octet-stream",
        "content": b64encode(body).decode(),
    }


def _number(number: str) -> dict[str, str]:
    return {"number": number}


OPERATIONS = [
    listing(
        KITS, selectors.case_kits, name="case_kits", verb="case_work", says="List the kits of a case",
        item=outputs.KitRowOutput, by="issued_at", show=outputs.kit_row,
    ),
    thing(KIT, kit_whole, name="case_kit", verb="case_work", says="Read a kit", answers=outputs.KitWhole),
    act(
        f"{KIT}/number", opening.kit_number_open, verb="case_work", says="Open the number of a kit",
        answers=outputs.NumberOutput, show=_number, only_reads=True, refusals=(404,),
    ),
    listing(
        f"{KIT}/items", items_of, name="case_kit_items", verb="case_work", says="List what lies in a kit",
        item=outputs.ItemOutput, by="added_at",
    ),
    act(
        f"{KIT}/items/add", services.item_add, verb="case_work", says="Note what lies in a kit",
        takes={"kind": WordField(ItemKind, help_text="What it is.")}, answers=outputs.ItemOutput, status=201,
    ),
    act(
        f"{ITEM}/ask-back", endings.property_ask, verb="case_work", says="Record that property is asked back",
        takes={"on_dd_2910_3": "Asked for on DD 2910-3."}, answers=outputs.ItemOutput,
    ),
    act(
        f"{ITEM}/return", endings.property_return, verb="case_work", says="Record that property was returned",
        answers=outputs.ItemOutput,
    ),
    act(
        f"{KIT}/label", labels.label_draw, verb="case_work", says="Draw the label of a kit",
        takes={"printer": "In ZPL, for a label printer; else as PDF."}, answers=FileOutput, show=_label,
        only_reads=True, refusals=(404, 409, 429),
    ),
    act(
        f"{KIT}/expiry-told", endings.kit_expiry_told, verb="case_work",
        says="Record that the holder told of the end of a kit's time",
    ),
    act(
        f"{KIT}/destruction/propose", endings.destruction_propose, verb="destroy_kit",
        says="Propose to destroy a kit",
        takes={
            "no_conversion": "The SARC made sure that the victim did not convert.",
            "no_property": "The SARC made sure that no property is asked back.",
        },
        answers=outputs.EndOutput, status=201,
    ),
    act(
        f"{KIT}/destruction/withdraw", endings.destruction_withdraw, verb="destroy_kit",
        says="Take the proposal to destroy a kit back", answers=outputs.EndOutput,
    ),
    thing(
        f"{KIT}/destruction/certificate", certificate_of, name="case_kit_certificate", verb="case_work",
        says="Draw the certificate of destruction", answers=FileOutput,
    ),
    listing(
        "kits/expiring", expiring, name="kits_expiring", verb="case_work", says="List kits whose time ends",
        item=outputs.ExpiringOutput, by=lambda each: f"{each['until']} {each['id']}",
    ),
]  # fmt: skip
