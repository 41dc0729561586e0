"""What a reader already holds: earlier wordings, and who of that time can still be there."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from notifications.anonymity.cells import Cell, cells_of
from notifications.anonymity.population import Correlation, Population
from notifications.anonymity.rungs import Rung
from notifications.anonymity.settings import Settings


@dataclass(frozen=True, eq=False, slots=True)
class Released:
    """A wording that stood for (or was released to) an addressee; see the package for each field."""

    addressee: str
    unit: str
    rung: Rung
    quarters_ago: int
    population: Population
    correlations: tuple[Correlation, ...] = ()


def linkable(
    population: Population, reader: str, history: Iterable[Released], settings: Settings
) -> tuple[Released, ...]:
    """Of the last year's wordings those of this reader, and of the readers above and below."""
    line = {reader, *population.above(reader)} | population.under(reader)
    held = {
        (
            each.unit,
            each.rung,
            each.quarters_ago,
            id(each.population),
            frozenset(map(_alike, each.correlations)),
        ): each
        for each in history
        if each.unit in line and 0 <= each.quarters_ago <= settings.quarters
    }
    return tuple(held.values())


def _alike(each: Correlation) -> tuple:
    return (each.place, *sorted(each.implies.items()))


class Timeline:
    """The tables of a year in their order, the present one last."""

    def __init__(self, population: Population, held: Sequence[Released], settings: Settings) -> None:
        self._replaced = settings.replaced
        # One table may have stood for several quarters: each is a point of its own.
        points = {(each.quarters_ago, id(each.population)): each.population for each in held}
        points |= {(0, id(population)): population}
        # Those of one quarter in the order that they were given in.
        order = sorted(points, key=lambda point: (-point[0], point == (0, id(population))))
        read = {id(table): cells_of(table.groups, settings) for table in points.values()}
        self._points = [(ago, read[table]) for ago, table in order]
        self._place = {point: place for place, point in enumerate(order)}

    def _since(self, then: Released) -> list[tuple[int, dict[Cell, int]]]:
        return self._points[self._place[then.quarters_ago, id(then.population)] :]

    def remaining(self, cells: Collection[Cell], then: Released) -> Fraction | None:
        """At least so many of the people of then are among them still; None where nobody can have been all along.

        Those whom a table shows as gone are gone, and of the rest a share may be other people each quarter.
        """
        points = [(ago, sum(held.get(cell, 0) for cell in cells)) for ago, held in self._since(then)]
        if not all(people for _, people in points):
            return None
        left = Fraction(points[0][1])
        for (ago, was), (later, now) in pairwise(points):
            left -= max(was - now, 0) + self._replaced * (ago - later) * min(was, now)
        return max(left, Fraction(0))
