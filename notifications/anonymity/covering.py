"""Whether a wording fits everybody who may report, be they in the table or not.

Who is not among those counted would get other words than everybody else, and these would point at them. So a wording
stands only where all that it can print of anybody is a class of the table, and nothing more than MINIMAL is said where
a status of those who may report was not counted at all: how many they are, nobody knows.
"""

from collections.abc import Collection
from functools import lru_cache

from notifications.anonymity.cells import NO_GRADE, PRINTED, Cell, said
from notifications.anonymity.population import Population
from notifications.anonymity.rungs import Rung
from notifications.anonymity.settings import Settings
from notifications.anonymity.sizes import Class


def uncounted(population: Population, units: Collection[str], settings: Settings) -> tuple[str, ...]:
    """The statuses of those who may report that no row of these units counts; a row of 0 people does."""
    counted = {group.status for group in population.groups if group.unit in units}
    return tuple(status for status in settings.reporting if status not in counted)


def covers(held: Collection[Class], rung: Rung, settings: Settings) -> bool:
    """Whether these classes are all that the words of the rung can print of anybody who may report."""
    return printable(rung, settings) <= set(held)


@lru_cache(maxsize=128)
def printable(rung: Rung, settings: Settings) -> frozenset[Class]:
    """Every class that the rung can print of somebody of whom all is known."""
    bands = set(settings.band_of.values())
    people = [
        Cell("", sex, band, status, junior=False)
        for sex in settings.sexes
        for status in settings.reporting
        for band in (bands - {NO_GRADE} if status == "member" else {NO_GRADE})
    ]
    places = ("", *PRINTED[rung.place])
    return frozenset((*said(each, rung, settings), place) for each in people for place in places)
