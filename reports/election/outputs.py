"""What the REST door shows of cases and of the rules' answers. Nothing here is ever sealed content."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from reports import policy
from reports.access import CaseLine
from reports.election.models import CaseState
from sapr.fields import InstantField, WordField

STATES = ("contact", "left_without_signing", "report")


def stage(election: str | None, walked_away: bool) -> str:
    """One of STATES: how far a case came."""
    return "report" if election else "left_without_signing" if walked_away else "contact"


def case_row(case) -> dict[str, Any]:
    """One case as its summary: state, and the election once there is a report."""
    report = getattr(case, "report", None)
    election = report.election if report else None
    return {
        "id": case.pk,
        "number": case.number,
        "state": stage(election, case.walked_away_at is not None),
        "election": election,
        "stands": case.state,
        "installation": case.installation.name,
        "opened_at": case.opened_at,
    }


def line_row(line: CaseLine) -> dict[str, Any]:
    """One case of a list, as CaseSummary shows `case_row`."""
    return {
        "id": line.id,
        "number": line.number,
        "state": "report" if line.election else "left_without_signing" if line.left else "contact",
        "election": line.election,
        "stands": line.stands,
        "installation": line.installation,
        "opened_at": line.opened_at,
    }


def report_row(report) -> dict[str, Any]:
    """A signed report with its case's summary."""
    return case_row(report.case) | {
        "election": report.election,
        "state": "report",
        "signed_at": report.signed_at,
        "recorded_at": report.recorded_at,
        "converted_at": report.converted_at,
    }


class CaseSummary(serializers.Serializer):
    """One case, without anything about the victim."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    state = serializers.ChoiceField(choices=STATES)
    election = serializers.ChoiceField(choices=("restricted", "unrestricted"), allow_null=True)
    stands = WordField(CaseState, help_text="The state that the rules know it by; closed cases among them.")
    installation = serializers.CharField()
    opened_at = InstantField()


class ReportSummary(CaseSummary):
    """A signed report. `signed_at` is the victim's signature; `recorded_at` when the system learned of it."""

    signed_at = InstantField()
    recorded_at = InstantField()
    converted_at = InstantField(allow_null=True)


def facts_schema() -> dict[str, Any]:
    """The facts contract as JSON Schema, from the policy's own data."""
    shapes: dict[str, Any] = {}
    for spec in policy.default_policy().book.facts.specs.values():
        if "eligibility" not in spec.uses:
            continue
        words = {"type": "string", "enum": list(spec.values)}
        shapes[spec.id] = {
            "boolean": {"type": "boolean"},
            "integer": {"type": "integer", "minimum": spec.minimum, "maximum": spec.maximum},
            "choice": words,
            "list": {"type": "array", "items": words},
        }[spec.type] | {"description": spec.label}
    return {"type": "object", "properties": shapes, "additionalProperties": False}


@extend_schema_field(facts_schema())
class FactsField(serializers.DictField):
    """The facts that the options hang on; the policy checks names and values."""


@extend_schema_field(OpenApiTypes.ANY)
class AnyField(serializers.Field):
    """A value of a fact: true or false, a word, a number, or a list of words."""

    def to_representation(self, value: Any) -> Any:
        return value


def words(**kwargs: Any) -> serializers.ListField:
    """A list of words."""
    return serializers.ListField(child=serializers.CharField(), **kwargs)


class OptionOutput(serializers.Serializer):
    """One option: open or not, by which rules, and why in plain words."""

    allowed = serializers.BooleanField()
    rules = words()
    because = serializers.CharField()


class OptionsOutput(serializers.Serializer):
    """Both options."""

    restricted = OptionOutput()
    unrestricted = OptionOutput()


class StatusOutput(serializers.Serializer):
    """What one status alone would give."""

    status = serializers.CharField()
    rules = words()
    restricted = serializers.BooleanField()
    unrestricted = serializers.BooleanField()
    form = serializers.CharField(allow_null=True)


class MissingOutput(serializers.Serializer):
    """A fact that nobody stated and that could change the answer."""

    fact = serializers.CharField()
    why = serializers.CharField()
    rules = words()


class ChangeOutput(serializers.Serializer):
    """Another value of one fact, and what it would give."""

    fact = serializers.CharField()
    value = AnyField(help_text="True or false, a word, a number, or a list of words.")
    restricted = serializers.BooleanField()
    unrestricted = serializers.BooleanField()
    route = serializers.CharField()


class CitationOutput(serializers.Serializer):
    """Where a rule comes from."""

    rule = serializers.CharField()
    rule_set = serializers.CharField()
    authority = serializers.CharField(help_text="The text that the rule rests on.")
    source = words()
    confidence = serializers.CharField()


class OverrideOutput(serializers.Serializer):
    """A dated rule that the profile answers otherwise."""

    option = serializers.CharField()
    rule = serializers.CharField()
    rule_set = serializers.CharField()
    would_allow = serializers.BooleanField()
    replaced_by = serializers.CharField()
    needs = words()


class DecisionOutput(serializers.Serializer):
    """Which reporting options the rules give for these facts on that day, and why."""

    on = serializers.CharField()
    rule_set = serializers.CharField()
    profile = serializers.CharField()
    adopted = words(help_text="Later rule sets that the person's Service had adopted for that day.")
    route = serializers.CharField()
    form = serializers.CharField(allow_null=True)
    options = OptionsOutput()
    statuses = StatusOutput(many=True)
    missing = MissingOutput(many=True)
    would_change = ChangeOutput(many=True)
    citations = CitationOutput(many=True)
    overridden_by = OverrideOutput(many=True)
    facts_used = words()
