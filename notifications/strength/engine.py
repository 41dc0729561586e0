"""The way to the pure engine (`notifications.anonymity`): rows become its data, its choice becomes a row's."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.models import Location
from notifications import anonymity
from notifications.anonymity import Group, Population, Released, Rung, Settings, classes, covers, uncounted
from notifications.anonymity.history import linkable
from notifications.anonymity.pools import pool_of
from notifications.anonymity.sizes import Class, Sizes
from notifications.finer.told import finer_told
from notifications.strength.chosen import Chosen, examples_of, two_places
from notifications.strength.population import correlations_of, population_of, words_at
from notifications.strength.quarters import first_of_quarter, quarters_before, quarters_between
from notifications.strength.rung_models import MINIMAL, UnitRung
from notifications.strength.tables import Said, Tree, next_change, said_of
from reports import policy

# The parts of policy data that the engine goes by.
PARTS = ("thresholds", "ladders", "priors", "presence", "history", "hysteresis", "coarsening", "layout")


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

    def lacks(self, location: Location) -> tuple[str, ...]:
        """The statuses that may report and that today's tables do not count among the location's people.

        Empty too where they count none of its people at all.
        """
        if self.said is None:
            return ()
        population, pool = self._population(self.said), self._pool(location)
        counts = any(group.unit in pool for group in population.groups)
        return uncounted(population, pool, self.settings) if counts else ()

    def choose(self, location: Location, *, previous: str | None, quarter: date) -> Chosen:
        """How much a notice to that location may say in the quarter, from strength data and published rungs alone.

        Words that would speak of people above the location are not for its commander: MINIMAL.
        """
        if self.said is None or not self.speaks_of(location):
            return self._minimal([])
        choice = anonymity.choose(
            self._population(self.said),
            str(location.pk),
            self._history(quarter),
            self.settings,
            previous={str(location.pk): Rung.of(previous)} if previous else None,
            correlations=correlations_of(self.said, self.tree, location.pk),
        )
        if choice.rung.is_minimal:
            return self._minimal(self.said.tables)
        return Chosen(
            rung=choice.rung.key,
            k=two_places(choice.k),
            numbers={name: str(two_places(k)) for name, k in choice.by_prior.items()},
            tables=[str(pk) for pk in self.said.tables],
            rules=rules_of(self.today),
            smallest=choice.smallest_class,
            examples=examples_of(choice.examples_basis),
            classes=sorted(map(list, choice.classes)),
            confirm=choice.confirm,
        )

    def same_words(self, standing: UnitRung) -> bool:
        """Whether the tables of today say of the location's people what they said when the rung was chosen."""
        then = said_of(self.root, self._day(standing.chosen_at), self.tree, among=standing.tables)
        place = standing.location_id
        return words_at(then, self.tree, place) == words_at(self.said, self.tree, place)

    def carries(self, location: Location, standing: UnitRung) -> bool:
        """Whether the tables of today still make every class of a standing rung as large as it has to be."""
        if standing.rung == MINIMAL:
            return True
        rung = Rung.of(standing.rung)
        if self.said is None or not self.speaks_of(location) or self.lacks(location):
            return False
        if not covers(self._classes(location, rung), rung, self.settings):
            return False
        bar = self.settings.confirm_at_least if standing.confirm else self.settings.send_at_least
        return min(self._sizes(location, standing.quarter).of(rung).values(), default=0) >= bar

    def counted(self, location: Location, key: str, quarter: date) -> Chosen:
        """A rung by the tables of today, which carry it: its numbers and its classes."""
        if key == MINIMAL or self.said is None:
            return self._minimal(self.said.tables if self.said else [])
        rung = Rung.of(key)
        numbers = self._sizes(location, quarter).of(rung)
        smallest = min(self._classes(location, rung).values(), key=_people)
        k = min(numbers.values())
        return Chosen(
            rung=key,
            k=two_places(k),
            numbers={name: str(two_places(size)) for name, size in numbers.items()},
            tables=[str(pk) for pk in self.said.tables],
            rules=rules_of(self.today),
            smallest=_people(smallest),
            examples=examples_of(smallest),
            classes=sorted(map(list, self._classes(location, rung))),
            confirm=k < self.settings.send_at_least,
        )

    def numbers(
        self, location: Location, rungs: Iterable[Rung], *, quarter: date, person: Mapping[str, str]
    ) -> list[dict[str, Decimal]]:
        """For each wording about this person, by reader, how many people it leaves, with all that readers may hold.

        Empty ones where the tables of today know nobody like them.
        """
        if self.said is None:
            return [{} for _ in rungs]
        sizes = self._sizes(location, quarter, person=person)
        found = [sizes.of(rung) for rung in rungs]
        known = all(any(name.startswith("victim:") for name in each) for each in found)
        return [{name: two_places(k) for name, k in each.items()} if known else {} for each in found]

    def leaves(self, location: Location, rung: Rung, *, quarter: date) -> Decimal:
        """The fewest people that a published wording leaves of anybody today, finer words told to others left aside."""
        if self.said is None:
            return Decimal(0)
        sizes = self._sizes(location, quarter, finer=False).of(rung)
        return two_places(min(sizes.values(), default=Fraction(0)))

    def within(self, location: Location, chosen: Chosen, standing: UnitRung) -> Chosen:
        """The choice without anything that the standing rung does not say, counted as it is then."""
        levels = {
            name: max(
                (getattr(each, name) for each in (Rung.of(chosen.rung), Rung.of(standing.rung))),
                key=ladder.index,
            )
            for name, ladder in self.settings.ladders.items()
        }
        return self.counted(location, Rung(**levels).key, standing.quarter)

    def next_change(self, location: Location) -> datetime | None:
        """The instant at which the tables may next say something else of the location's people."""
        day = next_change(location.pk, self.today, self.tree)
        zone = ZoneInfo(self.tree.places[self.root].zone)
        return datetime(day.year, day.month, day.day, tzinfo=zone) if day else None

    def _minimal(self, tables: list[UUID]) -> Chosen:
        return Chosen(
            MINIMAL, None, {}, [str(pk) for pk in tables], rules_of(self.today), None, [], [], False
        )

    def _pool(self, location: Location) -> frozenset[str]:
        return pool_of(self._population(self.said), str(location.pk), self.settings)

    def _classes(self, location: Location, rung: Rung) -> dict[Class, tuple[Group, ...]]:
        given = correlations_of(self.said, self.tree, location.pk)
        return classes(self._population(self.said), self._pool(location), rung, self.settings, given)

    def _sizes(
        self,
        location: Location,
        quarter: date,
        *,
        finer: bool = True,
        person: Mapping[str, str] | None = None,
    ) -> Sizes:
        population = self._population(self.said)
        history = self._history(quarter, finer=finer)
        held = linkable(population, str(location.pk), history, self.settings)
        given = correlations_of(self.said, self.tree, location.pk)
        return Sizes(population, self._pool(location), held, self.settings, given, person)

    def _day(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.tree.places[self.root].zone)).date()

    def _population(self, said: Said) -> Population:
        """Who was there; the same tables on days that they say the same of are one population."""
        key = tuple(row.pk for row in (*said.people, *said.present))
        if key not in self._built:
            self._built[key] = population_of(said, self.tree, self.root)
        return self._built[key]

    def _history(self, quarter: date, *, finer: bool = True) -> list[Released]:
        """Every wording published in the tree within the engine's reach, and finer ones, with the people of then.

        And with what a printed place gave away then: both from the versions that it was chosen by, which never change.
        """
        first = quarters_before(quarter, self.settings.quarters)
        rungs = UnitRung.objects.filter(location__in=self.tree.subtree(self.root), quarter__gte=first)
        found = []
        for row in rungs.order_by("quarter", "chosen_at", "turn", "pk"):
            said = said_of(self.root, self._day(row.chosen_at), self.tree, among=row.tables)
            if said is None:
                continue
            place, ago = str(row.location_id), quarters_between(row.quarter, quarter)
            given = correlations_of(said, self.tree, row.location_id)
            found.append(Released(place, place, Rung.of(row.rung), ago, self._population(said), given))
        return found + (self._finer(quarter) if finer else [])

    def _finer(self, quarter: date) -> list[Released]:
        """Words finer than their rung that lie in an inbox of the tree: readers hold these beside what is published."""
        found = []
        for row in finer_told(self.tree.subtree(self.root), self.settings.ladders):
            then = row.unit_rung
            ago = quarters_between(first_of_quarter(self._day(row.slot)), quarter)
            said = said_of(self.root, self._day(then.chosen_at), self.tree, among=then.tables)
            if said is not None and ago <= self.settings.quarters:
                place = str(row.location_id)
                given = correlations_of(said, self.tree, row.location_id)
                found.append(Released(place, place, Rung.of(row.rung), ago, self._population(said), given))
        return found


def _people(groups: Iterable[Group]) -> int:
    return sum(group.people for group in groups)


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
