"""A signed form as a document: what it says is what was signed, and it names the event that proves it."""

import json

import pytest
from django.db import connection

from reports import access, policy
from reports.election.models import SignedForm
from reports.election.papers.document import NO_ANSWER, blank, form_document
from reports.election.papers.models import Paper
from reports.ledger.models import Event
from reports.vault.errors import VaultLockedError
from reports.vault.fields import Sealed
from sapr.errors import DomainError
from tests.documents.reading import as_said, opened, words
from tests.documents.test_rendering import HOSTILE
from tests.forms import correct, election_again, filled, replace_lost, sign
from tests.times import T0

LONGEST = "x" * 20_000


def drawn(world, row) -> bytes:
    return form_document(actor=world.sarc, case_id=row.case_id, form_id=row.pk, at=T0).body


def signing(world, row) -> Event:
    kind = "form_s" if isinstance(row, Paper) else "report_"
    with access.viewing(world.sarc):
        of_case = Event.objects.filter(case_id=row.case_id, kind__startswith=kind)
        return of_case.get(data__paper=str(row.pk)) if isinstance(row, Paper) else of_case.get()


def expected(edition: policy.PaperEdition, given: dict) -> list[str]:
    """Every question, answer, initial, name and statement, in the order of the form."""
    lines = []
    for each in edition.questions:
        answer = given["answers"].get(each.key)
        if each.type == "choices":
            answer = " ".join(each.values[word] for word in answer or [])
        elif each.type == "choice":
            answer = each.values.get(answer)
        elif each.type == "yes_no":
            answer = {True: "Yes", False: "No", None: None}[answer]
        lines += [each.sentence, answer or NO_ANSWER]
    for each in edition.acknowledgements:
        lines += [each.sentence, f"Initials: {given['initials'][each.key]}"]
    for who, name in given["signatures"].items():
        lines += [policy.signer_words()[who], name, "2026-03-02"]
    return [*lines, *(each.sentence for each in edition.statements)]


def storable(limit: int) -> list[str]:
    """The hostile texts as a form takes them: without what cannot be stored, no longer than the answer may be."""
    kept = ("".join(char for char in text if char not in "\x07\ud800") for text in HOSTILE)
    return [text[:limit].strip() for text in kept]


def in_order(text: str, lines: list[str]) -> None:
    """Each line stands in the text after the one before."""
    at = 0
    for line in map(as_said, lines):
        found = text.find(line, at)
        assert found >= 0, (line[:200], text[at : at + 400])
        at = found + len(line)


def test_the_document_of_every_form_says_exactly_what_was_signed(world):
    """Every form of the day, with a hostile text in each free answer; tagged, marked, titled, named harmlessly."""
    contact, restricted, unrestricted = (
        world.decided(),
        world.signed("restricted"),
        world.signed("unrestricted"),
    )
    cases = {"none": contact, "restricted": restricted.case, "unrestricted": unrestricted.case}
    whole, short = [LONGEST, *storable(20_000), ""], storable(200)[:-1]
    for edition in policy.papers(T0.date()):
        if not edition.signers:
            continue
        given = filled(edition.code)
        for each in edition.questions:
            if each.type in ("text", "line") and not each.required:
                left = whole if each.type == "text" else short
                given["answers"][each.key] = left.pop(0) if left else "said"
        case = cases[edition.elections[0]]
        row = (
            replace_lost(world, case, **given) if edition.remote else sign(world, case, edition.code, **given)
        )
        made = form_document(actor=world.sarc, case_id=case.pk, form_id=row.pk, at=T0)
        text, event = words(made.body), signing(world, row)
        if LONGEST in given["answers"].values():
            # A word longer than the line stands on many; the lines of the paper are no part of it.
            text = text.replace(" ", "")
            in_order(text, [each.replace(" ", "") for each in expected(edition, given)])
            continue
        in_order(text, [edition.title, edition.edition, *expected(edition, given)])
        in_order(text, ["Event of the ledger", f"event {event.seq} of its case", bytes(event.hash).hex()])
        document = opened(made.body)
        assert document.metadata.title == f"{edition.code}: {edition.title}"
        assert document.trailer["/Root"]["/Lang"] == "en"
        assert made.name == edition.code.lower().replace(" ", "-") + ".pdf"
        for page in document.pages:
            sheet = page.extract_text()
            assert "CUI" in sheet
            assert f"Ledger event {event.seq}, SHA-256 {bytes(event.hash).hex()}" in sheet
    assert not whole + short


