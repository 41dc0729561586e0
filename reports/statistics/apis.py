"""REST: figures. A SARC's own cases in full; installations in classes, and the counts of a year, for managers."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from reports import policy
from reports.jobs.apis import JobOutput
from reports.statistics import own, quarters, services
from sapr.acts import act
from sapr.desk.demo import zone_of
from sapr.reads import thing


class CaseLoadOutput(serializers.Serializer):
    """How much somebody works on."""

    name = serializers.CharField(help_text="The person.")
    restricted = serializers.IntegerField(help_text="Open Restricted reports.")
    unrestricted = serializers.IntegerField(help_text="Open Unrestricted reports.")
    other = serializers.IntegerField(help_text="Open cases without a report.")


class DutiesDoneOutput(serializers.Serializer):
    """Duties that were done."""

    name = serializers.CharField(help_text="The month, or the kind of duty.")
    in_time = serializers.IntegerField(help_text="How many in time.")
    late = serializers.IntegerField(help_text="How many late.")


def _ways(sentence: str) -> serializers.DictField:
    return serializers.DictField(
        child=serializers.ListField(child=serializers.IntegerField()), help_text=sentence
    )


class FiguresOutput(serializers.Serializer):
    """What the charts of one's own cases show."""

    load = CaseLoadOutput(many=True, help_text="Who works on how much.")
    months = DutiesDoneOutput(many=True, help_text="Twelve months, the oldest first.")
    kinds = DutiesDoneOutput(many=True, help_text="The kinds of duties with the most late ones first.")
    ages = _ways("Days that open cases have been open, by how they stand.")
    to_store = _ways("Hours that kits were under way, by stage.")
    laboratory = _ways("Days that kits were at or before the laboratory, by stage.")


class InstallationFiguresOutput(serializers.Serializer):
    """An installation in one quarter. Numbers are published in classes, so that nobody is counted out of them."""

    name = serializers.CharField(help_text="The installation.")
    people = serializers.IntegerField(help_text="How many people the strength tables say of it.")
    in_time = serializers.IntegerField(help_text="Duties done in time: the lower end of the class.")
    late = serializers.IntegerField(help_text="Duties done late: the lower end of the class.")
    share = serializers.IntegerField(allow_null=True, help_text="Per cent in time; null: too few to say.")


class QuarterOutput(serializers.Serializer):
    """The published figures of a quarter."""

    quarter = serializers.DateField(help_text="Its first day.")
    installations = InstallationFiguresOutput(many=True, help_text="Every installation, by name.")


class QuartersOutput(serializers.Serializer):
    """What is published, and what may be asked for."""

    class_width = serializers.IntegerField(help_text="How many numbers a class holds.")
    quarters = QuarterOutput(many=True, help_text="The newest first.")
    ripe = serializers.ListField(
        child=serializers.DateField(), help_text="First days of the quarters whose figures may be made now."
    )


class AnnualOutput(serializers.Serializer):
    """Reports of one fiscal year."""

    fy = serializers.IntegerField(help_text="The fiscal year: it ends on 30 September of this year.")
    complete = serializers.BooleanField(help_text="Whether it has ended everywhere.")
    total = serializers.IntegerField(help_text="All reports signed in it.")
    restricted_initial = serializers.IntegerField(help_text="Signed as Restricted.")
    unrestricted_initial = serializers.IntegerField(help_text="Signed as Unrestricted.")
    restricted_remaining = serializers.IntegerField(help_text="Restricted still when the year ended.")
    unrestricted = serializers.IntegerField(help_text="Unrestricted when the year ended.")
    conversions = serializers.IntegerField(help_text="Conversions of the year, also of older reports.")
    converted_same_year = serializers.IntegerField(help_text="Signed and converted in the year.")


def figures(*, viewer, at: datetime) -> Any:
    """What the charts of the caller's own cases show, by the calendar where they work."""
    return own.figures(viewer=viewer, at=at, zone=zone_of(viewer))


def published(*, viewer, at: datetime) -> dict[str, Any]:
    """The figures of the last quarters that are published, and the quarters that may be counted now."""
    found = quarters.published(viewer=viewer, at=at)
    return {
        "class_width": policy.access_rules(at.date()).limits["figures_class"],
        "quarters": [{"quarter": day, "installations": lines} for day, lines in found.items()],
        "ripe": [day for day in quarters.ripe(at) if day not in found],
    }


OPERATIONS = [
    thing(
        "figures", figures, name="figures_get", verb=own.VERB, says="Read the figures of one's own cases",
        answers=FiguresOutput,
    ),
    thing(
        "figures/quarters", published, name="quarter_figures_get", verb=quarters.VERB,
        says="Read the figures of the last quarters", answers=QuartersOutput,
    ),
    act(
        "figures/quarters/ask", quarters.quarter_figures_ask, verb=quarters.VERB, says="Have a quarter counted",
        takes={"quarter": "Its first day, one of `ripe`."}, answers=JobOutput, status=201, refusals=[409],
    ),
    act(
        "figures/annual", services.annual_counts, verb="annual_counts", says="Count the reports of a fiscal year",
        takes={"fy": "The fiscal year: 2026 ends on 30 September 2026."}, answers=AnnualOutput,
        only_reads=True, show=lambda counts: counts.to_dict(), refusals=[],
    ),
]  # fmt: skip
