"""Who fits the words: what a reader with the strength table can work out, for “who could guess”."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from notifications.anonymity.history import Released
from notifications.anonymity.pools import direct, pool_of
from notifications.anonymity.population import Correlation, Group, Population
from notifications.anonymity.rungs import BLANK, Rung
from notifications.anonymity.settings import Settings
from notifications.anonymity.sizes import classes
from notifications.anonymity.wording import printed_class


def consistent(
    population: Population,
    unit: str,
    rung: Rung,
    facts: Mapping[str, Any],
    settings: Settings,
    history: Iterable[tuple[Released, Mapping[str, Any]]] = (),
    correlations: Collection[Correlation] = (),
) -> tuple[Group, ...]:
    """The groups of the present table that fit these words at Choice.unit and all the earlier ones.

    `history`: earlier wordings, each with the facts that it said. Whoever of a group came later cannot be told from
    a table, so a group that had nobody then is left out and any other stays whole. `correlations`: of today.
    """
    fitting = _fitting(population, unit, rung, facts, settings, correlations)
    for then, said in history:
        earlier = _fitting(then.population, then.unit, then.rung, said, settings, then.correlations)
        before = {_like(group) for group in earlier}
        fitting = tuple(group for group in fitting if _like(group) in before)
    return fitting


def _fitting(
    population: Population,
    unit: str,
    rung: Rung,
    facts: Mapping[str, Any],
    settings: Settings,
    correlations: Collection[Correlation],
) -> tuple[Group, ...]:
    units = direct(population)[unit] if rung.is_minimal else pool_of(population, unit, settings)
    wanted = printed_class(rung, facts, settings)
    held = classes(population, units, rung, settings, correlations)
    return tuple(
        dict.fromkeys(
            group
            for key, groups in held.items()
            if all(word in (BLANK, own) for word, own in zip(wanted, key, strict=True))
            for group in groups
        )
    )


def _like(group: Group) -> tuple[str, str, str, str]:
    return (group.unit, group.sex, group.grade, group.status)
