"""The fields of a form beside the election, as its edition has them."""

from datetime import datetime
from typing import Any

from django import forms

from reports import policy
from reports.election.desk_forms import SIGNATURE_HELP
from reports.election.forms import INITIALS_LIMIT
from reports.election.papers.models import CorrectionReason, Delivery
from reports.election.papers.sheets import Sheet
from reports.validation import LONG, SHORT
from sapr.desk.forms import DeskForm, LocalInstantField, text_area

YES_NO = {"yes": True, "no": False}


class PaperForm(DeskForm):
    """Answers, initials and signatures of one edition. `extra`: fields of the step beside those of the edition."""

    final = "form"
    edition = forms.CharField(widget=forms.HiddenInput, max_length=20)

    def __init__(
        self, *args: Any, sheet: Sheet, now: datetime, zone: str, extra: dict[str, forms.Field], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sheet, self.extra = sheet, extra
        self.fields["edition"].initial = sheet.edition
        self.fields |= extra
        for question in sheet.questions:
            self.fields[f"answers-{question.key}"] = _field(question)
        for key, sentence in sheet.acknowledgements:
            self.fields[f"initials-{key}"] = forms.CharField(
                required=False, max_length=INITIALS_LIMIT, label=sentence,
                widget=forms.TextInput(attrs={"autocomplete": "off", "size": 6}),
            )  # fmt: skip
        for signer in sheet.signers:
            who = policy.signer_words()[signer]
            self.fields[f"signatures-{signer}"] = forms.CharField(
                max_length=SHORT, label=f"Signature: {who}", help_text=SIGNATURE_HELP
            )
            at = LocalInstantField(
                label=f"Signed at: {who}", help_text=f"Local time of the installation ({zone})."
            )
            at.starts_at(now, zone)
            self.fields[f"signed_at-{signer}"] = at

    def extras(self) -> list[forms.BoundField]:
        """The fields of the step itself."""
        return [self[name] for name in self.extra]

    def answers(self) -> list[forms.BoundField]:
        """The fields of the questions."""
        return [self[f"answers-{each.key}"] for each in self.sheet.questions]

    def initials(self) -> list[forms.BoundField]:
        """The fields of the acknowledgements."""
        return [self[f"initials-{key}"] for key, _ in self.sheet.acknowledgements]

    def signatures(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Name and instant of each who signs."""
        return [(self[f"signatures-{each}"], self[f"signed_at-{each}"]) for each in self.sheet.signers]

    def given(self) -> dict[str, Any]:
        """What was filled in, as the services take it."""
        clean = self.cleaned_data
        answers = {
            each.key: YES_NO.get(clean[f"answers-{each.key}"])
            if each.type == "yes_no"
            else clean[f"answers-{each.key}"]
            for each in self.sheet.questions
        }
        return {
            "edition": clean["edition"],
            "answers": answers,
            "initials": {key: clean[f"initials-{key}"] for key, _ in self.sheet.acknowledgements},
            "signatures": {each: clean[f"signatures-{each}"] for each in self.sheet.signers},
            "signed_at": {each: clean[f"signed_at-{each}"] for each in self.sheet.signers},
        }


def _field(question: policy.PaperQuestion) -> forms.Field:
    given = {"label": question.sentence, "required": question.required}
    if question.type == "text":
        return forms.CharField(max_length=LONG, widget=text_area(4), **given)
    if question.type == "line":
        return forms.CharField(max_length=SHORT, **given)
    if question.type == "date":
        return forms.CharField(max_length=20, widget=forms.DateInput(attrs={"type": "date"}), **given)
    if question.type == "choices":
        return forms.MultipleChoiceField(
            choices=list(question.values.items()), widget=forms.CheckboxSelectMultiple, **given
        )
    words = {"yes": "Yes", "no": "No"} if question.type == "yes_no" else question.values
    nothing = [] if question.required else [("", "No answer")]
    return forms.ChoiceField(choices=[*nothing, *words.items()], widget=forms.RadioSelect, **given)


def reason_field() -> forms.ChoiceField:
    """Why a signed form is corrected."""
    return forms.ChoiceField(
        choices=CorrectionReason.choices, widget=forms.RadioSelect, label="Why is it corrected?"
    )


def remote_field() -> forms.BooleanField:
    """Whether a lost form's replacement was signed from afar."""
    return forms.BooleanField(
        required=False, label="The victim signed from afar, not here (this form only, TR-07)."
    )


class CopyForm(DeskForm):
    """The victim asks for a copy."""

    form = forms.ChoiceField(label="Copy of")
    delivery = forms.ChoiceField(choices=Delivery.choices, label="How it is given")
    at = LocalInstantField(label="Asked at")

    def __init__(self, *args: Any, codes: list[str], now: datetime, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="id_copy_%s", **kwargs)
        self.fields["form"].choices = [(code, code) for code in codes]
        self.fields["at"].starts_at(now, zone)


class HandOutForm(DeskForm):
    """A paper was given that nobody signs."""

    given = forms.ChoiceField(label="What was given, and to whom")
    at = LocalInstantField(label="Given at")

    def __init__(
        self, *args: Any, papers: list[policy.PaperEdition], now: datetime, zone: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, auto_id="id_hand_%s", **kwargs)
        self.fields["given"].choices = [
            (f"{each.code}/{key}", f"{each.code}, {each.title}: {words}")
            for each in papers
            for key, words in each.given_to.items()
        ]
        self.fields["at"].starts_at(now, zone)
