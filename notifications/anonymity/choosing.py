"""The wording of an addressee for a quarter: the finest for which every class is large enough."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from notifications.anonymity.cells import check
from notifications.anonymity.history import Released, linkable
from notifications.anonymity.pools import pool_of, told
from notifications.anonymity.population import Correlation, Group, Population
from notifications.anonymity.rungs import BLANK, Rung, all_rungs, not_finer
from notifications.anonymity.settings import Settings
from notifications.anonymity.sizes import Class, Sizes, classes
from notifications.anonymity.wording import printed_class


@dataclass(frozen=True, eq=False, slots=True)
class Choice:
    """What an addressee may be told this quarter, and the figures behind it; see the package for each field."""

    rung: Rung
    unit: str
    k: Fraction
    by_prior: Mapping[str, Fraction]
    confirm: bool
    smallest_class: int
    examples_basis: tuple[Group, ...]
    classes: frozenset[Class]


def choose(
    population: Population,
    addressee: str,
    history: Iterable[Released],
    settings: Settings,
    previous: Mapping[str, Rung] | None = None,
    correlations: Collection[Correlation] = (),
) -> Choice:
    """The wording for this addressee in the quarter of this table. Nothing about any case goes in.

    `previous`: Choice.unit -> the wording that stood there last quarter, so that all who are told there agree. First the finest that may be released as it is, then the finest that a SARC must confirm, then MINIMAL. UnknownWord
    for a table with words that the rules do not know.
    """
    check(population, settings)
    unit = told(population, addressee, settings)
    if unit is not None:
        sizes = Sizes(
            population,
            pool_of(population, unit, settings),
            linkable(population, unit, history, settings),
            settings,
            correlations,
        )
        ranked = candidates(population, unit, settings)
        for bar in (settings.send_at_least, settings.confirm_at_least):
            for rung in ranked:
                least = needed(rung, bar, (previous or {}).get(unit), settings)
                if sizes.can_reach(rung, least) and min(sizes.of(rung).values()) >= least:
                    return _choice(population, unit, rung, sizes, settings, correlations)
    return _minimal(population, addressee, settings)


def candidates(population: Population, unit: str, settings: Settings) -> list[Rung]:
    """Every wording that speaks of this unit, the one worth most first; of equals the first by key."""
    level = population.level(unit, settings.ladders["organisation"][:-1])
    return sorted(all_rungs(level, settings.ladders), key=lambda rung: (-settings.worth_of(rung), rung.key))


def needed(rung: Rung, bar: int, previous: Rung | None, settings: Settings) -> Fraction:
    """The size asked of this wording: with room to spare when it is finer in anything than the last quarter's."""
    keeps = previous is None or not_finer(rung, previous, settings.ladders)
    return bar * (Fraction(1) if keeps else settings.room)


def rung_for(choice: Choice, facts: Mapping[str, Any], settings: Settings) -> Rung:
    """The chosen rung, or MINIMAL for a person of whom the table has no like: a class of nobody was never tested.

    What is not known of a person is not said; that leaves more people, so any class that agrees with the rest will do.
    """
    printed = printed_class(choice.rung, facts, settings)
    known = any(
        all(word in (BLANK, own) for word, own in zip(printed, held, strict=True)) for held in choice.classes
    )
    return choice.rung if known else Rung.minimal()


def _choice(
    population: Population,
    unit: str,
    rung: Rung,
    sizes: Sizes,
    settings: Settings,
    correlations: Collection[Correlation],
) -> Choice:
    by_prior = sizes.of(rung)
    held = classes(population, pool_of(population, unit, settings), rung, settings, correlations)
    smallest = min(held.values(), key=_people)
    k = min(by_prior.values())
    return Choice(
        rung=rung,
        unit=unit,
        k=k,
        by_prior=by_prior,
        confirm=k < settings.send_at_least,
        smallest_class=_people(smallest),
        examples_basis=smallest,
        classes=frozenset(held),
    )


def _minimal(population: Population, addressee: str, settings: Settings) -> Choice:
    units = population.under(addressee)
    by_prior = Sizes(population, units, (), settings).of(Rung.minimal())
    everybody = tuple(group for group in population.groups if group.unit in units and group.people)
    return Choice(
        rung=Rung.minimal(),
        unit=addressee,
        k=min(by_prior.values(), default=Fraction(0)),
        by_prior=by_prior,
        confirm=False,
        smallest_class=_people(everybody),
        examples_basis=everybody,
        classes=frozenset(),
    )


def _people(groups: Iterable[Group]) -> int:
    return sum(group.people for group in groups)
