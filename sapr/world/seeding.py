"""Making the world: every step of every life and of the staff, one after the other, at its own instant.

All steps go through the services, under a clock that stands at the step's instant, so nothing is back-dated and every
trigger holds. What happened then stands in the ledger; nobody is told of it now (`sapr.world.history`).
"""

import heapq
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from accounts.models import User
from reports.ledger.services import append_system
from sapr import clock, standing
from sapr.demo import ground
from sapr.errors import DomainError
from sapr.models import Kind
from sapr.world import duties, history, meetings, pace, unreported
from sapr.world.figures import Figures, source, spread
from sapr.world.life import Life
from sapr.world.lives import LIFE
from sapr.world.places import Ground

YEAR = timedelta(days=365.25)
# The last signature lies so long before now that every notice of it is past.
QUIET = timedelta(days=4)
# Before the first contact: everybody is appointed by then.
SETTLING = timedelta(hours=1)
BATCH = 50
LARGEST, LONGEST = 200_000, 20
Progress = Callable[[int, int, datetime], None]


@dataclass(frozen=True)
class Wanted:
    """What was asked for. The same wish gives the same facts; ids, case numbers and ciphertexts are new each time."""

    reports: int
    years: int
    seed: int

    def check(self) -> None:
        """Refuse a world of no size, or of one that nobody meant."""
        if not 1 <= self.reports <= LARGEST:
            raise DomainError("bad_size", f"Ask for 1 to {LARGEST} reports.", path="reports")
        if not 1 <= self.years <= LONGEST:
            raise DomainError("bad_size", f"Ask for 1 to {LONGEST} years.", path="years")


def planned(wanted: Wanted, begin: datetime, until: datetime, ground: Ground) -> Iterator[Life]:
    """Every case as it is decided beforehand: reports, contacts that end unsigned, those still open, and cases that are
    no report."""
    figures = ground.figures
    first, last = begin + SETTLING, until - QUIET
    rng = source(wanted.seed, "contacts")
    leaving = round(wanted.reports * figures.assumed["leaves_unsigned"])
    waiting = max(1, round(wanted.reports * figures.assumed["still_open"]))
    contacts = [(at, "report") for at in spread(wanted.reports, first, last, figures, rng)]
    contacts += [(at, "leaves") for at in spread(leaving, first, last, figures, rng)]
    contacts += [(until - timedelta(hours=rng.uniform(1, 40)), "open") for _ in range(waiting)]
    # Last, so that the others keep their numbers, and with them their chances.
    contacts += unreported.beginnings(wanted.reports, first, last, figures, wanted.seed)
    for number, (at, end) in enumerate(contacts):
        life = Life(number, wanted.seed, ground.places, at, end, figures, ground.names)
        life.informed_at = unreported.informed_at(life, first)
        yield life


