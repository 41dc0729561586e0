"""Whose people a notice to a commander can be about.

Where notices climb, a unit that is too small for any wording goes to the addressee above. There it counts together with
the other units that go there, and with nobody whose own commander would have been told: a reader above knows who those
are. Where they do not, everybody's own commander is told, and a notice can be about that commander's own people alone.
"""

from collections import defaultdict
from functools import lru_cache

from notifications.anonymity.population import Population
from notifications.anonymity.rungs import Rung
from notifications.anonymity.settings import Settings

_TABLES = 64  # a year of tables, of a reader and of those around; each entry is a few sets of unit ids


def nearest(population: Population, unit: str) -> str | None:
    """The addressee that a report from this unit goes to first."""
    return next((each for each in (unit, *population.above(unit)) if each in population.addressees), None)


@lru_cache(_TABLES)
def direct(population: Population) -> dict[str, frozenset[str]]:
    """For each addressee the units whose reports go to it first."""
    units: dict[str, set[str]] = defaultdict(set, {each: set() for each in population.addressees})
    for unit in population.parents:
        first = nearest(population, unit)
        if first is not None:
            units[first].add(unit)
    return {each: frozenset(held) for each, held in units.items()}


@lru_cache(_TABLES)
def _below(population: Population) -> dict[str, tuple[str, ...]]:
    """For each addressee the addressees next below it."""
    below: dict[str, list[str]] = defaultdict(list)
    for each in sorted(population.addressees):
        over = next((unit for unit in population.above(each) if unit in population.addressees), None)
        if over is not None:
            below[over].append(each)
    return {over: tuple(held) for over, held in below.items()}


@lru_cache(4096)
def pool_of(population: Population, addressee: str, settings: Settings) -> frozenset[str]:
    """The units whose people a notice to this addressee can be about."""
    units = set(direct(population).get(addressee, ()))
    if not population.climbs:
        return frozenset(units)
    for each in _below(population).get(addressee, ()):
        if not is_large_enough(population, each, settings):
            units |= pool_of(population, each, settings)
    return frozenset(units)


@lru_cache(4096)
def is_large_enough(population: Population, addressee: str, settings: Settings) -> bool:
    """Whether the barest wording beyond MINIMAL would do for it, earlier notices left aside.

    From its own table alone, so that whoever reads a notice above can work out the same.
    """
    from notifications.anonymity.sizes import Sizes

    pool = pool_of(population, addressee, settings)
    level = population.level(addressee, settings.ladders["organisation"][:-1])
    sizes = Sizes(population, pool, (), settings).of(Rung(organisation=level))
    return bool(sizes) and min(sizes.values()) >= settings.confirm_at_least


def told(population: Population, addressee: str, settings: Settings) -> str | None:
    """The addressee whose commander can be told: itself, or the first above that is large enough; None: nobody."""
    above = population.above(addressee) if population.climbs else ()
    line = (addressee, *(each for each in above if each in population.addressees))
    return next((each for each in line if is_large_enough(population, each, settings)), None)
