"""From a victim to a placed notice, as the system does it, and years of such notices."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from notifications.anonymity import (
    Choice,
    Released,
    Rung,
    Settings,
    choose_all,
    coarsened,
    words,
)
from notifications.anonymity.trial.people import QUARTERS, Person, Victims, World
from notifications.anonymity.trial.reader import Read, Reader
from reports import policy

ZONE = "America/New_York"
_FIRST = datetime(2026, 1, 5, tzinfo=UTC)
_A_QUARTER = timedelta(days=91)
_MOST = 6


@dataclass(frozen=True, slots=True)
class Incident:
    """Everything of a report that is not the person: what is drawn once, whoever the victim is."""

    quarter: int
    signed_at: datetime
    period: str | None
    place: str | None
    offence: str | None
    approved_after: timedelta
    slot_draw: float
    coarse_draw: float


@dataclass(frozen=True, slots=True)
class Notice:
    """What was placed, and what only this trial knows: who it is about."""

    read: Read
    rung: Rung
    slot: datetime
    delay: timedelta
    confirmed: bool
    victim: Person


def publish(world: World, settings: Settings) -> list[dict[str, Choice]]:
    """The wording of every addressee for every quarter, each made from the tables and the wordings before it."""
    published: list[dict[str, Choice]] = []
    for quarter, population in enumerate(world.populations):
        history = [
            Released(
                addressee,
                choice.unit,
                choice.rung,
                quarter - then,
                world.populations[then],
                world.correlations[then],
            )
            for then in range(max(0, quarter - settings.quarters), quarter)
            for addressee, choice in published[then].items()
        ]
        previous = {each.unit: each.rung for each in published[-1].values()} if published else {}
        published.append(choose_all(population, history, settings, previous, world.correlations[quarter]))
    return published


def place(
    victim: Person, incident: Incident, choices: Mapping[str, Choice], reader: Reader, settings: Settings
) -> Notice:
    """The whole way of one notice: wording by the addressee's rung, release, slot."""
    choice = choices[reader.first_told(victim.unit) or ""]
    facts = {
        "sex": victim.sex,
        "grade": victim.grade,
        "status": victim.status,
        "period": incident.period,
        "place": incident.place,
        "offence": incident.offence,
    }
    rung = coarsened(choice.rung, incident.coarse_draw, settings)
    last = policy.last_slot(incident.signed_at, ZONE)
    approved = min(incident.signed_at + incident.approved_after, last - timedelta(minutes=1))
    slots = policy.slots_after(approved, last, ZONE)
    slot = slots[int(incident.slot_draw * len(slots))]
    read = Read(incident.quarter, choice.unit, words(rung, facts, settings))
    return Notice(read, rung, slot, slot - incident.signed_at, choice.confirm, victim)


class Course:
    """Draws years of up to six notices in one world, around one unit; in half of them all are about one person."""

    def __init__(self, world: World, settings: Settings, dice: random.Random) -> None:
        self.settings, self.dice, self.world = settings, dice, world
        self.choices = publish(world, settings)
        self.reader = Reader(world, self.choices, settings)
        self._all = [Victims(people, settings) for people in world.people]
        leaves = sorted(unit for unit in world.parents if unit.startswith("unit"))
        self._by_unit: list[dict[str, list[Person]]] = [defaultdict(list) for _ in world.people]
        for quarter, people in enumerate(world.people):
            for each in people:
                self._by_unit[quarter][each.unit].append(each)
        self._of_unit = {unit: [Victims(held[unit], settings) for held in self._by_unit] for unit in leaves}
        self._members: dict[int, list[int]] = {}
        self._by_number = [{each.number: each for each in people} for people in world.people]

    def years(self) -> Iterator[list[tuple[Notice, Incident]]]:
        """One year of notices after the other, without end."""
        while True:
            unit = self.dice.choice(sorted(self._of_unit))
            first = self.dice.randrange(QUARTERS - 1)
            last = min(first + self.settings.quarters, QUARTERS - 1)
            quarters = sorted(self.dice.randint(first, last) for _ in range(self.dice.randint(1, _MOST)))
            same = self._victim(unit, quarters[-1]) if self.dice.random() < 0.5 else None
            year = []
            for quarter in quarters:
                victim = self._by_number[quarter].get(same.number) if same else self._victim(unit, quarter)
                if victim is not None:
                    incident = self._incident(quarter, victim)
                    notice = place(victim, incident, self.choices[quarter], self.reader, self.settings)
                    year.append((notice, incident))
            yield year

    def of_unit(self, unit: str, quarter: int) -> list[Person]:
        """The people of one unit itself."""
        return self._by_unit[quarter][unit]

    def anybody(self, quarter: int) -> Person:
        return self.dice.choice(self.world.people[quarter])

    def another(self, notice: Notice) -> Person:
        """Anybody whom the notice can mean, there or not; the victim where they are alone."""
        fits = self.reader.fits(notice.read)
        if fits not in self._members:
            self._members[fits] = _numbers(fits)
        return self._by_number[notice.read.quarter][self.dice.choice(self._members[fits])]

    def outsider(self, notice: Notice) -> Person:
        """Somebody of the victim's unit whom no table counts, of any sort that may report."""
        status = self.dice.choice(self.settings.reporting)
        grades = [grade for grade in self.settings.band_of if (grade != "none") == (status == "member")]
        sex = self.dice.choice(self.settings.sexes)
        return Person(-1, notice.victim.unit, sex, self.dice.choice(grades), status)

    def _victim(self, unit: str, quarter: int) -> Person:
        """Mostly somebody of the unit, else anybody."""
        near = self._of_unit[unit][quarter]
        return (near if near.people and self.dice.random() < 0.7 else self._all[quarter]).draw(self.dice)

    def _incident(self, quarter: int, victim: Person) -> Incident:
        dice = self.dice
        place = dice.choice(("on_installation", "off_installation", None))
        if place and not self.reader.implied(quarter, place, with_sex=True) >> victim.number & 1:
            place = "off_installation" if place == "on_installation" else "on_installation"
        return Incident(
            quarter=quarter,
            signed_at=_FIRST + quarter * _A_QUARTER + timedelta(minutes=dice.randrange(90 * 24 * 60)),
            period=dice.choice(("week", "week", "month", "quarter", "earlier", None)),
            place=place,
            offence=dice.choice(("penetrative", "contact", "contact", None)),
            approved_after=timedelta(minutes=round(dice.lognormvariate(4.8, 1.0))),
            slot_draw=dice.random(),
            coarse_draw=dice.random(),
        )


def _numbers(bits: int) -> list[int]:
    """The numbers of the people that a set of bits holds."""
    return [place for place, sign in enumerate(reversed(f"{bits:b}")) if sign == "1"]


def settings_of_the_trial() -> Settings:
    """The settings of the first day that the invented notices lie on."""
    return Settings.of(date(2026, 1, 5))


def swapped(notice: Notice, incident: Incident, other: Any, course: Course) -> Notice:
    """The notice that there would have been, had it happened to somebody else."""
    return place(other, incident, course.choices[incident.quarter], course.reader, course.settings)
