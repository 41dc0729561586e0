"""Invented people in invented units, over some quarters in which they come, go and are promoted.

What the engine assumes of real units (DN-22, DN-23) holds here exactly: in a quarter at most the policy's share of each
group is replaced beside what the tables show, and at least the policy's share of each group was there.
"""

import random
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import accumulate, pairwise, product
from math import exp, floor, log

from notifications.anonymity import Correlation, Group, Population, Settings

SMALLEST, LARGEST = 15, 3000
QUARTERS = 6
WOMEN = 0.175
_GRADES = {
    "E1": 6, "E2": 8, "E3": 16, "E4": 21, "E5": 17, "E6": 11, "E7": 5, "E8": 1.5, "E9": 0.5,
    "W2": 1, "O1": 3, "O2": 4, "O3": 4, "O4": 2,
}  # fmt: skip
_NEXT = dict(pairwise(("E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8", "E9"))) | dict(
    pairwise(("O1", "O2", "O3", "O4"))
)
_CUT = 0.06  # how often a unit loses people and gets nobody
_AWAY = Fraction(3, 5)  # people surely there in a unit that is partly away


@dataclass(frozen=True, slots=True)
class Person:
    """One person as they are in one quarter."""

    number: int
    unit: str
    sex: str
    grade: str
    status: str


@dataclass(eq=False)
class World:
    """A tree of units; `people[q]` are those of quarter q, the longest-serving of each cell first.

    `correlations[q]`: what a printed place gave away then.
    """

    parents: dict[str, str | None]
    addressees: frozenset[str]
    present: dict[str, Fraction]
    correlations: list[tuple[Correlation, ...]]
    climbs: bool
    people: list[list[Person]] = field(default_factory=list)
    populations: list[Population] = field(default_factory=list)


def invent(dice: random.Random, settings: Settings, sizes: list[int] | None = None) -> World:
    """A region with an installation, brigades, battalions and units; `sizes` of the units, else by chance."""
    sizes = sizes or [round(exp(dice.uniform(log(SMALLEST), log(LARGEST)))) for _ in range(8)]
    parents: dict[str, str | None] = {"region": None, "installation": "region"}
    strength: dict[str, int] = {}
    for number, size in enumerate(sizes):
        brigade, battalion, unit = f"brigade{number // 4}", f"battalion{number // 2}", f"unit{number}"
        parents |= {brigade: "installation", battalion: brigade, unit: battalion}
        strength |= {brigade: dice.randint(15, 60), battalion: dice.randint(15, 60), unit: size}
    strength["installation"] = dice.randint(40, 200)
    here = sorted(strength)
    addressees = {unit for unit in here if not unit.startswith("battalion") or dice.random() < 0.5}
    # One leaf in eight has no commander of its own who is told.
    addressees -= {unit for unit in here if unit.startswith("unit") and dice.random() < 0.125}
    present = {unit: _AWAY for unit in here if dice.random() < 0.1}
    before, after = _correlations(dice, here), _correlations(dice, here)
    changed = dice.randint(1, QUARTERS)
    correlations = [before] * changed + [after] * (QUARTERS - changed)
    climbs = dice.random() < 0.5
    world = World(parents, frozenset(addressees | {"region"}), present, correlations, climbs)
    numbers = iter(range(10**9))
    world.people.append(
        [_somebody(dice, next(numbers), unit, strength[unit]) for unit in here for _ in range(strength[unit])]
    )
    while len(world.people) < QUARTERS:
        world.people.append(_a_quarter_later(dice, world.people[-1], here, numbers, settings))
    world.populations = [_table(world, people, settings) for people in world.people]
    return world


def _correlations(dice: random.Random, units: list[str]) -> tuple[Correlation, ...]:
    """In a third of the worlds a place gives away the unit, in a third the sex."""
    which = dice.randrange(3)
    if which == 1:
        return (Correlation("on_installation", {"unit": dice.choice([u for u in units if u[:4] == "unit"])}),)
    return (Correlation("off_installation", {"sex": "female"}),) if which == 2 else ()


def _somebody(dice: random.Random, number: int, unit: str, strength: int) -> Person:
    sex = "female" if dice.random() < WOMEN else "male"
    if strength >= 500 and dice.random() < 0.05:
        return Person(number, unit, sex, "none", dice.choice(("civilian", "dependent")))
    return Person(number, unit, sex, dice.choices(list(_GRADES), list(_GRADES.values()))[0], "member")


def _a_quarter_later(
    dice: random.Random, people: list[Person], units: list[str], numbers, settings: Settings
) -> list[Person]:
    cut = {unit for unit in units if dice.random() < _CUT}
    cells: dict[tuple, list[Person]] = defaultdict(list)
    for each in people:
        cells[cell_of(each, settings)].append(each)
    staying: list[Person] = []
    coming: list[Person] = []
    for cell in sorted(cells):
        held = cells[cell]
        few = floor(settings.replaced * len(held))
        if held[0].unit in cut:
            staying += [each for each in held if dice.random() > 0.1]
            continue
        gone = set(dice.sample(range(len(held)), dice.randint(0, few)))
        for place, each in enumerate(held):
            if place not in gone:
                staying.append(each)
            elif each.grade in _NEXT and dice.random() < 0.5:
                promoted = replace(each, grade=_NEXT[each.grade])
                # A step within the cell is no leaving it: their place in it is kept.
                (staying if cell_of(promoted, settings) == cell else coming).append(promoted)
        coming += [
            replace(dice.choice(held), number=next(numbers))
            for _ in range(dice.randint(0, few + (dice.random() < 0.1)))
        ]
    return staying + coming


def cell_of(person: Person, settings: Settings) -> tuple:
    """What the policy's priors and finest words tell people apart by."""
    junior = person.grade in settings.junior
    return (person.unit, person.sex, settings.band_of[person.grade], person.status, junior)


def _table(world: World, people: list[Person], settings: Settings) -> Population:
    """Everybody, and of each unit a row for every status of which it has nobody."""
    counted: dict[tuple[str, str, str, str], int] = defaultdict(int)
    for each in people:
        counted[each.unit, each.sex, each.grade, each.status] += 1
    for unit, status in product(world.parents, settings.reporting):
        counted[unit, "female", "none", status] += 0
    groups = tuple(
        Group(unit, sex, grade, "active", status, number)
        for (unit, sex, grade, status), number in sorted(counted.items())
    )
    return Population(groups, world.parents, world.addressees, world.present, climbs=world.climbs)


class Victims:
    """Draws victims among people: women and junior grades far more often, as the notice design supposes."""

    def __init__(self, people: list[Person], settings: Settings) -> None:
        self.people = people
        weights = [
            (19 if each.sex == "female" else 1) * (3 if each.grade in settings.junior else 1)
            for each in people
        ]
        self._sums = list(accumulate(weights))

    def draw(self, dice: random.Random) -> Person:
        return self.people[bisect_right(self._sums, dice.random() * self._sums[-1])]
