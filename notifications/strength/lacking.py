"""Who may report and is not counted: said where a table is read, and where what it allows is shown."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from notifications.anonymity import Settings, uncounted
from notifications.anonymity.pools import pool_of
from notifications.strength.models import Status, Strength
from notifications.strength.population import population_of
from notifications.strength.tables import Said, Tree
from notifications.strength.text import StrengthFile


class Lack(NamedTuple):
    """Statuses that a file does not count at an addressee's place, from the first day of a period on."""

    place: str
    since: date
    statuses: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return f"{self.place}, from {self.since.isoformat()}: {cost(self.statuses)}"


def cost(statuses: Iterable[str]) -> str:
    """What it costs that these statuses are not counted, in a sentence."""
    plural = [f"{Status(each).label.lower()}s" for each in statuses]
    return (
        f"{' and '.join(plural)} are not counted, so everybody gets MINIMAL until they are. "
        "Where there are none, count 0."
    )


def lacking_in(found: StrengthFile, place: UUID) -> list[Lack]:
    """What a file that speaks for a place leaves out, by each period and each addressee there and below."""
    tree, lacks = Tree(named=True), []
    for day in sorted({line.valid_from for line in found.people}):
        settings = Settings.of(day)
        rows = [
            Strength(
                location_id=line.place, sex=line.sex, grade_band=line.grade_band, component=line.component,
                status=line.status, people=line.people,
            )
            for line in found.people
            if line.valid_from <= day <= line.valid_to
        ]  # fmt: skip
        population = population_of(Said(rows, [], [], {}), tree, place)
        told_of = {group.unit for group in population.groups}
        for addressee in sorted(population.addressees):
            pool = pool_of(population, addressee, settings)
            missing = uncounted(population, pool, settings) if pool & told_of else ()
            if missing:
                lacks.append(Lack(tree.places[UUID(addressee)].name, day, missing))
    return lacks
