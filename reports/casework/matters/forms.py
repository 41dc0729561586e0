"""Forms of steps, drawn from the data of their kinds."""

from datetime import datetime
from typing import Any

from django import forms

from reports.casework.matters.kinds import EXCUSES, title
from reports.casework.matters.models import Matter
from reports.casework.matters.reading import Detail, Kind, Step
from reports.obligations.models import LateReason
from reports.validation import LONG
from sapr.desk.forms import DeskForm, LocalInstantField, text_area
from sapr.desk.words import label

CHOOSE = ("", "Choose")


class MatterStepForm(DeskForm):
    """One step of a matter: its answers, and when it happened or why that is not known.

    Why it is entered late is asked only once it is sent, where the rules ask it then.
    """

    step = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(
        self, *args: Any, of: Kind, taking: Step, election: str, now: datetime, zone: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, auto_id=f"id_{taking.step}_%s", **kwargs)
        self.of, self.taking, self.title = of, taking, title(taking)
        self.asked = taking.asks(election)
        self.fields["step"].initial = taking.step
        for detail in self.asked:
            self.fields[detail.name] = _field(detail, now, zone)
        when = LocalInstantField(
            label="When it happened",
            required=False,
            help_text="Leave it empty if it is not known." if taking.dated else "",
        )
        when.starts_at(now, zone)
        self.fields["at"] = when
        if taking.dated:
            self.fields["at"].initial = None
            self.fields["excuse"] = _choice("Why the date is not known", EXCUSES, required=False)
        if self.is_bound:
            self.fields["late_reason"] = _choice(
                "Why it is entered only now", dict(LateReason.choices), required=False
            )

    def given(self, now: datetime) -> dict[str, Any]:
        """What the services are called with. A step that needs no date of its own counts as taken now."""
        data = self.cleaned_data
        return {
            "step": self.taking.step,
            "at": data["at"] or (None if self.taking.dated else now),
            "excuse": data.get("excuse", ""),
            "late_reason": data.get("late_reason", ""),
            "details": {each.name: data[each.name] for each in self.asked},
        }


class MatterOpenForm(MatterStepForm):
    """The first step, with the sealed texts and what the matter is a part of."""

    kind = forms.CharField(widget=forms.HiddenInput, max_length=24)

    def __init__(self, *args: Any, parents: list[Matter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].initial = self.of.kind
        if self.of.parent:
            choices = {
                str(each.pk): f"{number}: {label(each.what)}" for number, each in enumerate(parents, 1)
            }
            self.fields["parent_id"] = _choice("About", choices)
        for name, words in self.of.sealed.items():
            wide = name == "content"
            self.fields[name] = forms.CharField(
                label=f"{words} (sealed)",
                required=self.of.needs_sealed,
                max_length=LONG if wide else 200,
                widget=text_area(4) if wide else forms.TextInput(attrs={"autocomplete": "off"}),
            )

    def given(self, now: datetime) -> dict[str, Any]:
        data = self.cleaned_data
        sealed = {name: data[name] for name in self.of.sealed if data[name]}
        return super().given(now) | {"sealed": sealed, "parent_id": data.get("parent_id") or None}


def _choice(words: str, choices: dict[str, str], *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(label=words, required=required, choices=[CHOOSE, *choices.items()])


def _field(detail: Detail, now: datetime, zone: str) -> forms.Field:
    required = not detail.optional
    if detail.moment:
        field = LocalInstantField(label=detail.ask, required=required)
        field.starts_at(now, zone)
        return field
    words = {word: told or label(word, detail.name) for word, told in detail.words.items()}
    if not detail.many:
        return _choice(detail.ask, words, required=required)
    return forms.MultipleChoiceField(
        label=detail.ask, required=required, choices=list(words.items()), widget=forms.CheckboxSelectMultiple,
        help_text="Each of them is needed." if detail.all else "",
    )  # fmt: skip
