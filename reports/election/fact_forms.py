"""The eligibility questions as a form, built from the policy's own list of facts. Every question may be skipped."""

from typing import Any

from django import forms

from reports import policy
from sapr.desk.forms import DeskForm
from sapr.desk.words import label

NOBODY = "_nobody"
SKIPPED = [("", "Not asked")]
YES_NO = [*SKIPPED, ("yes", "Yes"), ("no", "No")]
# Which questions stand together, in the order a conversation takes. A fact that is not named comes last.
GROUPS = (
    (
        "Who the person is",
        (
            "statuses",
            "age",
            "service",
            "location",
            "deployed",
            "mhs_eligible",
            "component_has_sapr",
            "accompanies_force",
            "assault_timing",
            "on_installation",
        ),
    ),
    ("The person who did it", ("offender_relationship", "shares_home", "shares_child", "domestic_abuse")),
    (
        "Who knows already",
        ("told", "victim_reported_to_law_enforcement", "investigation", "sarc_knew_before_election"),
    ),
    ("Earlier forms", ("had_earlier_report", "prior_election", "same_incident")),
)
# Known to the system, not asked of a person.
NOT_ASKED = frozenset({"signed", "election"})


def asked_facts() -> dict[str, Any]:
    """The facts that the eligibility rules use and a person can answer, by their ids."""
    specs = policy.default_policy().book.facts.specs
    return {
        fact: spec for fact, spec in specs.items() if "eligibility" in spec.uses and fact not in NOT_ASKED
    }


def _field(spec: Any) -> forms.Field:
    common = {"label": spec.question, "help_text": spec.why, "required": False}
    if spec.type == "integer":
        return forms.IntegerField(min_value=spec.minimum, max_value=spec.maximum, **common)
    values = [(value, label(value, spec.id)) for value in spec.values]
    if spec.type == "list":
        # An empty list is an answer of its own ("nobody") unless the contract says it means "not asked".
        extra = [] if spec.empty_means_missing else [(NOBODY, "Nobody so far")]
        return forms.MultipleChoiceField(
            choices=[*values, *extra], widget=forms.CheckboxSelectMultiple, **common
        )
    choices = YES_NO if spec.type == "boolean" else [*SKIPPED, *values]
    if spec.type == "boolean" or len(values) <= 4:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, initial="", **common)
    return forms.ChoiceField(choices=choices, **common)


class FactsForm(DeskForm):
    """One field per fact, named as the fact is. `facts()` gives what was answered, as the policy takes it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.specs = asked_facts()
        for fact, spec in self.specs.items():
            self.fields[fact] = _field(spec)

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The questions under their headings; a question that the headings forgot stands under "More"."""
        named = {fact for _, facts in GROUPS for fact in facts}
        rest = tuple(fact for fact in self.specs if fact not in named)
        return [
            (title, [self[fact] for fact in facts if fact in self.specs])
            for title, facts in (*GROUPS, *([("More", rest)] if rest else []))
        ]

    def clean(self) -> None:
        for fact in self.specs:
            chosen = self.cleaned_data.get(fact)
            if isinstance(chosen, list) and NOBODY in chosen and len(chosen) > 1:
                self.add_error(fact, "“Nobody so far” cannot stand together with somebody.")

    def facts(self) -> dict[str, Any]:
        """The answered facts; what was skipped is absent."""
        found: dict[str, Any] = {}
        for fact, spec in self.specs.items():
            value = self.cleaned_data.get(fact)
            if value is None or value in ("", []):
                continue
            if spec.type == "boolean":
                value = value == "yes"
            elif value == [NOBODY]:
                value = []
            found[fact] = value
        return found
