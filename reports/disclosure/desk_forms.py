"""Forms of exceptions and leaks. Every answer is a word of a list."""

from datetime import datetime
from typing import Any

from django import forms

from reports.disclosure.asking import record_fields
from reports.disclosure.leaks import REACHED
from reports.disclosure.models import Advice, Decided, Exceptions, Office, Privilege, Recipient
from sapr.desk.forms import ConfirmForm, DeskForm, LocalInstantField

CHOOSE = ("", "Choose …")
ORDERS = [
    CHOOSE,
    ("military_official", "A military official"),
    ("federal_judge", "A federal judge"),
    ("state_judge", "A state judge"),
    ("statute", "A statute"),
    ("international_agreement", "An international agreement"),
]
WHOM = {"commander": "A commander", "law_enforcement": "Law enforcement", "other": "Somebody else"}
# What each exception's own condition asks, by the names of the facts.
TICKS = {
    "authorisation_written": "EX-1: the victim's authorisation is in writing.",
    "threat_serious": "EX-2: the threat to somebody's health or safety is serious.",
    "threat_imminent": "EX-2: the threat is imminent.",
    "repeat_offender": "EX-2: other reports name the same alleged offender.",
    "needed_for_determination": "EX-3: the determination needs this information.",
    "specific_request": "EX-4: something specific was asked for.",
}


def kinds(label: str, help_text: str = "") -> forms.MultipleChoiceField:
    """Kinds of information, any number of them."""
    return forms.MultipleChoiceField(
        label=label, help_text=help_text, widget=forms.CheckboxSelectMultiple, choices=[]
    )


def tick(label: str) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)


class TimedForm(DeskForm):
    """A step with the time at which it happened, by the installation's clock."""

    button = "Record"
    at = LocalInstantField(label="When")

    def __init__(self, *args: Any, now: datetime, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].starts_at(now, zone)
        self.order_fields([*(name for name in self.fields if name != "at"), "at"])


class ProposeForm(TimedForm):
    button = "Record the proposal"
    exception = forms.ChoiceField(
        label="Exception", choices=[CHOOSE, *((key, f"{key}: {words}") for key, words in Exceptions.choices)]
    )
    authorisation_written = tick(TICKS["authorisation_written"])
    threat_serious = tick(TICKS["threat_serious"])
    threat_imminent = tick(TICKS["threat_imminent"])
    repeat_offender = tick(TICKS["repeat_offender"])
    needed_for_determination = tick(TICKS["needed_for_determination"])
    specific_request = tick(TICKS["specific_request"])
    order_source = forms.ChoiceField(label="EX-5: where the order comes from", choices=ORDERS, required=False)
    scope = kinds(
        "What it covers",
        "As it is authorised, asked for, ordered or needed. Nothing outside this can be disclosed later.",
    )
    recipient = forms.ChoiceField(label="To whom it would go", choices=[CHOOSE, *Recipient.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scope"].choices = record_fields().items()

    def answers(self) -> dict[str, Any]:
        """What was answered, whichever exception it belongs to: one that does not belong is refused."""
        return {name: self.cleaned_data[name] for name in (*TICKS, "order_source") if self.cleaned_data[name]}


class AdviseForm(TimedForm):
    button = "Record what it said"
    office = forms.ChoiceField(label="Who was consulted", choices=[CHOOSE, *Office.choices])
    advice = forms.ChoiceField(label="What it said", choices=[CHOOSE, *Advice.choices])
    privilege = forms.ChoiceField(label="What it said on MRE 514", choices=[CHOOSE, *Privilege.choices])


class MakeForm(TimedForm):
    final = "disclose"
    button = "Record the disclosure"
    fields_told = kinds("What was disclosed", "No more than was needed.")
    minimum_only = tick("It is no more than the exception needs.")
    recipient_needs_to_know = tick("Who is told needs to know it officially.")

    def __init__(self, *args: Any, scope: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = record_fields()
        self.fields["fields_told"].choices = [(each, words[each]) for each in scope]


class TellForm(TimedForm):
    button = "The victim was told"


class LeakForm(TimedForm):
    button = "Record the leak"
    reached = forms.MultipleChoiceField(
        label="Whom it reached",
        widget=forms.CheckboxSelectMultiple,
        choices=[(each, WHOM[each]) for each in REACHED],
    )


class HandOnForm(TimedForm):
    button = "The MCIO was told"


class DecideForm(ConfirmForm):
    """The commander's answer."""

    final = "decide_exception"
    decision = forms.ChoiceField(label="Decision", choices=Decided.choices, widget=forms.RadioSelect)
    field_order = ("decision", "confirm")
