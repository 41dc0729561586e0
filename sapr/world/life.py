"""One case of the world, from its first contact on: what is decided about it beforehand, and what it is asked at."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.models import User
from reports.casework.matters.models import Matter
from reports.election.models import Case
from reports.recording import record
from sapr.world.figures import Figures, source
from sapr.world.places import Names, Place

# What is done to a life at an instant.
Act = Callable[["Life", datetime], None]
Step = tuple[datetime, Act]


@dataclass
class Life:
    """A case. `end`: `report`, `leaves` (without a signature), `open` (nothing signed yet), `inquiry`, or `limited`.

    `informed_at`: when it was opened with limited information, of cases that began so. `place` is where it began; a
    move changes `sarc`, `va` and `zone`.

    Chance is asked by name (`chance`, `between`): each name draws from a source of its own, made of seed, number and
    name, so that a step that is added later changes nothing about the others.
    """

    number: int
    seed: int
    places: list[Place]
    contact_at: datetime
    end: str
    figures: Figures
    names: Names
    informed_at: datetime | None = None
    case: Case | None = None
    form: str = ""
    kit: str = ""
    # Of the kit: its card, the hand-off that was begun last, and whether the evidence custodian has it.
    card: UUID | None = None
    hop: UUID | None = None
    stored: bool = False
    subjects: list[Matter] = field(default_factory=list)
    actions: list[Matter] = field(default_factory=list)
    order: Matter | None = None
    retaliation: Matter | None = None
    # The offer of the case to another installation that was made last.
    offer: UUID | None = None
    known_duties: set[UUID] = field(default_factory=set)
    # Kinds of event that were due and that no step of this world makes.
    undone: Counter[str] = field(default_factory=Counter)

    def rng(self, what: str) -> Random:
        return source(self.seed, self.number, what)

    def chance(self, what: str, share: float) -> bool:
        return self.rng(what).random() < share

    def between(self, what: str, first: timedelta, last: timedelta) -> timedelta:
        """A span of whole minutes."""
        minutes = self.rng(what).uniform(first / timedelta(minutes=1), last / timedelta(minutes=1))
        return timedelta(minutes=round(minutes))

    def recorded(self, kind: str, at: datetime, *, about: UUID | None = None, **details: str) -> None:
        """One step of care or counsel by the SARC: what `step_record` does once it is decided that it may be taken.

        The viewer is the SARC already. That decision is about half of what a step costs, and here it is known.
        """
        record(case=self.case, kind=kind, actor=self.sarc, at=at, data=details, about=about)

    def look_again(self) -> None:
        """Read the case anew after a step that changed its report. The viewer is the SARC already."""
        self.case = Case.objects.select_related("report", "installation").get(pk=self.case.pk)

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.place.location.zone)

    @cached_property
    def place(self) -> Place:
        return self.rng("place").choice(self.places)

    @cached_property
    def sarc(self) -> User:
        return self.rng("sarc").choice(self.place.sarcs)

    @cached_property
    def va(self) -> User:
        return self.rng("va").choice(self.place.vas)

    @cached_property
    def opener(self) -> User:
        """Who opens the contact and signs with the victim."""
        return self.va if self.chance("found_by_va", self.figures.assumed["found_by_va"]) else self.sarc

    @cached_property
    def sex(self) -> str:
        return "women" if self.chance("sex", self.figures.shares["women"]) else "men"

    @cached_property
    def victim(self) -> str:
        return self.names.person(self.sex, self.rng("name"))

    @cached_property
    def election(self) -> str:
        restricted = self.chance("election", self.figures.shares["initial_restricted"])
        return "restricted" if restricted else "unrestricted"

    @cached_property
    def converts(self) -> bool:
        return self.election == "restricted" and self.chance("conversion", self.figures.shares["converted"])

    @cached_property
    def civilian(self) -> bool:
        """Civilian employees may report Unrestricted only, so their whole share falls on those reports."""
        share = self.figures.shares["civilian_victim"] / (1 - self.figures.shares["initial_restricted"])
        return self.election == "unrestricted" and self.chance("civilian", share)

    @cached_property
    def signed_at(self) -> datetime:
        return self.contact_at + self.between("signature", timedelta(hours=1), timedelta(hours=5))

    @cached_property
    def unrestricted_at(self) -> datetime | None:
        """When the report is Unrestricted: from its signature, from its conversion, or not at all."""
        if self.election == "unrestricted":
            return self.signed_at
        if not self.converts:
            return None
        first, last = self.figures.assumed["conversion_days"]
        return self.signed_at + self.between("converted", timedelta(days=first), timedelta(days=last))

    @cached_property
    def has_kit(self) -> bool:
        return self.chance("kit", self.figures.assumed["kit"])

    @property
    def sealed_kit(self) -> bool:
        """Of some that have a number none was packed; of those that convert, every one was."""
        packed = self.converts or self.chance("kit/sealed", self.figures.assumed["kit_sealed"])
        return self.end == "report" and self.has_kit and packed

    @property
    def unrestricted(self) -> bool:
        return self.end == "report" and self.unrestricted_at is not None

    @cached_property
    def final_at(self) -> datetime:
        """When the final disposition of an Unrestricted report is decided."""
        first, last = self.figures.assumed["disposition_days"]
        return self.unrestricted_at + self.between("disposition", timedelta(days=first), timedelta(days=last))
