"""Rows of strength tables as the engine's data: who there was, and what a printed place gave away."""

from collections.abc import Iterable
from fractions import Fraction
from uuid import UUID

from accounts.models import LocationKind, Post, Role
from notifications.anonymity import Correlation, Group, Population
from notifications.strength.models import Strength
from notifications.strength.tables import Said, Tree

LEVELS = {
    LocationKind.UNIT: "unit",
    LocationKind.INSTALLATION: "installation",
    LocationKind.COMMAND: "region",
}


def population_of(said: Said, tree: Tree, top: UUID) -> Population:
    """Everybody the tables count from that place down. Notices do not climb: CN-1 names its own commander."""
    places = tree.subtree(top)
    led = Post.objects.filter(role=Role.SENIOR_COMMANDER, location__in=places)
    return Population(
        groups=tuple(_group(row) for row in said.people),
        parents={str(pk): str(tree.places[pk].parent_id) if pk != top else None for pk in places},
        addressees=frozenset(str(pk) for pk in led.values_list("location_id", flat=True)),
        present={str(row.location_id): Fraction(row.percent, 100) for row in said.present},
        levels={str(pk): LEVELS[LocationKind(tree.places[pk].kind)] for pk in places},
        climbs=False,
    )


def correlations_of(said: Said, tree: Tree, place: UUID) -> tuple[Correlation, ...]:
    """What a printed place gives away of people at that location or below, by the tables that speak for them."""
    return tuple(
        Correlation(row.place, {"unit": str(row.unit_id)} if row.unit_id else {"sex": row.sex})
        for row in said.correlations_at(tree, place)
    )


def words_at(said: Said | None, tree: Tree, place: UUID) -> frozenset[UUID]:
    """Every row by which the tables say who is at a location or below; the same rows say the same."""
    if said is None:
        return frozenset()
    below = set(tree.subtree(place))
    rows: Iterable = (row for row in (*said.people, *said.present) if row.location_id in below)
    return frozenset(row.pk for row in (*rows, *said.correlations_at(tree, place)))


def _group(row: Strength) -> Group:
    return Group(str(row.location_id), row.sex, row.grade_band, row.component, row.status, row.people)