class World:
    """One making. `lives` and `ground` can be read afterwards."""

    def __init__(self, wanted: Wanted, until: datetime, progress: Progress) -> None:
        self.wanted, self.until, self._progress = wanted, until, progress
        self.begin = until - wanted.years * YEAR
        self.figures, self.kind = Figures(), clock.kind()
        self.signed = 0
        self.lives: list[Life] = []
        self._of_case: dict[UUID, Life] = {}
        self._order = 0
        self._viewer: User | None = None
        self._steps: list[tuple[datetime, int, Life | None, Callable[..., Any]]] = []

    def make(self) -> None:
        """Everything, from the beginning until now; the clock is at the beginning."""
        yearly = self.wanted.reports / self.wanted.years / self.figures.assumed["reports_per_installation"]
        self.ground = Ground(
            max(2, round(yearly)),
            seed=self.wanted.seed,
            begin=clock.now(),
            until=self.until,
            figures=self.figures,
        )
        for at, act in self.ground.steps():
            self._add(at, None, act)
        for at, meets in meetings.steps(
            self.ground.places, self.begin + SETTLING, self.until, self.wanted.seed
        ):
            self._add(at, None, partial(self._reviewed, meets, at))
        self.live(planned(self.wanted, self.begin, self.until, self.ground))

    def live(self, lives: Iterable[Life]) -> None:
        """Every step of these lives, and whatever else waits, until the world's end."""
        self.lives += lives
        for life in self.lives:
            for at, act in sorted((step for part in LIFE for step in part(life)), key=lambda step: step[0]):
                self._add(at, life, act)
        with history.kept(), standing.by_one_writer(self.kind) as self._stand, pace.quick_connection():
            self._run()

    def _add(self, at: datetime, life: Life | None, act: Callable[..., Any]) -> None:
        if at <= self.until:
            self._order += 1
            heapq.heappush(self._steps, (at, self._order, life, act))

    def _run(self) -> None:
        counted = 0
        while self._steps:
            if self.signed >= 2 * counted:
                # Plans made for empty tables would read whole ones ever after.
                ground.count_rows()
                counted = max(5, self.signed)
            self._viewer = None
            with transaction.atomic(), transaction.atomic(using="keys"):
                for _ in range(min(BATCH, len(self._steps))):
                    self._do(*heapq.heappop(self._steps))

    def _stand_at(self, at: datetime) -> None:
        """The clock at that instant: a rehearsal's is held there, a demo's is moved to it unless it is past it."""
        # Of a demo the database tells where its clock is: it ran on during the last step.
        self._stand.at = None
        if self.kind == Kind.REHEARSAL:
            clock.move(at, hold=True)
        elif at > clock.now():
            clock.move(at)
        self._stand.move(at)

    def _do(self, at: datetime, _: int, life: Life | None, act: Callable[..., Any]) -> None:
        self._stand_at(at)
        if life is None:
            self._look(None)
            act()
            return
        self._look(life.sarc)
        act(life, at)
        self._of_case[life.case.pk] = life
        # A move brings another SARC.
        self._look(life.sarc)
        self._due(life, at)
        if act.__name__ == "_sign":
            self.signed += 1
            self._progress(self.signed, self.wanted.reports, at)

    def _look(self, viewer: User | None) -> None:
        """Whoever acts is the database's viewer until another one is; its batch is one transaction."""
        if viewer != self._viewer:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT set_config('sapr.viewer', %s, true)", [str(viewer.pk) if viewer else ""]
                )
            self._viewer = viewer

    def _due(self, life: Life, at: datetime) -> None:
        for later, step in duties.new(life, at):
            self._add(later, life, step)

    def _reviewed(self, meets: meetings.Meets, at: datetime) -> None:
        """The group meets; then what it made due in each case that it reviewed is planned."""
        lines = meets(at)
        reviewed = [self._of_case[case] for case in lines if case in self._of_case]
        for life in sorted(reviewed, key=lambda life: life.number):
            line = lines[life.case.pk]
            if life.chance(f"minutes/{line.meeting.month}", self.figures.assumed["minutes_kept"]):
                meetings.minuted(life, line, at)
            self._due(life, at)


def seed(wanted: Wanted, *, progress: Progress) -> World:
    """Fill an empty demo or rehearsal database with the world.

    Refused for a real database and for one that holds anything; a demo that an interruption left half filled is
    cleared first. It is whole only when its last event (`demo_seeded`) is there.
    """
    wanted.check()
    kind = clock.kind()
    if kind not in (Kind.DEMO, Kind.REHEARSAL):
        raise DomainError(
            "real_database",
            "Invented people never come into a real database. Use one of the kind 'demo' or 'rehearsal'.",
        )
    state = ground.state()
    if state == ground.HALF_FILLED and kind == Kind.DEMO:
        ground.clear()
    elif state != ground.EMPTY:
        raise DomainError(
            "not_empty",
            "This database holds people or cases already. Prepare an empty one and name that.",
            status=409,
        )
    with pace.rarely_collected(), _set_back(wanted.years * YEAR, kind) as until:
        world = World(wanted, until, progress)
        world.make()
    append_system(
        kind="demo_seeded",
        actor=None,
        at=clock.now(),
        data={"reports": wanted.reports, "years": wanted.years, "seed": wanted.seed},
    )
    return world


@contextmanager
def _set_back(by: timedelta, kind: str) -> Iterator[datetime]:
    """The clock that far in the past for the block, and afterwards where it would be; yields what now is."""
    with ExitStack() as stack:
        now = clock.now()
        if kind == Kind.DEMO:
            ground.set_back(by)
            stack.callback(ground.set_back, timedelta())
        else:
            with connection.cursor() as cursor:
                cursor.execute("SELECT held_at IS NOT NULL FROM sapr_database")
                held = cursor.fetchone()[0]
            clock.move(now - by, hold=True)
            stack.callback(clock.move, now, hold=held)
        yield now
