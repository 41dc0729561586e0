"""Forms and copies at the desk: from the list to a signature, a correction, a document, a copy."""

import re
from datetime import date

from reports import access, policy
from reports.election.models import SignedForm
from reports.election.papers.models import CopyRequest, HandOut, Paper
from tests.desk.conftest import text
from tests.desk.test_bad_input import INSTANTS
from tests.documents.reading import words
from tests.forms import election_again, filled
from tests.world import CANARIES

LOCAL = "2026-03-02T10:00"


def sent(form: str, at: str = LOCAL, **changed: str) -> dict[str, object]:
    """The fields of a filled form, as the browser sends them."""
    given = filled(form)
    answers = {f"answers-{key}": {True: "yes"}.get(value, value) if isinstance(value, bool) else value
               for key, value in given["answers"].items()}  # fmt: skip
    initials = {f"initials-{key}": mark for key, mark in given["initials"].items()}
    names = {f"signatures-{who}": name for who, name in given["signatures"].items()}
    instants = {f"signed_at-{who}": at for who in given["signatures"]}
    return answers | initials | names | instants | {"edition": given["edition"]} | changed


def test_a_form_is_signed_corrected_drawn_and_copied_at_the_desk(world, sarc):
    """Nothing typed is lost when something is refused; the list shows both versions; the PDF is stored nowhere."""
    case = world.signed("unrestricted").case
    here = f"/admin/cases/{case.pk}/forms/"
    assert 'data-test="link-forms"' in text(sarc.get(f"/admin/cases/{case.pk}/"))
    listed = text(sarc.get(here))
    offered = re.findall(r'data-test="to-sign" data-form="([^"]+)"', listed)
    assert offered == ["DD 2910-1", "DD 2910-2", "DD 2910-5", "DD 2910-6", "DD 2911"]
    data = sent("DD 2910-2")
    refused = sarc.post(f"{here}sign/dd-2910-2/", data | {"initials-copy": ""})
    assert refused.status_code == 422
    assert "Invented answer to what_happened." in text(refused)
    assert sarc.post(f"{here}sign/dd-2910-2/", data)["Location"] == here
    with access.viewing(world.sarc):
        first = Paper.objects.get()
    correction = f"{here}{first.pk}/correct/"
    assert "Invented answer" not in text(sarc.get(correction))
    assert sarc.post(correction, data).status_code == 422
    assert sarc.post(correction, data | {"reason": "left_out"})["Location"] == here
    again = sarc.post(correction, data | {"reason": "left_out"})
    assert (again.status_code, "corrected already" in text(again)) == (409, True)
    page = text(sarc.get(here))
    assert page.count('data-test="signed-form"') == 3
    assert page.count('data-test="corrected"') == 1
    made = sarc.post(f"{here}{first.pk}/document/")
    assert (made["Content-Type"], made["Content-Disposition"]) == (
        "application/pdf", 'attachment; filename="dd-2910-2.pdf"',
    )  # fmt: skip
    assert "no-store" in made["Cache-Control"]
    assert "Invented answer to what_happened." in words(made.content)
    assert sarc.get(f"{here}{first.pk}/document/")["Location"] == here
    assert (
        sarc.post(here, {"do": "copy", "form": "DD 2910", "delivery": "collected", "at": LOCAL}).status_code
        == 302
    )
    with access.viewing(world.sarc):
        copy = CopyRequest.objects.get()
    page = text(sarc.get(here))
    assert 'data-test="give"' in page
    assert sarc.post(here, {"do": "give", "id": str(copy.pk)}).status_code == 302
    assert 'data-test="give"' not in text(sarc.get(here))
    assert sarc.post(here, {"do": "give", "id": str(copy.pk)}).status_code == 409
    assert sarc.post(here, {"do": "give", "id": "x"}).status_code == 404
    assert sarc.post(here, {"do": "hand", "given": "DD 2701/victim", "at": LOCAL}).status_code == 302
    with access.viewing(world.sarc):
        assert HandOut.objects.get().given_to == "victim"


