"""Labels: the number and its QR code, nothing else; of an Unrestricted report's kit the name (EV-04, EV-07)."""

from datetime import datetime
from uuid import UUID

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

from reports import access
from reports.access import require_within_limit
from reports.evidence.cards import card_of
from reports.evidence.models import Kit, KitLabel, KitName
from reports.evidence.ruled import require, ruling
from reports.evidence.services import kit_of
from reports.ledger.services import append
from reports.validation import instant
from reports.vault.services import open_sealed
from sapr.documents import render_pdf
from sapr.errors import DomainError

# Four by two inches at 203 dots an inch: code on the left half, number under it. `^FD` … `^FS` is the text.
ZPL = "^XA\n^PW812\n^LL406\n^FO306,20^BQN,2,7^FDMA,{number}^FS\n^FO0,300^FB812,1,0,C^A0N,64,48^FD{number}^FS\n^XZ\n"


def matrix_of(number: str) -> list[list[bool]]:
    """The QR code of exactly this number, its quiet zone included; True is dark."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(number, optimize=0)
    code.make()
    return code.get_matrix()


def path_of(number: str) -> tuple[int, str]:
    """The same as a square of that many units, and the path of what is dark in it."""
    matrix = matrix_of(number)
    dark = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, is_dark in enumerate(row) if is_dark
    )
    return len(matrix), dark


def svg_of(number: str) -> str:
    """The same, drawn."""
    size, dark = path_of(number)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{dark}"/></svg>'
    )


def number_label(number: str) -> bytes:
    """The label as PDF."""
    return render_pdf("label", {"title": "Evidence label", "lines": [number], "code": svg_of(number)})


@access.service
def label_draw(*, actor, case_id: UUID, kit_id: UUID, printer: bool, at: datetime) -> bytes:
    """The label of a kit, as PDF or, with `printer`, in ZPL. An act of its own, on record each time.

    A kit that was numbered under a Restricted report shows its number, also after a conversion (EV-10b). One of an
    Unrestricted report shows the name, on paper only: a printer's queue keeps what it is sent.
    """
    case = access.case_for(actor, case_id, "case_work")
    at, kit = instant(at, "at"), kit_of(case, kit_id)
    shows = card_of(kit).label
    require(
        ruling(kit, "kit_label", at, label_shows=shows),
        "label", "The label of this kit shows its number.", rule="EV-04",
    )  # fmt: skip
    if shows == KitLabel.NAME and printer:
        raise DomainError("paper_only", "A label with a name is drawn as PDF only.", status=409, rule="EV-07")
    number = open_sealed(record=kit, actor=actor, purpose="evidence", at=at, fields=["number"])["number"]
    if shows == KitLabel.NAME:
        drawn = render_pdf(
            "label", {"title": "Evidence label", "lines": [_name(actor, kit, at), number], "code": None}
        )
    else:
        drawn = ZPL.format(number=number).encode() if printer else number_label(number)
    data = {"kit": str(kit.pk), "shows": shows, "as": "zpl" if printer else "pdf"}
    append(case_id=case.pk, kind="kit_label_printed", actor=actor, at=at, data=data)
    return drawn


def _name(actor, kit: Kit, at: datetime) -> str:
    """The name that the label bears: the one put on it first, else the one of the identity, which is kept as such."""
    require_within_limit(actor, at)
    written = KitName.objects.filter(kit=kit).first()
    if written is not None:
        return open_sealed(record=written, actor=actor, purpose="evidence", at=at)["name"]
    identity = getattr(kit.case, "identity", None)
    opened = (
        open_sealed(record=identity, actor=actor, purpose="evidence", at=at, fields=["name"])
        if identity
        else {}
    )
    if not opened.get("name"):
        raise DomainError(
            "no_name",
            "No name is sealed in this case. Complete the sealed details first.",
            status=409,
            rule="EV-07",
        )
    KitName(case_id=kit.case_id, kit=kit, name=opened["name"]).save(force_insert=True)
    return opened["name"]
