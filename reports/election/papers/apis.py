"""REST: signed forms and their versions, what a form asks, hand-outs, copies. What is written on one stays sealed."""

from base64 import b64encode
from datetime import datetime
from typing import Any
from uuid import UUID

from rest_framework import serializers

from reports import policy
from reports.election.forms import local_date
from reports.election.models import Case
from reports.election.papers import copies, document, selectors, services
from reports.election.papers.models import CorrectionReason, Delivery
from reports.election.papers.sheets import Sheet, of_paper, of_row
from sapr.acts import act
from sapr.fields import InstantField, WordField
from sapr.named import FileOutput, PersonOutput
from sapr.reads import listing, thing

CASE = "cases/<uuid:case_id>"
WHEN = "When; now unless given."
EDITION = "The edition that was shown."
WRITTEN = {
    "answers": "The answers, by the keys of the form's questions.",
    "initials": "The initials, by the keys of its acknowledgements.",
    "signatures": "The typed names, by signer.",
    "signed_at": "When each signed, by signer.",
}


class SignedOutput(serializers.Serializer):
    """One signed version of a form."""

    id = serializers.UUIDField(help_text="The version.")
    form = serializers.CharField(help_text="The form.")
    edition = serializers.CharField(help_text="Its edition.")
    title = serializers.CharField(help_text="What it is called.")
    version = serializers.IntegerField(help_text="1 for the first; a correction is the next.")
    reason = serializers.CharField(help_text="Why it corrects the one before, in words; empty for the first.")
    remote = serializers.BooleanField(help_text="Signed from afar.")
    signed_at = InstantField(help_text="The first signature.")
    newest = serializers.BooleanField(help_text="No later version corrects it.")
    replaced = serializers.BooleanField(help_text="A DD 2910-1 stands in its place.")


class FormQuestionOutput(serializers.Serializer):
    """One thing a form asks."""

    key = serializers.CharField(help_text="Its key among the answers.")
    sentence = serializers.CharField(help_text="The question.")
    type = serializers.CharField(help_text="line, text, yes_no, date, choice or choices.")
    required = serializers.BooleanField(help_text="Whether it has to be answered.")
    values = serializers.DictField(child=serializers.CharField(), help_text="What can be chosen, in words.")


class FormLineOutput(serializers.Serializer):
    """One line that is initialled."""

    key = serializers.CharField(help_text="Its key among the initials.")
    sentence = serializers.CharField(help_text="The line.")


class SheetOutput(serializers.Serializer):
    """What stands on an edition of a form, unsigned."""

    form = serializers.CharField(help_text="The form.")
    edition = serializers.CharField(help_text="Its edition.")
    title = serializers.CharField(help_text="What it is called.")
    questions = FormQuestionOutput(many=True, help_text="What it asks.")
    acknowledgements = FormLineOutput(many=True, help_text="What is initialled.")
    statements = serializers.ListField(child=serializers.CharField(), help_text="What is printed on it.")
    signers = serializers.ListField(
        child=serializers.CharField(), help_text="Who signs; nobody: it is handed out."
    )
    given_to = serializers.DictField(
        child=serializers.CharField(), help_text="To whom a hand-out goes, in words."
    )


class PaperOutput(serializers.Serializer):
    """What was signed."""

    id = serializers.UUIDField(help_text="The version.")
    form = serializers.CharField(help_text="The form.")
    edition = serializers.CharField(help_text="Its edition.")
    version = serializers.IntegerField(help_text="1 for the first.")
    signed_at = InstantField(help_text="The first signature.")


class HandOutOutput(serializers.Serializer):
    """A paper that was given."""

    id = serializers.UUIDField(help_text="The giving.")
    form = serializers.CharField(help_text="The paper.")
    edition = serializers.CharField(help_text="Its edition.")
    given_to = serializers.CharField(help_text="A word of the edition.")
    given_at = InstantField(help_text="When.")
    given_by = PersonOutput(help_text="By whom.")


class CopyOutput(serializers.Serializer):
    """A copy that the victim asked for."""

    id = serializers.UUIDField(help_text="The request.")
    form = serializers.CharField(help_text="Of which form.")
    delivery = WordField(Delivery, help_text="How it is given.")
    requested_at = InstantField(help_text="When it was asked for.")
    requested_by = PersonOutput(help_text="Who logged it.")
    given_at = InstantField(allow_null=True, help_text="When it was given.")
    given_by = PersonOutput(allow_null=True, help_text="By whom.")


