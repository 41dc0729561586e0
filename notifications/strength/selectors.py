"""Reads of strength tables and rungs, for those who may see them."""

from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from accounts.models import Location, Role
from notifications.strength.engine import Engine
from notifications.strength.lacking import cost
from notifications.strength.models import StrengthTable
from notifications.strength.quarters import quarters_before
from notifications.strength.rung_models import Told, UnitRung
from notifications.strength.rungs import quarter_of, standing
from notifications.strength.tables import Tree, said_of, versions
from reports import access, policy
from sapr.errors import NotFoundError

VERB = "see_strength"
TOLD_FOR = timedelta(days=365)


class Addressee(NamedTuple):
    """A location whose commander Restricted notices go to, with the rung that stands there (None: not chosen yet).

    `lacks`: what it costs that the tables of today do not count some who may report; empty where they count all.
    """

    place: Location
    rung: UnitRung | None
    lacks: str


class Coarsened(NamedTuple):
    """Of the notices released in a year that could say more than MINIMAL: all, made coarser by the draw, by SARCs.

    `percent`: what the draw is to do (rule DN-25). SARCs who do more make a coarser notice a sign of its case.
    """

    released: int
    drawn: int
    by_sarc: int
    percent: int

    @property
    def stands_out(self) -> bool:
        """Whether SARCs say less more often than the draw does."""
        return self.by_sarc * 100 > self.released * self.percent


def coarsened(*, viewer, at: datetime) -> Coarsened | None:
    """How often notices of all places were made coarser, and by whom; None for those who are no programme managers."""
    access.require(viewer, VERB, at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT released, drawn, by_sarc FROM sapr_coarsened(%s)", [at - TOLD_FOR])
        released, drawn, by_sarc = cursor.fetchone()
    if released is None:
        return None
    return Coarsened(released, drawn, by_sarc, policy.wording_numbers("coarsening", on=at.date())["percent"])


def addressees(*, viewer, at: datetime) -> list[Addressee]:
    """Every location with a senior commander's post, by name."""
    access.require(viewer, VERB, at)
    places = Location.objects.filter(posts__role=Role.SENIOR_COMMANDER).distinct().order_by("name")
    engines: dict[UUID, Engine] = {}
    tree, found = Tree(), []
    for place in places:
        top = tree.chain(place.pk)[-1]
        if top not in engines:
            engines[top] = Engine(place, at)
        lacks = engines[top].lacks(place)
        found.append(Addressee(place, standing(place, at), cost(lacks) if lacks else ""))
    return found


def place_for(*, viewer, location_id: UUID, at: datetime) -> Location:
    """A location by its id; NotFoundError otherwise."""
    access.require(viewer, VERB, at)
    place = Location.objects.filter(pk=location_id).first()
    if place is None:
        raise NotFoundError
    return place


def rungs_published(*, viewer, place: Location, at: datetime) -> list[UnitRung]:
    """The rungs of a location in this quarter and the four before it, newest first."""
    access.require(viewer, VERB, at)
    first = quarters_before(quarter_of(place, at), 4)
    return list(UnitRung.objects.filter(location=place, quarter__gte=first).order_by("-quarter", "-turn"))


def tables_of(*, viewer, place: Location, at: datetime) -> list[StrengthTable]:
    """The versions recorded for a location itself, newest first."""
    access.require(viewer, VERB, at)
    return list(versions([place.pk])[:20])


def people_on(*, viewer, place: Location, on: date, at: datetime) -> list[tuple[Location, int]]:
    """How many people the tables of that day say of the location and of each place below it."""
    access.require(viewer, VERB, at)
    tree = Tree(named=True)
    said = said_of(place.pk, on, tree)
    counted: dict[UUID, int] = {}
    for row in said.people if said else []:
        counted[row.location_id] = counted.get(row.location_id, 0) + row.people
    return [(tree.places[pk], counted[pk]) for pk in tree.subtree(place.pk) if pk in counted]


def told_to(*, place: Location, at: datetime) -> list[Told]:
    """What the reader at a location, and those above and below, got in Restricted notices in a year, newest first."""
    tree = Tree(named=True)
    near = {*tree.subtree(place.pk), *tree.chain(place.pk)}
    found = Told.objects.filter(location__in=near, slot__gt=at - TOLD_FOR).select_related("location")
    return list(found.order_by("-slot", "pk"))
