"""The way to the pure engine (`notifications.anonymity`): rows become its data, its choice becomes a row's."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.models import Location, LocationKind, Post, Role
from notifications import anonymity
from notifications.anonymity import Correlation, Group, Population, Released, Rung, Settings
from notifications.anonymity.history import linkable
from notifications.anonymity.pools import pool_of, told
from notifications.anonymity.sizes import Sizes
from notifications.finer.told import finer_told
from notifications.strength.models import Strength
from notifications.strength.rung_models import MINIMAL, UnitRung
from notifications.strength.tables import Said, Tree, said_of
from reports import policy

LEVELS = {
    LocationKind.UNIT: "unit",
    LocationKind.INSTALLATION: "installation",
    LocationKind.COMMAND: "region",
}
# The parts of policy data that the engine goes by.
PARTS = ("thresholds", "ladders", "priors", "presence", "history", "hysteresis", "coarsening", "layout")


class Chosen(NamedTuple):
    """A choice as a row of `UnitRung` keeps it."""

    rung: str
    k: Decimal | None
    numbers: dict[str, str]
    tables: list[str]
    rules: list[str]
    smallest: int | None
    examples: list[dict[str, str | int]]
    classes: list[list[str]]
    confirm: bool


class Engine:
    """The engine over one tree of locations on one day; a population of the past is built once."""

    def __init__(self, location: Location, at: datetime) -> None:
        self.tree = Tree()
        self.root = self.tree.chain(location.pk)[-1]
        self.at = at
        self.today = self._day(at)
        self.settings = Settings.of(self.today)
        self._built: dict[tuple[UUID, ...], Population] = {}
        self.said = said_of(self.root, self.today, self.tree)

    def speaks_of(self, location: Location) -> bool:
        """Whether a table of today says anything of the location or of a place below it."""
        places = set(self.tree.subtree(location.pk))
        return self.said is not None and any(row.location_id in places for row in self.said.people)

    def choose(self, location: Location, *, previous: str | None, quarter: date) -> Chosen:
        """How much a notice to that location may say in the quarter, from strength data and published rungs alone.

        Words that would speak of people above the location are not for its commander: MINIMAL.
        """
        rules = rules_of(self.today)
        if self.said is None or not self.speaks_of(location):
            return Chosen(MINIMAL, None, {}, [], rules, None, [], [], False)
        choice = anonymity.choose(
            self._population(self.said),
            str(location.pk),
            self._history(quarter),
            self.settings,
            previous={str(location.pk): Rung.of(previous)} if previous else None,
            correlations=self._correlations(self.said),
        )
        own = choice.unit == str(location.pk) and not choice.rung.is_minimal
        return Chosen(
            rung=choice.rung.key if own else MINIMAL,
            k=_two_places(choice.k) if own else None,
            numbers={name: str(_two_places(k)) for name, k in choice.by_prior.items()} if own else {},
            tables=[str(pk) for pk in self.said.tables],
            rules=rules,
            smallest=choice.smallest_class if own else None,
            examples=_examples(choice.examples_basis) if own else [],
            classes=sorted(map(list, choice.classes)) if own else [],
            confirm=choice.confirm and own,
        )

    def carries(self, standing: UnitRung) -> bool:
        """Whether the tables of today still make every class of a standing rung as large as it has to be."""
        if self.said is None or not self.speaks_of(standing.location):
            return standing.rung == MINIMAL
        population, place = self._population(self.said), str(standing.location_id)
        if told(population, place, self.settings) != place:
            return standing.rung == MINIMAL
        sizes = Sizes(
            population,
            pool_of(population, place, self.settings),
            linkable(population, place, self._history(standing.quarter), self.settings),
            self.settings,
            self._correlations(self.said),
        ).of(Rung.of(standing.rung))
        bar = self.settings.confirm_at_least if standing.confirm else self.settings.send_at_least
        return standing.rung == MINIMAL or min(sizes.values(), default=0) >= bar

    def numbers(
        self, location: Location, rungs: Iterable[Rung], *, quarter: date, person: Mapping[str, str]
    ) -> list[dict[str, Decimal]]:
        """For each wording about this person, by reader, how many people it leaves, with all that readers may hold.

        Empty ones where the tables of today know nobody like them.
        """
        if self.said is None:
            return [{} for _ in rungs]
        sizes = self._counted(self.said, location, self._history(quarter), person)
        found = [sizes.of(rung) for rung in rungs]
        known = all(any(name.startswith("victim:") for name in each) for each in found)
        return [{name: _two_places(k) for name, k in each.items()} if known else {} for each in found]

    def leaves(self, location: Location, rung: Rung, *, quarter: date) -> Decimal:
        """The fewest people that a published wording leaves of anybody today, finer words told to others left aside."""
        if self.said is None:
            return Decimal(0)
        sizes = self._counted(self.said, location, self._history(quarter, finer=False)).of(rung)
        return _two_places(min(sizes.values(), default=Fraction(0)))

    def _counted(
        self, said: Said, location: Location, held: list[Released], person: Mapping[str, str] | None = None
    ) -> Sizes:
        population, place = self._population(said), str(location.pk)
        return Sizes(
            population,
            pool_of(population, place, self.settings),
            linkable(population, place, held, self.settings),
            self.settings,
            self._correlations(said),
            person,
        )

    def within(self, chosen: Chosen, rung: str) -> Chosen:
        """The choice without anything that this rung does not say. Its numbers are the finer one's: at least these."""
        levels = {
            name: max(
                (getattr(each, name) for each in (Rung.of(chosen.rung), Rung.of(rung))), key=ladder.index
            )
            for name, ladder in self.settings.ladders.items()
        }
        return chosen._replace(rung=Rung(**levels).key)

    def _day(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.tree.places[self.root].zone)).date()

    @staticmethod
    def _correlations(said: Said) -> list[Correlation]:
        return [
            Correlation(row.place, {"unit": str(row.unit_id)} if row.unit_id else {"sex": row.sex})
            for row in said.correlations
        ]

    def _population(self, said: Said) -> Population:
        """Who was there; the same tables on days that they say the same of are one population."""
        key = tuple(row.pk for row in (*said.people, *said.present))
        if key not in self._built:
            places = self.tree.subtree(self.root)
            led = Post.objects.filter(role=Role.SENIOR_COMMANDER, location__in=places)
            self._built[key] = Population(
                groups=tuple(_group(row) for row in said.people),
                parents={
                    str(pk): str(self.tree.places[pk].parent_id) if pk != self.root else None for pk in places
                },
                addressees=frozenset(str(pk) for pk in led.values_list("location_id", flat=True)),
                present={str(row.location_id): Fraction(row.percent, 100) for row in said.present},
                levels={str(pk): LEVELS[LocationKind(self.tree.places[pk].kind)] for pk in places},
            )
        return self._built[key]

    def _history(self, quarter: date, *, finer: bool = True) -> list[Released]:
        """Every wording published in the tree within the engine's reach, and finer ones, with the people of then."""
        first = quarters_before(quarter, self.settings.quarters)
        rungs = UnitRung.objects.filter(location__in=self.tree.subtree(self.root), quarter__gte=first)
        found = []
        for row in rungs.order_by("quarter", "turn", "pk"):
            said = said_of(self.root, self._day(row.chosen_at), self.tree, among=row.tables)
            if said is None:
                continue
            place, ago = str(row.location_id), _quarters_between(row.quarter, quarter)
            found.append(Released(place, place, Rung.of(row.rung), ago, self._population(said)))
        return found + (self._finer(quarter) if finer else [])

    def _finer(self, quarter: date) -> list[Released]:
        """Words finer than their rung that lie in an inbox of the tree: readers hold these beside what is published."""
        found = []
        for row in finer_told(self.tree.subtree(self.root), self.settings.ladders):
            then = row.unit_rung
            ago = _quarters_between(_first_of_quarter(self._day(row.slot)), quarter)
            said = said_of(self.root, self._day(then.chosen_at), self.tree, among=then.tables)
            if said is not None and ago <= self.settings.quarters:
                place = str(row.location_id)
                found.append(Released(place, place, Rung.of(row.rung), ago, self._population(said)))
        return found


