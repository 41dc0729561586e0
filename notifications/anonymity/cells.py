"""People who are alike to a reader, and how likely each prior holds them."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from notifications.anonymity.population import Correlation, Group, Population
from notifications.anonymity.rungs import BLANK, Rung
from notifications.anonymity.settings import Prior, Settings, UnknownWord

NO_GRADE = "no_grade"


class Cell(NamedTuple):
    """What tells people apart: unit, sex, grade band, status, and whether a prior counts them as junior."""

    unit: str
    sex: str
    band: str
    status: str
    junior: bool


Kind = tuple[str, bool]  # sex and junior: all that a prior goes by


def cell_of(group: Group, settings: Settings) -> Cell:
    """The cell of a group; UnknownWord where the rules do not know a word of it."""
    if group.sex not in settings.sexes:
        raise UnknownWord(f"The sex of a group must be one of: {', '.join(settings.sexes)}.")
    if group.grade not in settings.band_of:
        raise UnknownWord(f"The grade of a group must be one of: {', '.join(settings.band_of)}.")
    if group.status not in settings.statuses:
        raise UnknownWord(f"The status of a group must be one of: {', '.join(settings.statuses)}.")
    band = settings.band_of[group.grade]
    return Cell(group.unit, group.sex, band, group.status, group.grade in settings.junior)


def cells_of(groups: Iterable[Group], settings: Settings) -> dict[Cell, int]:
    """The people in each cell that has any."""
    counted: Counter[Cell] = Counter()
    for group in groups:
        if group.people < 0:
            raise UnknownWord("A group cannot have fewer than no people.")
        counted[cell_of(group, settings)] += group.people
    return {cell: people for cell, people in counted.items() if people}


def check(population: Population, settings: Settings) -> None:
    """UnknownWord where the table and its tree do not fit together."""
    for unit in {group.unit for group in population.groups} | population.addressees:
        if unit not in population.parents:
            raise UnknownWord("A unit of the table is missing in the tree of units.")
    for above in population.parents.values():
        if above is not None and above not in population.parents:
            raise UnknownWord("A unit in the tree stands under one that is not in it.")
    for level in population.levels.values():
        if level not in settings.ladders["organisation"][:-1]:
            raise UnknownWord(f"A level must be one of: {', '.join(settings.ladders['organisation'][:-1])}.")


def said(cell: Cell, rung: Rung, settings: Settings) -> tuple[str, str, str]:
    """Sex, grade and status of these people as this rung says them."""
    grade = {
        "band": cell.band,
        "class": settings.class_of[cell.band],
        "member": NO_GRADE if cell.band == NO_GRADE else "member",
        BLANK: BLANK,
    }[rung.grade]
    return (
        cell.sex if rung.sex != BLANK else BLANK,
        grade,
        cell.status if rung.status != BLANK else BLANK,
    )


def weights(cells: Mapping[Cell, int], prior: Prior) -> dict[Kind, Fraction]:
    """How likely one person of each kind is the one, in this reader's eyes, on no common scale."""
    people: Counter[Kind] = Counter()
    for cell, number in cells.items():
        people[cell.sex, cell.junior] += number
    if prior.women is None or prior.junior is None:
        return dict.fromkeys(people, Fraction(1))
    shares = {True: prior.junior, False: 1 - prior.junior}
    likely = {}
    for (sex, junior), number in people.items():
        of_sex = prior.women if sex == "female" else 1 - prior.women
        # Where a sex has nobody junior (or nobody else), its share goes to those it has.
        there = sum(shares[each] for each in shares if (sex, each) in people)
        likely[sex, junior] = of_sex * shares[junior] / there / number
    return likely


class Hint(NamedTuple):
    """What a printed place gives away: the units somebody must be of, and the sex; None: nothing of it."""

    units: frozenset[str] | None = None
    sex: str | None = None

    def fits(self, cell: Cell) -> bool:
        return (self.units is None or cell.unit in self.units) and self.sex in (None, cell.sex)

    def both(self, other: "Hint") -> "Hint | None":
        """What the two together give away; None when nobody can be meant by both."""
        units = other.units if self.units is None else self.units
        if self.units is not None and other.units is not None:
            units = self.units & other.units
        if (units is not None and not units) or (self.sex and other.sex and self.sex != other.sex):
            return None
        return Hint(units, self.sex or other.sex)


NOTHING = Hint()
# The places that a level of the ladder can print.
PRINTED = {"on_off": ("on_installation", "off_installation"), "installation": ("installation",), BLANK: ()}


def hints(population: Population, level: str, correlations: Collection[Correlation]) -> dict[str, Hint]:
    """For each place that this level can print, what it gives away. UnknownWord for a unit or sex there is not.

    A correlation of a place that no notice prints gives nothing away.
    """
    for each in correlations:
        if set(each.implies) - {"unit", "sex"} or each.implies.get("sex", "female") not in ("female", "male"):
            raise UnknownWord("A place can give away a unit or a sex of the table.")
        if "unit" in each.implies and each.implies["unit"] not in population.parents:
            raise UnknownWord("A place gives away a unit that is missing in the tree of units.")
    found = {}
    for place in PRINTED[level]:
        hint: Hint | None = NOTHING
        for each in correlations:
            if each.place == place and hint is not None:
                unit = each.implies.get("unit")
                implied = Hint(population.under(unit) if unit else None, each.implies.get("sex"))
                hint = hint.both(implied)
        if hint is not None:
            found[place] = hint
    return found
