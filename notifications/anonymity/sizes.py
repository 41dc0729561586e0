"""How small the smallest class is that a wording points at, in any reader's eyes and with what they hold already."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

from notifications.anonymity.cells import (
    NOTHING,
    Cell,
    Hint,
    cell_of,
    cells_of,
    hints,
    said,
    weights,
)
from notifications.anonymity.history import Released
from notifications.anonymity.offenders import Offenders
from notifications.anonymity.population import Correlation, Group, Population
from notifications.anonymity.rungs import BLANK, Rung, join
from notifications.anonymity.settings import Settings
from notifications.anonymity.views import Member, View, given_away, views
from notifications.anonymity.wording import said_of

Class = tuple[str, str, str, str]  # sex, grade, status and place, as the wording prints them


def k_eff(members: Iterable[tuple[Fraction, Fraction]]) -> Fraction:
    """The effective size of a class of (people, how likely one of them is): min(exp(entropy), 1/max p).

    Entropy is never below min-entropy, so that is 1/max p, and exact. 0 for a class of whom nobody is surely there.
    """
    held = tuple(members)
    likeliest = max((likely for _, likely in held), default=Fraction(0))
    return (
        sum((people * likely for people, likely in held), Fraction(0)) / likeliest
        if likeliest
        else Fraction(0)
    )


def classes(
    population: Population,
    units: Collection[str],
    rung: Rung,
    settings: Settings,
    correlations: Collection[Correlation] = (),
) -> dict[Class, tuple[Group, ...]]:
    """Everything this wording can print of these units' people, each with all whom it can mean.

    `place` is empty for a notice that names none, which may happen at any rung.
    """
    found: dict[Class, list[Group]] = defaultdict(list)
    places = {"": NOTHING} | hints(population, rung.place, correlations)
    for group in population.groups:
        if group.unit in units and group.people:
            cell = cell_of(group, settings)
            for place, hint in places.items():
                if hint.fits(cell):
                    found[(*said(cell, rung, settings), place)].append(group)
    return {key: tuple(groups) for key, groups in found.items()}


class Sizes:
    """The effective sizes of every wording for one pool of people, worked out once each."""

    def __init__(
        self,
        population: Population,
        units: Collection[str],
        held: tuple[Released, ...],
        settings: Settings,
        correlations: Collection[Correlation] = (),
        person: Mapping[str, Any] | None = None,
    ) -> None:
        """`person`: the facts of one victim; then only the classes count that wordings about them can point at."""
        self._population, self._settings, self._correlations = population, settings, correlations
        self._person = person
        here = cells_of((group for group in population.groups if group.unit in units), settings)
        self._here = here
        self._weights = {prior: weights(here, prior) for prior in settings.victim_priors}
        self._views = views(population, here, held, settings)
        self._offenders = Offenders(here, settings)
        self._classes: dict[tuple, list[list[Member]]] = {}
        self._victims: dict[tuple, dict[str, Fraction]] = {}
        self._alleged: dict[tuple, dict[str, Fraction]] = {}
        self._held: dict[Rung, list[tuple[View, Rung, Fraction, Hint]]] = {}

    def of(self, rung: Rung) -> dict[str, Fraction]:
        """The smallest effective size by person and prior; empty where there is nobody."""
        found: dict[str, Fraction] = {}
        for case in self._cases(rung):
            _keep_smallest(found, self._victims_of(*case))
            _keep_smallest(found, self._offenders_of(*case))
        return found

    def can_reach(self, rung: Rung, least: Fraction) -> bool:
        """Whether every class of victims alone is that large: a quick look before `of`."""
        return all(
            size >= least
            for view, known, there, hint in self._cases(rung)
            for size in self._victims_of(view, known, there, hint).values()
        )

    def _cases(self, rung: Rung) -> list[tuple[View, Rung, Fraction, Hint]]:
        """Each thing a reader may hold: a view, what is known there, the share of people present, a hint."""
        if rung not in self._held:
            self._held[rung] = []
            for view in self._views:
                known = join((rung, *view.rungs), self._settings.ladders)
                there = self._settings.present_by_period[known.period]
                for hint in self._hints(rung, view):
                    self._held[rung].append((view, known, there, hint))
        return self._held[rung]

    def _hints(self, rung: Rung, view: View) -> frozenset[Hint]:
        """Every combination of one printed place, or none, from each of the wordings, as it was when each stood."""
        found: set[Hint] = {NOTHING}
        for given in (given_away(self._population, rung, self._correlations), *view.places):
            found = {both for one, other in product(found, given) if (both := one.both(other)) is not None}
        return frozenset(found)

    def _classes_of(self, view: View, known: Rung, hint: Hint) -> list[list[Member]]:
        key = (view.number, known.sex, known.grade, known.status, hint)
        if key not in self._classes:
            alike: dict[tuple, list[Cell]] = defaultdict(list)
            for cell in view.cells:
                if hint.fits(cell) and self._may_be(spoken := said(cell, known, self._settings), known):
                    alike[spoken].append(cell)
            found = [
                [
                    Member(unit, kind, low, sum(self._here[cell] for cell in cells))
                    for (unit, kind), (low, cells) in view.by_kind(each).items()
                ]
                for each in alike.values()
            ]
            self._classes[key] = [members for members in found if members]
        return self._classes[key]

    def _may_be(self, spoken: tuple[str, str, str], known: Rung) -> bool:
        """Whether people of whom that is said are of the person's class; what is not known of them excludes nobody."""
        if self._person is None:
            return True
        own = said_of(known, self._person, self._settings)
        words = (own["sex"], own["grade"], own["status"])
        return all(word in (BLANK, held) for word, held in zip(words, spoken, strict=True))

    def _victims_of(self, view: View, known: Rung, there: Fraction, hint: Hint) -> dict[str, Fraction]:
        key = (view.number, known.sex, known.grade, known.status, known.offence, hint)
        if key not in self._victims:
            sizes: dict[str, Fraction] = {}
            for prior in self._settings.victim_priors:
                if prior.counts_for(known):
                    likely = self._weights[prior]
                    for members in self._classes_of(view, known, hint):
                        size = k_eff((each.low, likely[each.kind]) for each in members)
                        _keep_smallest(sizes, {f"victim:{prior.name}": size})
            self._victims[key] = sizes
        return {name: size * there for name, size in self._victims[key].items()}

    def _offenders_of(self, view: View, known: Rung, there: Fraction, hint: Hint) -> dict[str, Fraction]:
        key = (view.number, known.sex, known.grade, known.status, known.offence, there, hint)
        if key not in self._alleged:
            sizes = self._offenders.of(view, hint, there)
            for members in self._classes_of(view, known, hint):
                for prior in self._settings.victim_priors:
                    if prior.counts_for(known):
                        likely = self._weights[prior]
                        both = self._offenders.with_victims(view, hint, there, members, likely, prior.name)
                        _keep_smallest(sizes, both)
            self._alleged[key] = sizes
        return self._alleged[key]


def _keep_smallest(found: dict[str, Fraction], sizes: Mapping[str, Fraction]) -> None:
    for name, size in sizes.items():
        found[name] = min(found.get(name, size), size)
