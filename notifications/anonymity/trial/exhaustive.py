"""The finest wording of a small unit by trying all, with figures worked out the long way round."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from math import prod

from notifications.anonymity import Choice, Correlation, Group, Population, Rung, Settings
from notifications.anonymity.rungs import all_rungs, not_finer
from notifications.anonymity.settings import Prior

_PLACES = {"on_off": ("on_installation", "off_installation"), "installation": ("installation",), "blank": ()}


def agrees(
    choice: Choice,
    population: Population,
    units: Collection[str],
    level: str,
    settings: Settings,
    correlations: Collection[Correlation] = (),
) -> bool:
    """Whether the choice made without history is the finest that passes, and of those the one worth most."""
    rows = [group for group in population.groups if group.unit in units]
    here = [group for group in rows if group.people]
    if not here or {group.status for group in rows} < set(settings.reporting):
        return choice.rung.is_minimal
    likely = {
        prior: _likely(here, prior, settings)
        for prior in (*settings.victim_priors, *settings.offender_priors)
    }
    sizes = {
        rung: _smallest(population, here, rung, likely, settings, correlations)
        for rung in all_rungs(level, settings.ladders)
        if _fits_anybody(population, here, rung, settings, correlations)
    }
    for bar in (settings.send_at_least, settings.confirm_at_least):
        passing = [rung for rung, size in sizes.items() if size >= bar]
        if passing:
            chosen = choice.rung
            finer = any(rung != chosen and not_finer(chosen, rung, settings.ladders) for rung in passing)
            worth = max(map(settings.worth_of, passing))
            return (
                chosen in passing
                and not finer
                and settings.worth_of(chosen) == worth
                and choice.k == sizes[chosen]
            )
    return choice.rung.is_minimal


def _fits_anybody(
    population: Population,
    here: list[Group],
    rung: Rung,
    settings: Settings,
    correlations: Collection[Correlation],
) -> bool:
    """Whether somebody of the table is told of in the same words, whoever may report and wherever it was."""
    anybody = {
        _words(Group("", sex, grade, "", status, 1), rung, settings)
        for sex in settings.sexes
        for status in settings.reporting
        for grade in settings.band_of
        if (grade != "none") == (status == "member")
    }
    for of_units, of_sex in _hints(population, rung, correlations):
        told = [
            group
            for group in here
            if (of_units is None or group.unit in of_units) and of_sex in (None, group.sex)
        ]
        if not anybody <= {_words(group, rung, settings) for group in told}:
            return False
    return True


def _smallest(
    population: Population,
    here: list[Group],
    rung: Rung,
    likely: Mapping[Prior, Mapping[Group, Fraction]],
    settings: Settings,
    correlations: Collection[Correlation],
) -> Fraction:
    """The smallest effective size of victim, offender and pair, straight from the groups."""
    surely = settings.present_by_period[rung.period] * (1 - settings.replaced * settings.quarters)
    worst = Fraction(10**9)
    for of_units, of_sex in _hints(population, rung, correlations):
        victims: dict[tuple, list[Group]] = defaultdict(list)
        for group in here:
            if (of_units is None or group.unit in of_units) and of_sex in (None, group.sex):
                victims[_words(group, rung, settings)].append(group)
        offenders = [group for group in here if of_units is None or group.unit in of_units]
        for members in victims.values():
            for prior in settings.victim_priors:
                if prior.when_stated and getattr(rung, prior.when_stated) == "blank":
                    continue
                for other in settings.offender_priors:
                    sizes = _sizes(
                        members, offenders, likely[prior], likely[other], population, surely, settings
                    )
                    worst = min(worst, *sizes)
    return worst


def _sizes(
    members: list[Group],
    offenders: list[Group],
    of_victim: Mapping[Group, Fraction],
    of_offender: Mapping[Group, Fraction],
    population: Population,
    surely: Fraction,
    settings: Settings,
) -> Iterator[Fraction]:
    def there(group: Group) -> Fraction:
        return group.people * surely * population.present.get(group.unit, settings.present)

    low = sum(there(each) * of_victim[each] for each in members)
    yield low / max(of_victim[each] for each in members)
    yield sum(there(each) * of_offender[each] for each in offenders) / max(of_offender[g] for g in offenders)
    for unit in {each.unit for each in members}:
        own = [each for each in members if each.unit == unit]
        books = sum(each.people * of_victim[each] for each in own)
        low_elsewhere = low - sum(there(each) * of_victim[each] for each in own)
        around = [each for each in offenders if each.unit == unit]
        one = max(of_offender[each] for each in around) / sum(
            there(each) * of_offender[each] for each in around
        )
        one = min(one, Fraction(1))
        yield 1 / (books / (books + low_elsewhere) * one)
        yield low / (max(of_victim[each] for each in own) * one)


def _likely(here: list[Group], prior: Prior, settings: Settings) -> dict[Group, Fraction]:
    if prior.women is None or prior.junior is None:
        return dict.fromkeys(here, Fraction(1))
    found = {}
    for group in here:
        alike = [each for each in here if each.sex == group.sex]
        junior = group.grade in settings.junior
        mixed = len({each.grade in settings.junior for each in alike}) == 2
        share = prior.women if group.sex == "female" else 1 - prior.women
        of_grade = (prior.junior if junior else 1 - prior.junior) if mixed else Fraction(1)
        number = sum(each.people for each in alike if (each.grade in settings.junior) == junior)
        found[group] = prod((share, of_grade, Fraction(1, number)))
    return found


def _words(group: Group, rung: Rung, settings: Settings) -> tuple:
    band = settings.band_of[group.grade]
    grade = {"band": band, "class": settings.class_of[band], "member": band == "no_grade", "blank": None}
    return (
        group.sex if rung.sex == "stated" else None,
        grade[rung.grade],
        group.status if rung.status == "stated" else None,
    )


def _hints(
    population: Population, rung: Rung, correlations: Collection[Correlation]
) -> Iterator[tuple[frozenset[str] | None, str | None]]:
    yield None, None
    for place in _PLACES[rung.place]:
        for each in correlations:
            if each.place == place:
                unit = each.implies.get("unit")
                yield (population.under(unit) if unit else None), each.implies.get("sex")