def test_what_has_no_place_in_a_restricted_report_is_not_offered(world, sarc):
    """RE-02, PO-02: neither the statement nor the order; asking for its page leads back to the list."""
    case = world.signed("restricted").case
    here = f"/admin/cases/{case.pk}/forms/"
    listed = text(sarc.get(here))
    assert re.findall(r'data-form="(DD 2910-[1-9])"', listed) == ["DD 2910-1", "DD 2910-3"]
    assert "DD 2873" not in listed
    assert sarc.post(f"{here}sign/dd-2910-2/", sent("DD 2910-2"))["Location"] == here
    assert sarc.post(here, {"do": "hand", "given": "DD 2873/victim", "at": LOCAL}).status_code == 422
    assert sarc.post(here, {"do": "nothing"}).status_code == 200
    with access.viewing(world.sarc):
        assert not Paper.objects.exists()
        original = SignedForm.objects.get()
    assert sarc.post(f"{here}sign/dd-2910-1/", sent("DD 2910-1", remote="on"))["Location"] == here
    page = text(sarc.get(here))
    assert "from afar" in page
    assert 'data-test="replaced"' in page
    again = election_again(policy.form_edition("DD 2910", date(2026, 3, 2)), "restricted")
    data = {f"initials-{key}": mark for key, mark in again["initials"].items()}
    data |= {f"signatures-{who}": "Z" for who in again["signatures"]}
    data |= {f"signed_at-{who}": LOCAL for who in again["signatures"]} | {"reason": "writing_error"}
    asked = text(sarc.get(f"{here}{original.pk}/correct/"))
    assert "The election on it is <strong>Restricted</strong>" in asked
    answer = sarc.post(f"{here}{original.pk}/correct/", data | {"edition": again["edition"]})
    assert answer["Location"] == here
    assert "Version 2" in text(sarc.get(here))


def test_a_form_dated_back_is_shown_again_in_the_edition_of_its_day(world, sarc):
    """DD 2910-4 of before 2024-07-19: the page comes back with that edition, which then is signed."""
    case = world.decided()
    here = f"/admin/cases/{case.pk}/forms/"
    assert "DD 2910-4" in text(sarc.get(here))
    old = sent("DD 2910-4", "2024-07-18T10:00") | {"initials-report_unchanged": "ZC"}
    back = sarc.post(f"{here}sign/dd-2910-4/", old)
    assert back.status_code == 422
    assert 'name="edition" value="2022-01-01"' in text(back)
    assert sarc.post(f"{here}sign/dd-2910-4/", old | {"edition": "2022-01-01"})["Location"] == here
    before = sarc.post(f"{here}sign/dd-2910-4/", sent("DD 2910-4", "2021-12-31T10:00"))
    assert "did not exist on that day" in text(before)
    assert "Invented answer to contact_when." in text(before)
    for value in INSTANTS:
        wrong = sarc.post(f"{here}sign/dd-2910-4/", sent("DD 2910-4", value))
        assert wrong.status_code in (400, 413, 422), value[:20]
    with access.viewing(world.sarc):
        assert Paper.objects.count() == 1


def test_a_blank_form_is_a_document_without_anything_of_the_case(world, sarc):
    case = world.signed("restricted").case
    here = f"/admin/cases/{case.pk}/forms/"
    answer = sarc.get(re.search(r'href="([^"]+)" data-test="blank-election"', text(sarc.get(here)))[1])
    assert answer["Content-Disposition"] == 'attachment; filename="dd-2910-blank.pdf"'
    assert "no-store" in answer["Cache-Control"]
    said = words(answer.content)
    assert not [value for value in (case.number, *CANARIES.values()) if value in said]
    for nothing in ("dd-2910-7", "dd-2701", "nothing"):
        assert sarc.get(f"{here}blank/{nothing}/")["Location"] == here
