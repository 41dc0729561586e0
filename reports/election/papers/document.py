"""A signed form as a document: exactly what stands on it, and by which event of the ledger it was signed."""

import json
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from reports import access, policy
from reports.election.models import Case, Election, SignedForm
from reports.election.papers.models import CorrectionReason, Paper
from reports.election.papers.selectors import form_get, signing_event
from reports.election.papers.sheets import Sheet, of_election, of_paper, of_row, written
from reports.election.signatures import HEIGHT, WIDTH
from reports.ledger.models import Event
from reports.ledger.services import append
from reports.vault.errors import VaultLockedError
from reports.vault.keys import is_committed
from reports.vault.services import open_sealed
from sapr.documents import render_pdf

MARK = "CUI"
NO_ANSWER = "No answer."
DRAWN = "Drawn by hand."


class Document(NamedTuple):
    """A PDF and a file name that tells the form and nothing of the case."""

    name: str
    body: bytes


@access.service
def form_document(*, actor, case_id: UUID, form_id: UUID, at: datetime) -> Document:
    """One signed version as a tagged PDF, made in memory. Opening and drawing are two events; it counts as one
    identity opened. Refuses a content that is not the one whose commitment the signing event holds."""
    case = access.case_for(actor, case_id, "case_view")
    row = form_get(viewer=actor, case=case, form_id=form_id)
    access.require_on(actor, row, "case_work")
    access.require_within_limit(actor, at)
    event = signing_event(viewer=actor, case=case, row=row)
    sealed = open_sealed(record=row, actor=actor, purpose="document", at=at)["content"]
    if not is_committed(case.pk, sealed.encode(), event.data["content"]):
        raise VaultLockedError("this is not the content that was signed")
    data = {"paper": str(row.pk), "form": row.form, "edition": row.edition}
    append(case_id=case.pk, kind="form_printed", actor=actor, at=at, data=data)
    return _drawn(case, row, written(row, json.loads(sealed)), event)


def _drawn(case: Case, row: SignedForm | Paper, content: dict[str, Any], event: Event) -> Document:
    sheet = of_row(row)
    digest = bytes(event.hash).hex()
    sections = [
        _section("Election", _election(content)),
        _section("Answers", [_answer(each, content["answers"][each.key]) for each in sheet.questions]),
        _section(
            "Acknowledgements",
            [
                _row(sentence, f"Initials: {content['initials'][key]}")
                for key, sentence in sheet.acknowledgements
            ],
        ),
        _section("Signatures", _signatures(sheet, content["signatures"], case.installation.zone)),
        _section("Statements", [{"label": each} for each in sheet.statements]),
        _section("How to check this document", [_row("Event of the ledger", _proof(event.seq, digest))]),
    ]
    data = {
        "title": f"{sheet.code}: {sheet.title}",
        "mark": MARK,
        "reference": f"Ledger event {event.seq}, SHA-256 {digest}",
        "lead": _lead(sheet, row),
        "sections": [each for each in sections if each["rows"]],
    }
    return Document(_file_name(sheet.code), render_pdf("form", data))


def blank(*, form: str, on: date) -> Document:
    """The edition of that day, unsigned, to be filled in by hand; it holds nothing of any case.

    FactsError when there is no such form on that day. Of an election form all lines stand, each with its option.
    """
    try:
        edition = policy.form_edition(form, on)
    except policy.FactsError:
        sheet = of_paper(policy.paper_edition(form, on))
        election: list[dict[str, Any]] = []
        lines = [(sentence, "") for _, sentence in sheet.acknowledgements]
    else:
        sheet = of_election(edition, "")
        election = [_row("Which option is chosen?", "\n".join(f"[ ] {label}" for label in Election.labels))]
        lines = [
            (each.sentence, f" ({Election(each.options[0]).label} only)" if len(each.options) == 1 else "")
            for each in edition.acknowledgements
        ]
    sections = [
        _section("Election", election),
        _section("Answers", [_empty(each) for each in sheet.questions]),
        _section("Acknowledgements, each initialled", [_row(line + only, None) for line, only in lines]),
        _section(
            "Signatures, each with date and time", [_row(_signer(each), None) for each in sheet.signers]
        ),
        _section("Statements", [{"label": each} for each in sheet.statements]),
    ]
    data = {
        "title": f"{sheet.code}: {sheet.title}",
        "reference": f"{sheet.code}, edition {sheet.edition}, blank",
        "lead": [f"{sheet.code}, edition {sheet.edition}. {sheet.note}".strip()],
        "sections": [each for each in sections if each["rows"]],
    }
    return Document(_file_name(f"{sheet.code} blank"), render_pdf("form", data))


def _lead(sheet: Sheet, row: SignedForm | Paper) -> list[str]:
    lines = [f"{sheet.code}, edition {sheet.edition}. {sheet.note}".strip()]
    if isinstance(row, Paper):
        if row.version > 1:
            lines.append(
                f"Version {row.version}. It corrects the version before: {CorrectionReason(row.reason).label}"
            )
        if row.remote:
            lines.append("Signed from afar.")
    return lines


def _election(content: dict[str, Any]) -> list[dict[str, Any]]:
    election = content.get("election")
    return [_row("Which option is chosen?", Election(election).label)] if election else []


def _answer(question: policy.PaperQuestion, value: Any) -> dict[str, Any]:
    if question.type == "yes_no":
        said = {True: "Yes", False: "No", None: ""}[value]
    elif question.type == "choice":
        said = question.values.get(value, "")
    elif question.type == "choices":
        said = "\n".join(question.values[each] for each in value)
    else:
        said = value
    return _row(question.sentence, said or NO_ANSWER)


def _empty(question: policy.PaperQuestion) -> dict[str, Any]:
    words = ("Yes", "No") if question.type == "yes_no" else tuple(question.values.values())
    return _row(question.sentence, "\n".join(f"[ ] {each}" for each in words) or None)


def _signatures(sheet: Sheet, signed: dict[str, dict[str, Any]], zone: str) -> list[dict[str, Any]]:
    rows = []
    for each in sheet.signers:
        name, drawn = signed[each]["name"], signed[each].get("drawn", [])
        lines = [name or DRAWN, _when(datetime.fromisoformat(signed[each]["at"]), zone)]
        box = {"width": WIDTH, "height": HEIGHT, "strokes": drawn}
        rows.append(_row(_signer(each), "\n".join(lines)) | ({"drawn": box} if drawn else {}))
    return rows


def _signer(key: str) -> str:
    return policy.signer_words()[key]


def _when(at: datetime, zone: str) -> str:
    local, utc = at.astimezone(ZoneInfo(zone)), at.astimezone(UTC)
    return f"{local:%Y-%m-%d %H:%M} {zone} ({utc:%Y-%m-%d %H:%M} UTC)"


def _proof(number: int, digest: str) -> str:
    return (
        f"This form was signed by event {number} of its case's ledger, with the SHA-256 {digest}. "
        "The export of the case and `ledger verify` name the same number and the same digest."
    )


def _section(heading: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"heading": heading, "rows": rows}


def _row(label: str, value: str | None) -> dict[str, Any]:
    return {"label": label, "value": value}


def _file_name(code: str) -> str:
    return f"{code.lower().replace(' ', '-')}.pdf"
