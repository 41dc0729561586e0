"""A signature is typed or drawn; either is sealed with the form's edition and instant, and stands on its document."""

import json
import re

import pytest

from reports import access
from reports.election.models import Report, SignedForm
from reports.election.papers.document import form_document
from reports.election.services import report_sign
from reports.election.signatures import strokes
from reports.ledger.models import Event
from reports.vault.keys import commitment
from reports.vault.services import open_sealed
from sapr.errors import DomainError
from tests.documents.reading import opened, words
from tests.times import T0

WAVE = [[x * 40, 60 + (x % 3) * 20][i] for x in range(1, 9) for i in range(2)]
DRAWN = [WAVE, [50, 120, 550, 120]]


@pytest.mark.parametrize(
    "drawn",
    [
        "junk", "[" * 39_000, '"x"', "7", [[1, 2]], [[10, 20, 30]], [["a", "b"] * 9], [[1.5, 2] * 9], [[True, 1] * 9],
        [[601, 10] * 9], [[10, 161] * 9], [[-1, 10] * 9], [[1, 1] * 5_000], "x" * 50_000, [WAVE, "no"], {"a": 1},
    ],
)  # fmt: skip
def test_what_is_no_drawing_is_refused_in_a_sentence(drawn) -> None:
    with pytest.raises(DomainError, match="type it") as told:
        strokes(drawn, "victim_drawn")
    assert told.value.path == "victim_drawn"


def test_a_drawn_signature_is_sealed_as_strokes_committed_to_and_drawn_on_the_document(world) -> None:
    case = world.decided()
    paper = world.paper(case, "restricted") | {"victim_signature": ""}
    with pytest.raises(DomainError) as told:
        report_sign(actor=world.sarc, **paper)
    assert (told.value.code, told.value.path) == ("missing", "victim_signature")
    with access.viewing(world.sarc):
        assert not Report.objects.exists()
    report_sign(actor=world.sarc, victim_drawn=json.dumps(DRAWN), **paper)
    with access.viewing(world.sarc):
        row = SignedForm.objects.get(case=case)
        sealed = open_sealed(record=row, actor=world.sarc, purpose="document", at=T0)["content"]
        event = Event.objects.get(case_id=case.pk, kind="report_signed")
    content = json.loads(sealed)
    assert (content["victim_drawn"], content["victim_signature"]) == (DRAWN, "")
    # Bound to edition and instant: the event commits to all of it and holds none of it.
    assert content["edition"] == row.edition
    assert content["victim_signed_at"] == content["advocate_signed_at"] == T0.isoformat()
    assert event.data["content"] == commitment(case.pk, sealed.encode())
    assert "drawn" not in json.dumps(event.data)
    said = form_document(actor=world.sarc, case_id=case.pk, form_id=row.pk, at=T0).body
    assert "Drawn by hand." in words(said)
    # As lines, one to each of their points, with words for who cannot see them.
    drawn = b"".join(page.get_contents().get_data() for page in opened(said).pages)
    assert len(re.findall(rb" l\b", drawn)) == sum(len(each) for each in DRAWN) // 2
    assert b"Signature, drawn by hand" in said