def test_the_election_form_its_conversion_and_their_corrections_are_drawn(world):
    """Only the lines of the option elected; of a version, that it corrects the one before, and why."""
    report = world.signed("restricted")
    world.converted(report, at=T0)
    form = policy.form_edition("DD 2910", T0.date())
    with access.viewing(world.sarc):
        election, conversion = (SignedForm.objects.get(kind=each) for each in ("election", "conversion"))
    wanted = [each.sentence for each in form.acknowledgements if "restricted" in each.options]
    with access.viewing(world.sarc):
        event = Event.objects.get(case_id=report.case_id, kind="report_signed")
    text = words(drawn(world, election))
    in_order(text, [form.title, "Which option is chosen?", "Restricted", *wanted, "Signatures", "Victim"])
    assert bytes(event.hash).hex() in text
    assert text.count("Initials: ZC") == len(wanted)
    text = words(drawn(world, conversion))
    in_order(text, ["Which option is chosen?", "Unrestricted", "Signatures", "Victim", "SARC or SAPR VA"])
    assert "Initials" not in text
    again = correct(world, report.case, election, **election_again(form, "restricted"))
    text = words(drawn(world, again))
    in_order(
        text, ["Version 2. It corrects the version before: Something was left out.", "Restricted", *wanted]
    )
    assert text.count("Initials: ZD") == len(wanted)
    assert "Signed from afar." in words(drawn(world, replace_lost(world, report.case, remote=True)))


def test_drawing_is_two_events_and_counts_as_an_identity_opened(world):
    """Purpose `document`, then `form_printed`; beyond the hour's number it is refused and nothing is drawn."""
    row = sign(world, world.signed("restricted").case, "DD 2911")
    drawn(world, row)
    with access.viewing(world.sarc):
        printed, opening = Event.objects.filter(case_id=row.case_id).order_by("-seq")[:2]
    assert (opening.kind, opening.data) == (
        "sealed_opened",
        {"what": ["paper.content"], "purpose": "document"},
    )
    assert (printed.kind, printed.data["paper"]) == ("form_printed", str(row.pk))
    limit = policy.access_rules(T0.date()).limits["identity_openings"]
    with access.viewing(world.sarc), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data) SELECT gen_random_uuid(), %s, "
            '\'sealed_opened\', %s, %s, \'{"what": ["form.content"], "purpose": "document"}\' '
            "FROM generate_series(1, %s)",
            [row.case_id, T0, world.sarc.pk, limit - 1],
        )
    with pytest.raises(DomainError) as caught:
        drawn(world, row)
    assert caught.value.code == "too_many_openings"


def test_what_is_not_what_was_signed_is_not_drawn(world, monkeypatch):
    """Changed bytes do not open; a content sealed rightly that the signing event does not know is refused too."""
    row, other = (sign(world, world.signed("restricted").case, "DD 2911") for _ in range(2))
    with access.viewing(world.sarc):
        row, other = Paper.objects.get(pk=row.pk), Paper.objects.get(pk=other.pk)
    raw = bytes(row.content.raw)
    for bad in (raw[:-1] + bytes([raw[-1] ^ 1]), bytes(other.content.raw)):
        with access.viewing(world.sarc):
            broken = Paper.objects.get(pk=row.pk)
            broken.content = Sealed(bad)
            monkeypatch.setattr(
                "reports.election.papers.document.form_get", lambda found=broken, **given: found
            )
            with pytest.raises(VaultLockedError):
                drawn(world, broken)
    monkeypatch.undo()
    forged = json.dumps({"answers": {"received_on": ""}, "initials": {}, "signatures": {}})
    monkeypatch.setattr("reports.election.papers.document.open_sealed", lambda **given: {"content": forged})
    with pytest.raises(VaultLockedError, match="not the content that was signed"):
        drawn(world, row)


def test_a_blank_form_shows_its_edition_and_every_line_and_no_mark():
    for edition in policy.papers(T0.date()):
        if not edition.signers:
            continue
        text = words(blank(form=edition.code, on=T0.date()).body)
        lines = [edition.edition]
        for each in edition.questions:
            lines += [each.sentence, *(f"[ ] {value}" for value in each.values.values())]
        lines += [each.sentence for each in edition.acknowledgements]
        in_order(text, [*lines, *(policy.signer_words()[each] for each in edition.signers)])
        assert "CUI" not in text
        assert "Initials:" not in text
    made = blank(form="DD 2910", on=T0.date())
    text = words(made.body)
    for key, sentence, options in policy.form_edition("DD 2910", T0.date()).acknowledgements:
        only = f" ({options[0].capitalize()} only)" if len(options) == 1 else ""
        assert as_said(sentence + only) in text, key
    assert made.name == "dd-2910-blank.pdf"
