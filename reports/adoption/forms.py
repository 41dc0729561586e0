"""The forms of the policy settings: choosing a change, looking at what it means, deciding it."""

from typing import Any

from django import forms

from reports.adoption import meaning
from reports.adoption.models import Service
from sapr.desk.forms import ConfirmForm, DeskForm
from sapr.desk.words import label


class ProposalForm(DeskForm):
    """First the choice, which shows what it means; then, with the box ticked, the proposal.

    `proposal()` gives the choice as `services.change_propose` takes it.
    """

    confirm = forms.BooleanField(
        required=False,
        label="I have read what changes. Put it before a second programme manager.",
        error_messages={"required": "Tick the box to say that you have read what changes."},
    )

    def chosen(self) -> list[forms.BoundField]:
        """The fields of the choice itself."""
        return [self[name] for name in self.fields if name not in ("once", "confirm")]

    def proposal(self) -> dict[str, Any]:
        """What was chosen."""
        return {field.name: self.cleaned_data[field.name] for field in self.chosen()}


class ProfileForm(ProposalForm):
    """Another profile than the one in force."""

    profile = forms.ChoiceField(
        widget=forms.RadioSelect,
        label="Decide cases under",
        error_messages={"required": "Choose a profile."},
    )

    def __init__(self, *args: Any, in_force: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [name for name in meaning.profiles() if name != in_force]
        self.fields["profile"].choices = [(name, label(name).capitalize()) for name in others]


class AdoptionForm(ProposalForm):
    """A later rule set that a Service adopts from a day on."""

    service = forms.ChoiceField(
        choices=[("", "Choose"), *Service.choices], label="Service that adopts the rule set"
    )
    rule_set = forms.ChoiceField(label="Rule set")
    starts_on = forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        label="First day",
        help_text="It counts for forms signed on this day or later, by the calendar of the installation. "
        "Forms signed before the approval stay under the rules of their day.",
        error_messages={"invalid": "Write the day like 2026-03-02."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule_set"].choices = [
            ("", "Choose"),
            *((name, f"{name}, in force since {first}") for name, first in meaning.adoptable().items()),
        ]


class DecisionForm(ConfirmForm):
    """The second person's yes or no."""

    decision = forms.ChoiceField(
        choices=[("approve", "Approve it: it counts from this moment on"), ("refuse", "Refuse it")],
        widget=forms.RadioSelect,
        label="Your decision",
        error_messages={"required": "Choose whether you approve or refuse it."},
    )
    field_order = ["decision"]