def to_sign(*, case: Case, at: datetime) -> list[dict[str, Any]]:
    """The forms that have a place in the case today, hand-outs among them, with everything that they ask."""
    found = selectors.forms_to_sign(case=case, on=local_date(case, at))
    return [_sheet(of_paper(each), each) for each in found]


def sheet_of(*, viewer, case: Case, form_id: UUID) -> dict[str, Any]:
    """What stands on the edition on which a version was signed: what its correction asks. Not what was written."""
    row = selectors.form_get(viewer=viewer, case=case, form_id=form_id)
    return _sheet(of_row(row), None)


def _sheet(sheet: Sheet, edition: policy.PaperEdition | None) -> dict[str, Any]:
    return sheet._asdict() | {
        "form": sheet.code,
        "acknowledgements": [{"key": key, "sentence": sentence} for key, sentence in sheet.acknowledgements],
        "given_to": edition.given_to if edition else {},
    }


def _file(made: document.Document) -> dict[str, str]:
    return {"name": made.name, "type": "application/pdf", "content": b64encode(made.body).decode()}


OPERATIONS = [
    listing(
        f"{CASE}/forms", selectors.case_signed, name="case_forms", verb="case_work",
        says="List the signed forms of a case", item=SignedOutput,
        by=lambda each: f"{each.signed_at.isoformat()} {each.version:06} {each.id}",
    ),
    listing(
        f"{CASE}/forms/to-sign", to_sign, name="case_forms_to_sign", verb="case_work",
        says="List the forms that can be signed or handed out", item=SheetOutput, by=lambda each: each["form"],
    ),
    act(
        f"{CASE}/forms/sign", services.form_sign, verb="case_work", says="Sign a form beside the election",
        takes={"form": "The form, for instance DD 2910-3.", "edition": EDITION} | WRITTEN,
        answers=PaperOutput, status=201,
    ),
    act(
        f"{CASE}/forms/replace-lost", services.form_replace_lost, verb="case_work", says="Replace a lost form",
        takes={"edition": EDITION} | WRITTEN | {"remote": "Signed from afar."}, answers=PaperOutput, status=201,
    ),
    thing(
        f"{CASE}/forms/<uuid:form_id>", sheet_of, name="case_form_sheet", verb="case_work",
        says="Read what a signed form asks", answers=SheetOutput,
    ),
    act(
        f"{CASE}/forms/<uuid:form_id>/correct", services.form_correct, verb="case_work", says="Correct a signed form",
        takes={"reason": WordField(CorrectionReason, help_text="Why."), "edition": EDITION} | WRITTEN,
        answers=PaperOutput, status=201,
    ),
    act(
        f"{CASE}/forms/<uuid:form_id>/document", document.form_document, verb="case_work",
        says="Draw a signed form", answers=FileOutput, show=_file, only_reads=True, refusals=(404, 429),
    ),
    listing(
        f"{CASE}/hand-outs", selectors.case_hand_outs, name="case_hand_outs", verb="case_work",
        says="List what was handed out", item=HandOutOutput, by="given_at",
    ),
    act(
        f"{CASE}/hand-outs/give", copies.hand_out_give, verb="case_work", says="Record that a paper was given",
        takes={"form": "The paper, for instance DD 2701.", "given_to": "A word of its edition.", "at": WHEN},
        answers=HandOutOutput, status=201,
    ),
    listing(
        f"{CASE}/copies", selectors.case_copies, name="case_copies", verb="case_work", says="List the copies asked for",
        item=CopyOutput, by="requested_at",
    ),
    act(
        f"{CASE}/copies/request", copies.copy_request, verb="case_work", says="Log that a copy is asked for",
        takes={"form": "Of which form.", "delivery": WordField(Delivery, help_text="How it is given."), "at": WHEN},
        answers=CopyOutput, status=201,
    ),
    act(
        f"{CASE}/copies/<uuid:request_id>/give", copies.copy_give, verb="case_work",
        says="Record that a copy was given", takes={"at": WHEN}, answers=CopyOutput,
    ),
]  # fmt: skip
