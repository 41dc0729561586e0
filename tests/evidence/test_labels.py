"""Labels: number, check character and QR code of exactly that, nothing else; a name only where EV-07 wants it."""

from io import BytesIO

from pypdf import PdfReader
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

from reports import access
from reports.evidence import labels
from reports.models import Event
from tests.evidence.conftest import code
from tests.times import T0
from tests.world import CANARIES


def drawn(world, kit, printer: bool = False) -> bytes:
    return labels.label_draw(actor=world.sarc, case_id=kit.case_id, kit_id=kit.pk, printer=printer, at=T0)


def test_ev_04_a_restricted_kits_label_says_its_number_and_nothing_else(world, room):
    kit, number = room.sealed("restricted")
    document = drawn(world, kit)
    pdf = PdfReader(BytesIO(document))
    assert [page.extract_text().strip() for page in pdf.pages] == [number]
    case = room.now(kit).case
    for other in (case.number, case.installation.name, str(kit.pk), str(case.pk), *CANARIES.values()):
        assert other.encode() not in document
        assert other not in str(pdf.metadata)
    assert "2026" not in str(pdf.metadata)
    zpl = drawn(world, kit, printer=True).decode()
    assert zpl.count(number) == 2
    assert zpl.replace(number, "") == labels.ZPL.replace("{number}", "")
    with access.viewing(world.sarc):
        said = Event.objects.filter(case_id=kit.case_id, kind="kit_label_printed").order_by("seq")
        assert [each.data["as"] for each in said] == ["pdf", "zpl"]


def test_ev_04_the_qr_code_is_of_exactly_the_number():
    number = "7K3M-9QXA-2B4D-E"
    plain = QRCode(error_correction=ERROR_CORRECT_M, border=4)
    plain.add_data(number, optimize=0)
    plain.make()
    matrix = labels.matrix_of(number)
    assert matrix == plain.get_matrix()
    assert matrix != labels.matrix_of(number[:-1] + "F")
    svg = labels.svg_of(number)
    assert svg.count("h1v1h-1z") == sum(map(sum, matrix))
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            assert (f"M{x} {y}h1" in svg) is dark


def test_ev_07_an_unrestricted_kits_label_bears_the_name_on_paper_only_and_on_record(world, room):
    kit, number = room.sealed("unrestricted")
    assert code(drawn, world, kit, True) == ("paper_only", "EV-07")
    text = PdfReader(BytesIO(drawn(world, kit))).pages[0].extract_text().split("\n")
    assert text == [CANARIES["name"], number]
    with access.viewing(world.sarc):
        looks = Event.objects.filter(case_id=kit.case_id, kind="sealed_opened", data__purpose="evidence")
        assert {label for each in looks for label in each.data["what"]} == {"kit.number", "identity.name"}


def test_ev_10_a_converted_reports_kit_keeps_its_number_on_the_label(world, room):
    kit, number = room.sealed("restricted")
    world.converted(room.now(kit).case.report, at=T0)
    assert PdfReader(BytesIO(drawn(world, kit))).pages[0].extract_text().strip() == number