def _group(row: Strength) -> Group:
    return Group(str(row.location_id), row.sex, row.grade_band, row.component, row.status, row.people)


def _first_of_quarter(day: date) -> date:
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def quarters_before(quarter: date, count: int) -> date:
    """The first day of the quarter so many quarters earlier."""
    months = quarter.year * 12 + quarter.month - 1 - 3 * count
    return date(months // 12, months % 12 + 1, 1)


def _quarters_between(earlier: date, later: date) -> int:
    return ((later.year - earlier.year) * 12 + later.month - earlier.month) // 3


def _two_places(k: Fraction) -> Decimal:
    """Downwards, so that no number of people is shown larger than it is."""
    return (Decimal(k.numerator) / Decimal(k.denominator)).quantize(Decimal("0.01"), ROUND_DOWN)


def _examples(groups: Iterable[Group]) -> list[dict[str, str | int]]:
    """The groups of the smallest class without their places, the same ones taken together, largest first."""
    found: dict[tuple[str, str, str], int] = {}
    for group in groups:
        key = (group.sex, group.grade, group.status)
        found[key] = found.get(key, 0) + group.people
    rows = sorted(found.items(), key=lambda each: (-each[1], each[0]))
    return [{"sex": sex, "grade": grade, "status": status, "people": n} for (sex, grade, status), n in rows]


def rules_of(on: date) -> list[str]:
    """The rules whose numbers and words the engine goes by on that day."""
    return [
        rule.id
        for rule in policy.rules()
        if rule.id.startswith("DN-")
        and rule.in_force(on)
        and rule.enabled
        and set(PARTS) & set(rule.parameters)
    ]
