"""Installations, units with their strength, and the staff that comes and goes over the years."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from accounts import services as accounts
from accounts.models import Location, LocationKind, Post, Role, User
from notifications.strength.services import strength_record
from sapr.world.figures import FILES, Figures, source

Step = tuple[datetime, Callable[[], None]]
# Of units and installation: (sex, grade band, people), before each is varied a little.
STRENGTH = (("male", "E1-E4", 60), ("female", "E1-E4", 14), ("male", "E5-E9", 30), ("female", "E5-E9", 7))
# Of each installation: (sex, status, people) without a grade. Who may report Restricted is counted, or nothing is said.
FAMILIES = (
    ("female", "dependent", 240), ("male", "dependent", 60), ("female", "civilian", 110), ("male", "civilian", 150),
)  # fmt: skip
SARCS, VAS = 2, 3
RENEWED_BEFORE = timedelta(days=10)


@dataclass
class Place:
    """One installation with the people who work on its cases."""

    location: Location
    sarcs: list[User] = field(default_factory=list)
    vas: list[User] = field(default_factory=list)
    # The MCIO's post with its agent, the evidence custodians' with one.
    mcio: Post | None = None
    agent: User | None = None
    custody: Post | None = None
    custodian: User | None = None
    unit_posts: list[Post] = field(default_factory=list)


class Names:
    """People by made-up syllables: the same seed gives the same names in the same order."""

    def __init__(self, rng: Random) -> None:
        self.lists: dict[str, Any] = json.loads((FILES / "names.json").read_text(encoding="utf-8"))
        self._rng = rng

    def person(self, sex: str, rng: Random) -> str:
        """A given and a family name; `sex` is the list, `women` or `men`."""
        return f"{rng.choice(self.lists[sex])} {rng.choice(self.lists['family'])}"

    def staff(self, sex: str) -> str:
        """Nobody of the staff is called like a victim: two signatures of one name convert nothing (TR-06)."""
        return f"{self._rng.choice(self.lists[sex])} {self._rng.choice(self.lists['staff'])}"


class Ground:
    """Builds the places at the beginning; `steps` are the comings and goings of staff later on."""

    def __init__(self, count: int, *, seed: int, begin: datetime, until: datetime, figures: Figures) -> None:
        self.begin, self.until, self.figures = begin, until, figures
        self.rng = source(seed, "staff")
        self.names = Names(self.rng)
        self.places: list[Place] = []
        self.managers: list[User] = []
        self._people = 0
        self._later: list[Step] = []
        self._build(count)

    def steps(self) -> Iterator[Step]:
        """What happens to staff after the beginning, in no order."""
        yield from self._later

    def _build(self, count: int) -> None:
        office = self._location(LocationKind.COMMAND, "Programme office of a world that is not", None)
        region = self._location(LocationKind.COMMAND, "Command of a world that is not", office)
        higher = self._post(region, Role.SENIOR_COMMANDER, None)
        self._tours(higher)
        manager = self._post(office, Role.PROGRAMME_MANAGER, None)
        self.managers = [self._appointed(manager, self.begin, None) for _ in range(2)]
        for number in range(count):
            names, round_ = self.names.lists["places"], number // len(self.names.lists["places"])
            name = names[number % len(names)] + (f" {round_ + 1}" if round_ else "")
            self.places.append(self._installation(name, region, higher))

    def _installation(self, name: str, region: Location, higher: Post) -> Place:
        zone = self.rng.choice(self.names.lists["zones"])
        place = Place(self._location(LocationKind.INSTALLATION, name, region, zone))
        commander = self._post(place.location, Role.SENIOR_COMMANDER, higher)
        self._tours(commander)
        place.mcio = self._post(place.location, Role.MCIO, None)
        place.agent = self._appointed(place.mcio, self.begin, None)
        place.custody = self._post(place.location, Role.EVIDENCE_CUSTODIAN, None)
        place.custodian = self._appointed(place.custody, self.begin, None)
        place.sarcs = self._certified(self._post(place.location, Role.SARC, None), SARCS)
        place.vas = self._certified(self._post(place.location, Role.VA, None), VAS)
        for unit_name in self.names.lists["units"]:
            unit = self._location(LocationKind.UNIT, f"{unit_name}, {name}", place.location, zone)
            post = self._post(unit, Role.UNIT_COMMANDER, commander)
            self._tours(post)
            place.unit_posts.append(post)
        self._strength(place)
        return place

    def _location(
        self, kind: LocationKind, name: str, parent: Location | None, zone: str = "UTC"
    ) -> Location:
        return accounts.location_create(
            kind=kind.value, name=name, zone=zone, parent=parent, actor=None, at=self.begin
        )

    def _post(self, location: Location, role: Role, higher: Post | None) -> Post:
        title = f"{role.label}, {location.name}"[:120]
        return accounts.post_create(
            location=location, role=role.value, title=title, next_higher=higher, actor=None, at=self.begin
        )

    def _strength(self, place: Place) -> None:
        """One table for the installation: five parts stand at it, one with each of its units."""
        units = [post.location for post in place.unit_posts]
        strength_record(
            location=place.location,
            valid_from=date(self.begin.year, 1, 1),
            valid_to=date(self.until.year + 1, 12, 31),
            groups=[
                *self._groups(5),
                *((sex, "none", people, "any", status) for sex, status, people in FAMILIES),
            ],
            below=[(unit, *group) for unit in units for group in self._groups(1)],
            actor=None,
            at=self.begin,
        )

    def _groups(self, times: int) -> list[tuple[str, str, int, str, str]]:
        return [
            (sex, band, times * people + self.rng.randrange(20), "active", "member")
            for sex, band, people in STRENGTH
        ]

    def _appointed(self, post: Post, at: datetime, ends_at: datetime | None) -> User:
        self._people += 1
        sex = "women" if self.rng.random() < 0.5 else "men"
        user = accounts.user_create(
            username=f"{post.role.replace('_', '-')}-{self._people:04}",
            display_name=self.names.staff(sex),
            email=f"world-{self._people}@staff.invalid",
            actor=None,
            at=at,
        )
        accounts.appointment_create(user=user, post=post, starts_at=at, ends_at=ends_at, actor=None, at=at)
        return user

    def _tours(self, post: Post) -> None:
        """One commander after the other, so that somebody always holds the post; the first is midway in a tour."""
        length = timedelta(days=self.figures.assumed["commander_days"])
        begin, end = self.begin, self.begin + length * self.rng.uniform(0.2, 1)
        self._appointed(post, begin, end)
        while end <= self.until:
            begin, end = end, end + length
            self._later.append((begin, lambda begin=begin, end=end: self._appointed(post, begin, end)))

    def _certified(self, post: Post, count: int) -> list[User]:
        people = [self._appointed(post, self.begin, None) for _ in range(count)]
        for user in people:
            self._certifications(user)
        return people

    def _certifications(self, user: User) -> None:
        """Renewed in time, again and again; the last one runs on after the world's end."""
        length = timedelta(days=self.figures.assumed["certified_days"])
        begin, end = self.begin, self.begin + length * self.rng.uniform(0.2, 1)
        self._certify(user, begin, end, self.begin)
        while end - RENEWED_BEFORE <= self.until:
            begin, end = end, end + length
            at = begin - RENEWED_BEFORE
            self._later.append((at, lambda b=begin, e=end, at=at: self._certify(user, b, e, at)))

    @staticmethod
    def _certify(user: User, begin: datetime, end: datetime, at: datetime) -> None:
        accounts.certification_record(user=user, starts_at=begin, ends_at=end, actor=None, at=at)
