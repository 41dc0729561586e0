"""The combinations of earlier wordings that can be about one person, and who is surely there in each."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from notifications.anonymity.cells import NOTHING, Cell, Hint, Kind, hints
from notifications.anonymity.history import Released, Timeline
from notifications.anonymity.pools import direct, pool_of
from notifications.anonymity.population import Correlation, Population
from notifications.anonymity.rungs import Rung
from notifications.anonymity.settings import Settings


class Member(NamedTuple):
    """The people of one kind and unit in a class: surely there, and on the books."""

    unit: str
    kind: Kind
    low: Fraction
    books: int


@dataclass(frozen=True, eq=False, slots=True)
class View:
    """People who can be meant by all of these wordings. `surely`: how many of some cells of one unit are surely there.

    It answers None where nobody of those cells can be meant. `places`: for each wording all that its printed place, or
    none, gave away when it stood.
    """

    number: int
    rungs: tuple[Rung, ...]
    places: tuple[frozenset[Hint], ...]
    cells: tuple[Cell, ...]
    surely: Callable[[Collection[Cell]], Fraction | None]

    def by_kind(self, cells: Iterable[Cell]) -> dict[tuple[str, Kind], tuple[Fraction, tuple[Cell, ...]]]:
        """The cells that can be meant, by unit and kind, with how many of each are surely there."""
        grouped: dict[tuple[str, Kind], list[Cell]] = {}
        for cell in cells:
            grouped.setdefault((cell.unit, (cell.sex, cell.junior)), []).append(cell)
        sizes = {key: (self.surely(held), tuple(held)) for key, held in grouped.items()}
        return {key: (low, held) for key, (low, held) in sizes.items() if low is not None}


def views(
    population: Population, here: Mapping[Cell, int], held: tuple[Released, ...], settings: Settings
) -> tuple[View, ...]:
    """First the wording alone, with a year of turnover to come; then each largest set of earlier wordings.

    Everybody of a unit may be meant by the same earlier wordings, those whose part of the command it belonged to.
    Fewer wordings leave more people, so only the whole sets need a look.
    """
    present = {cell.unit: population.present.get(cell.unit, settings.present) for cell in here}
    to_come = max(1 - settings.replaced * settings.quarters, Fraction(0))

    def alone(cells: Collection[Cell]) -> Fraction:
        return sum((here[cell] * present[cell.unit] for cell in cells), Fraction(0)) * to_come

    found = [View(0, (), (), tuple(here), alone)]
    if not held:
        return tuple(found)
    timeline = Timeline(population, held, settings)
    units_of = [_units(each, settings) for each in held]
    sets = {frozenset(place for place, units in enumerate(units_of) if unit in units) for unit in present}
    for places in sorted(sets, key=sorted):
        if places:
            earlier = [held[place] for place in sorted(places)]

            def surely(cells: Collection[Cell], earlier: list[Released] = earlier) -> Fraction | None:
                left = [timeline.remaining(cells, then) for then in earlier]
                sure = [each for each in left if each is not None]
                return min(sure) * present[next(iter(cells)).unit] if len(sure) == len(left) else None

            cells = tuple(cell for cell in here if all(cell.unit in units_of[place] for place in places))
            rungs = tuple(dict.fromkeys(each.rung for each in earlier))
            given = Counter(given_away(each.population, each.rung, each.correlations) for each in earlier)
            # One notice may say on, another off the installation; a third has no other place to name.
            places = tuple(each for each, times in given.items() for _ in range(min(times, 2)))
            found.append(View(len(found), rungs, places, cells, surely))
    return tuple(found)


def given_away(population: Population, rung: Rung, correlations: Collection[Correlation]) -> frozenset[Hint]:
    """All that one printed place of these words, or none, can give away."""
    return frozenset({NOTHING, *hints(population, rung.place, correlations).values()})


def _units(then: Released, settings: Settings) -> frozenset[str]:
    """Whose people the wording was about. MINIMAL goes to a small unit's own commander and pools nobody."""
    if then.rung.is_minimal:
        return direct(then.population)[then.unit]
    return pool_of(then.population, then.unit, settings)
