"""Forms of finer words: which steps, on what ground, and the second person's answer. No free text but a signature."""

from typing import Any

from django import forms

from notifications.finer.models import FinerGround, FinerReason
from notifications.reviewing import LABELS
from notifications.strength.labels import SAID
from sapr.desk.forms import ConfirmForm, DeskForm, LocalInstantField


class StepsForm(DeskForm):
    """For each line that could say more: how much of it. Named as the engine's attributes."""

    def __init__(self, *args: Any, steps: dict[str, list[str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, levels in steps.items():
            words = [(level, SAID.get((name, level), "Leave out").capitalize()) for level in levels]
            words[0] = (words[0][0], f"As now: {words[0][1].lower()}")
            self.fields[name] = forms.ChoiceField(label=LABELS[name], choices=words, required=False)


class ProposeForm(DeskForm):
    """The ground of exactly the words that were shown."""

    rung = forms.CharField(max_length=160, widget=forms.HiddenInput)
    bytes_seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label="Why more is to be said", choices=[("", "Choose …"), *FinerReason.choices]
    )
    ground = forms.ChoiceField(label="On what ground", choices=FinerGround, widget=forms.RadioSelect)
    victim_signature = forms.CharField(
        label="The victim's name, as signed under these words", max_length=200, required=False,
        help_text="For a consent. It is sealed; the second person does not see it.",
    )  # fmt: skip
    victim_signed_at = LocalInstantField(label="When the victim signed", required=False)
    until = LocalInstantField(
        label="The consent counts until",
        required=False,
        help_text="Empty: as long as the rule lets it count.",
    )
    disclosure_id = forms.ChoiceField(label="The exception", required=False)
    told = forms.BooleanField(
        label="The victim was told who will read this, how many people could be meant, and that it cannot be unsaid.",
        error_messages={"required": "Tell the victim first, then tick the box."},
    )

    def __init__(self, *args: Any, zone: str, exceptions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("victim_signed_at", "until"):
            self.fields[name].zone = zone
        self.fields["disclosure_id"].choices = [("", "None"), *exceptions]


class DecideForm(ConfirmForm):
    """The second person's answer to the bytes on the screen."""

    bytes_seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        label="Decision",
        choices=[("approve", "Approve these words"), ("refuse", "Refuse")],
        widget=forms.RadioSelect,
    )
