"""The wording of an addressee for a quarter: the finest for which every class is large enough."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from notifications.anonymity.cells import check
from notifications.anonymity.covering import covers, uncounted
from notifications.anonymity.history import Released, linkable
from notifications.anonymity.pools import pool_of, told
from notifications.anonymity.population import Correlation, Group, Population
from notifications.anonymity.rungs import ATTRIBUTES, Rung, all_rungs, not_finer
from notifications.anonymity.settings import Settings
from notifications.anonymity.sizes import Class, Sizes, classes


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

    `previous`: Choice.unit -> the wording that stood there last quarter, so that all who are told there agree.
    First the finest that may be released as it is, then the finest that a SARC must confirm, then MINIMAL.
    MINIMAL where a status of those who may report is not counted. UnknownWord for a table with words that the rules do
    not know.
    """
    return choose_all(population, history, settings, previous, correlations, addressees=(addressee,))[
        addressee
    ]


def choose_all(
    population: Population,
    history: Iterable[Released],
    settings: Settings,
    previous: Mapping[str, Rung] | None = None,
    correlations: Collection[Correlation] = (),
    addressees: Collection[str] | None = None,
) -> dict[str, Choice]:
    """The same for every addressee of the tree (or those named), those told at one unit worked out once."""
    check(population, settings)
    history = tuple(history)
    at_unit: dict[str, Choice | None] = {}
    found = {}
    for addressee in sorted(population.addressees if addressees is None else addressees):
        unit = told(population, addressee, settings)
        if unit is not None and unit not in at_unit:
            before = (previous or {}).get(unit)
            at_unit[unit] = _finest(population, unit, history, settings, before, correlations)
        found[addressee] = (unit and at_unit[unit]) or _minimal(population, addressee, settings)
    return found


def _finest(
    population: Population,
    unit: str,
    history: tuple[Released, ...],
    settings: Settings,
    before: Rung | None,
    correlations: Collection[Correlation],
) -> Choice | None:
    pool = pool_of(population, unit, settings)
    held = linkable(population, unit, history, settings)
    if uncounted(population, pool, settings):
        return None
    sizes = Sizes(population, pool, held, settings, correlations)
    ranked = candidates(population, unit, settings)
    fitting: dict[Rung, bool] = {}

    def fits_anybody(rung: Rung) -> bool:
        bare = Rung(sex=rung.sex, grade=rung.grade, status=rung.status, place=rung.place)
        if bare not in fitting:
            fitting[bare] = covers(classes(population, pool, bare, settings, correlations), bare, settings)
        return fitting[bare]

    def passes(rung: Rung, bar: int) -> bool:
        least = needed(rung, bar, before, settings)
        return fits_anybody(rung) and sizes.can_reach(rung, least) and min(sizes.of(rung).values()) >= least

    for bar in (settings.send_at_least, settings.confirm_at_least):
        # What is too fine by itself is too fine with anything else: a coarser wording never has a smaller class.
        alone = {
            (name, level): replace(Rung(organisation=ranked[0].organisation), **{name: level})
            for name, ladder in settings.ladders.items()
            if name != "organisation"
            for level in ladder
        }
        ruled_out = {said for said, rung in alone.items() if not passes(rung, bar)}
        for rung in ranked:
            if not any((name, getattr(rung, name)) in ruled_out for name in ATTRIBUTES) and passes(rung, bar):
                return _choice(population, unit, rung, sizes, settings, correlations)
    return None


def candidates(population: Population, unit: str, settings: Settings) -> tuple[Rung, ...]:
    """Every wording that speaks of this unit, the one worth most first; of equals the first by key."""
    return _ranked(population.level(unit, settings.ladders["organisation"][:-1]), settings)


@lru_cache
def _ranked(level: str, settings: Settings) -> tuple[Rung, ...]:
    return tuple(
        sorted(all_rungs(level, settings.ladders), key=lambda rung: (-settings.worth_of(rung), rung.key))
    )


def needed(rung: Rung, bar: int, previous: Rung | None, settings: Settings) -> Fraction:
    """The size asked of this wording: with room to spare when it is finer in anything than the last quarter's."""
    keeps = previous is None or not_finer(rung, previous, settings.ladders)
    return bar * (Fraction(1) if keeps else settings.room)


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
