"""REST: what Restricted notices may say where, and the strength tables by which that is chosen."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from rest_framework import serializers

from accounts.models import Location
from notifications.strength import selectors, services
from notifications.strength.labels import reader_label
from sapr.acts import act
from sapr.fields import InstantField, StatedField
from sapr.reads import thing

PLACE = "strength/<uuid:location_id>"


class RungOutput(serializers.Serializer):
    """How much notices to a place may say in a quarter."""

    quarter = serializers.DateField(help_text="Its first day.")
    turn = serializers.IntegerField(help_text="0; more after the tables changed in the quarter.")
    rung = serializers.CharField(help_text="The step of the ladder.")
    people = serializers.DecimalField(
        source="k",
        max_digits=12,
        decimal_places=2,
        allow_null=True,
        help_text="People it could be about, at least.",
    )
    confirm = serializers.BooleanField(help_text="Whether a release needs the SARC's confirmation.")


class RungReaderOutput(serializers.Serializer):
    """How many people remain in the eyes of one reader."""

    reader = serializers.CharField(help_text="About whom, and what that reader holds likely.")
    people = serializers.CharField(help_text="At least so many.")


class RungDetail(RungOutput):
    """The same with what it was chosen by."""

    rules = serializers.ListField(child=serializers.CharField(), help_text="The rules it was chosen by.")
    smallest = serializers.IntegerField(
        allow_null=True, help_text="People of the smallest group on the books."
    )
    numbers = RungReaderOutput(many=True, source="by_reader", help_text="By what a reader may think.")
    chosen_at = InstantField(help_text="When it was chosen.")


class AddresseeOutput(serializers.Serializer):
    """A place with a senior commander's post."""

    location = serializers.UUIDField(source="place.pk", help_text="The place.")
    name = serializers.CharField(source="place.name", help_text="Its name.")
    rung = RungOutput(allow_null=True, help_text="null: the minimum; no table speaks for it.")
    lacks = serializers.CharField(
        help_text="What it costs that the tables leave somebody out; empty: nothing."
    )


class CoarsenedOutput(serializers.Serializer):
    """How often less was said, in a year."""

    released = serializers.IntegerField(help_text="Notices that could say more than the minimum.")
    drawn = serializers.IntegerField(help_text="Made coarser by the draw.")
    by_sarc = serializers.IntegerField(help_text="Made coarser by their SARCs.")
    percent = serializers.IntegerField(help_text="What the draw is to do, in a hundred.")
    stands_out = serializers.BooleanField(help_text="Whether SARCs say less more often than the draw does.")


class StrengthOutput(serializers.Serializer):
    """What notices may say in this quarter."""

    items = AddresseeOutput(many=True, help_text="By name.")
    coarsened = CoarsenedOutput(allow_null=True, help_text="For programme managers alone.")


class StrengthTableOutput(serializers.Serializer):
    """A version of a place's strength table."""

    id = serializers.UUIDField(help_text="The version's id.")
    recorded_by = serializers.CharField(
        source="recorded_by.display_name",
        default=None,
        allow_null=True,
        help_text="Who; null: the system itself.",
    )
    recorded_at = InstantField(help_text="When.")
    valid_from = serializers.DateField(help_text="First day it speaks of.")
    valid_to = serializers.DateField(help_text="Last day.")
    rows = serializers.IntegerField(help_text="How many lines it has.")
    sha256 = serializers.CharField(help_text="SHA-256 (hex) of the file.")


class StrengthPeopleOutput(serializers.Serializer):
    """How many people the tables of today say of a place."""

    location = serializers.UUIDField(help_text="The place, or one below it.")
    name = serializers.CharField(help_text="Its name.")
    people = serializers.IntegerField(help_text="On the books.")


class StrengthPlaceOutput(serializers.Serializer):
    """The strength of one place."""

    name = serializers.CharField(help_text="Its name.")
    rungs = RungDetail(many=True, help_text="This quarter and the four before, the newest first.")
    tables = StrengthTableOutput(
        many=True, help_text="The newest twenty versions recorded for the place itself."
    )
    people = StrengthPeopleOutput(many=True, help_text="Of the place and those below.")


def strength(*, viewer, at: datetime) -> dict[str, Any]:
    """What Restricted notices may say at each place of the caller's, and how often less was said."""
    of = {"viewer": viewer, "at": at}
    return {"items": selectors.addressees(**of), "coarsened": selectors.coarsened(**of)}


def place_strength(*, viewer, location_id: UUID, at: datetime) -> dict[str, Any]:
    """One place: what its notices may say and why, its tables, and the people on the books today."""
    place = selectors.place_for(viewer=viewer, location_id=location_id, at=at)
    of, today = {"viewer": viewer, "place": place, "at": at}, at.astimezone(ZoneInfo(place.zone)).date()
    rungs = selectors.rungs_published(**of)
    for rung in rungs:
        rung.by_reader = [{"reader": reader_label(each), "people": k} for each, k in rung.numbers.items()]
    people = selectors.people_on(**of, on=today)
    return {
        "name": place.name,
        "rungs": rungs,
        "tables": selectors.tables_of(**of),
        "people": [{"location": each.pk, "name": each.name, "people": count} for each, count in people],
    }


def _found(viewer: Any, given: Mapping[str, Any]) -> Location:
    return selectors.place_for(viewer=viewer, location_id=given["location_id"], at=given["at"])


OPERATIONS = [
    thing(
        "strength", strength, name="strength_list", verb=selectors.VERB,
        says="Read what notices may say in this quarter", answers=StrengthOutput,
    ),
    thing(
        PLACE, place_strength, name="strength_place", verb=selectors.VERB, says="Read the strength of one place",
        answers=StrengthPlaceOutput,
    ),
    act(
        f"{PLACE}/tables", services.strength_import, verb=services.VERB, says="Record a strength table",
        takes={
            "text": "The lines of the file (CSV), as docs/notices.md says. All of it is recorded, or nothing.",
            "compared": StatedField(help_text="These numbers were compared with their source."),
            "seen": "SHA-256 (hex) of the file that was looked at; another one is refused.",
        },
        finds={"location": _found}, answers=StrengthTableOutput, status=201,
    ),
]  # fmt: skip
