"""REST: the filters that somebody keeps for the list of their cases."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from reports.finding import selectors, services
from reports.finding.filters import Filter
from reports.finding.forms import FIRST_YEAR, LAST_YEAR
from reports.finding.words import Due, KitWord, Name, Opened, Role, Running, Stands
from sapr import clock
from sapr.acts import act
from sapr.errors import DomainError
from sapr.fields import DayField, StrictSerializer, UuidField, WordField
from sapr.reads import listing

NAME = "Under which of the names it is kept."


class WantedInput(StrictSerializer):
    """What is looked for; what is left out is not looked for."""

    stands = WordField(Stands, required=False, allow_blank=True, help_text="How the case stands.")
    running = WordField(Running, required=False, allow_blank=True, help_text="Open or closed.")
    place = UuidField(required=False, allow_null=True, help_text="One of the installations one works at.")
    role = WordField(Role, required=False, allow_blank=True, help_text="As what one is on the case.")
    due = WordField(Due, required=False, allow_blank=True, help_text="What is due.")
    kit = WordField(KitWord, required=False, allow_blank=True, help_text="Whether there is a kit.")
    opened = WordField(Opened, required=False, allow_blank=True, help_text="When it was opened.")
    opened_from = DayField(required=False, allow_null=True, help_text="Opened on this day or later.")
    opened_to = DayField(required=False, allow_null=True, help_text="Opened on this day or before.")


class FilterOutput(serializers.Serializer):
    """A kept filter."""

    id = serializers.UUIDField(help_text="Of this row; the name is what it is kept under.")
    name = WordField(Name, "FilterName", help_text=NAME)
    stands = WordField(Stands, allow_blank=True, help_text="How the case stands.")
    running = WordField(Running, allow_blank=True, help_text="Open or closed.")
    place = serializers.UUIDField(source="place_id", allow_null=True, help_text="The installation.")
    role = WordField(Role, allow_blank=True, help_text="As what one is on the case.")
    due = WordField(Due, allow_blank=True, help_text="What is due.")
    kit = WordField(KitWord, allow_blank=True, help_text="Whether there is a kit.")
    opened = WordField(Opened, allow_blank=True, help_text="When it was opened.")
    opened_from = serializers.DateField(allow_null=True, help_text="Opened on this day or later.")
    opened_to = serializers.DateField(allow_null=True, help_text="Opened on this day or before.")


def _wanted(viewer: Any, given: Mapping[str, Any]) -> Filter:
    """The filter that the words mean. A place where one does not work is the same as none at all."""
    words = dict(given["wanted"])
    if words.get("place"):
        places = {place.pk: place for place in selectors.places(viewer=viewer, at=clock.now())}
        if words["place"] not in places:
            raise DomainError(
                "unknown_value", "place: choose one of the installations you work at.", path="place"
            )
        words["place"] = places[words["place"]]
    first, last = words.get("opened_from"), words.get("opened_to")
    for name in ("opened_from", "opened_to"):
        if words.get(name) and not FIRST_YEAR <= words[name].year < LAST_YEAR:
            raise DomainError("date_out_of_range", f"{name}: check the year.", path=name)
    if first and last and last < first:
        raise DomainError("wrong_order", "opened_to: this day is before the first one.", path="opened_to")
    return Filter.of(words)


OPERATIONS = [
    listing(
        "filters", selectors.saved, name="filter_list", verb="case_view", says="List one's kept filters",
        item=FilterOutput, page="Filter", by=lambda each: each.name,
    ),
    act(
        "filters/keep", services.filter_save, verb="case_view", says="Keep a filter",
        takes={
            "name": WordField(Name, "FilterName", help_text=NAME),
            "wanted": WantedInput(help_text="What is looked for; what was kept under the name is replaced."),
        },
        finds={"wanted": _wanted}, answers=FilterOutput,
    ),
    act(
        "filters/forget", services.filter_forget, verb="case_view", says="Forget a filter",
        takes={"name": WordField(Name, "FilterName", help_text=NAME)},
    ),
]  # fmt: skip
