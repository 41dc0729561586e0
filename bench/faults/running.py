"""The run itself: the clock walks, processes are killed and started again, until there were kills enough."""

import random
import signal
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from bench.faults.expecting import END, LADDER
from bench.faults.ground import Ground
from bench.faults.journal import Journal
from bench.faults.processes import Crew
from bench.faults.seeding import START
from bench.faults.state import State

SWEEPERS = 2
STEP = 0.1
# Seconds that one turn counts for at most: of a machine that hangs, or is so busy that this program hardly gets a turn,
# the story's clock takes no notice. A server that recovers from a kill counts whole, up to here.
TURN = 5.0
# The story is no further than so many kills that are still to come.
AHEAD = 4
# Minutes before the end at which nothing is killed any more.
LAST = 10
# Seconds between two looks at how much waits.
LOOK = 2.0
# Of all kills, about; the rest are sweepers. At 1,000 that is 60 servers and 120 workers.
SHARES = {"postgresql": 0.06, "celery": 0.12, "web": 0.05, "broker": 0.02}
AIMED = 0.5
# Aimed kills that are kept for when something is due: fewer than `AHEAD`, or the story would wait for them.
KEPT = 3
DRAIN_FOR = 900.0
DUE = """
SELECT (SELECT count(*) FROM notifications_notice WHERE look_at <= sapr_now() AND state <> 'placed')
     + (SELECT count(*) FROM notifications_reminder WHERE due_at <= sapr_now() AND done_at IS NULL)
     + (SELECT count(*) FROM notifications_ladder WHERE look_at <= sapr_now())"""


class Run:
    """Call `go()` once. What it did so far is in the state, so that another may go on."""

    def __init__(self, state: State, ground: Ground, crew: Crew) -> None:
        self.state, self.ground, self.crew = state, ground, crew
        self.dice = random.Random(f"{state.seed}:{state.done}")
        self.plan = self._plan()
        self.began = time.monotonic() - state.elapsed
        self.broker: str | None = None
        self.broker_back: float | None = None
        self.next_kill = state.elapsed + state.pace
        self.kept = 0
        self.turned = state.elapsed
        self.looked = 0.0
        self.journal = Journal(state.journal)

    def _plan(self) -> list[str]:
        """The kinds of the kills that are left, in a random order."""
        left = []
        for kind, share in SHARES.items():
            had = sum(self.state.killed.get(name, 0) for name in _names(kind))
            left += [kind] * max(0, max(1, round(share * self.state.kills)) - had)
        left += ["sweeper"] * max(0, self.state.kills - self.state.done - len(left))
        self.dice.shuffle(left)
        return left

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.began

    def go(self, tick: Any) -> None:
        """Kill until the plan is empty, then let the rest be done."""
        for _ in range(SWEEPERS):
            self.crew.sweeper()
        self.crew.start_web()
        self._start_celery()
        while self.plan or self.state.told < self.state.duration:
            self._walk()
            self._look_after()
            if self.kept and self.plan and self._waits():
                self.kept -= 1
                self._kill(aimed=True)
            elif self.plan and self.elapsed >= self.next_kill:
                self._kill_or_keep()
                pause = self.dice.expovariate(1 / self.state.pace)
                self.next_kill = max(self.elapsed, self.next_kill) + min(pause, 4 * self.state.pace)
            tick()
            time.sleep(STEP)
        self._drain(tick)

    def _walk(self) -> None:
        """Move the database's clock on, whether or not anybody keeps up with what falls due.

        It asks for nothing that the processes under test do: neither what is done nor what waits. It walks by the
        run's own turns and with the kills (`TURN`, `AHEAD`), so that a machine with other work to do slows it down as
        it slows the killing down. It is held where it stands, so it stands while this program does not run.
        """
        state, now = self.state, self.elapsed
        most = (state.done + AHEAD) * state.pace if self.plan else state.duration
        state.told = max(state.told, min(state.told + min(now - self.turned, TURN), most, state.duration))
        self.turned = state.elapsed = now
        story = self._story()
        self._move(story)
        if now - self.looked >= LOOK:
            self.looked = now
            try:
                self.journal.note(story, now, "waiting", self.ground.ask(DUE)[0][0])
            except psycopg.OperationalError:
                return

    def _story(self) -> datetime:
        """First evenly through the hours of the notices; then from one due instant to the next."""
        state = self.state
        if state.told <= state.even:
            return START + timedelta(hours=state.even_hours) * (state.told / state.even)
        rest = (state.told - state.even) / (state.duration - state.even)
        number = int(rest * (len(state.instants) - 1))
        first = START + timedelta(hours=state.even_hours)
        return max(first, datetime.fromtimestamp(state.instants[number], UTC)) if state.instants else END

    def _move(self, to: datetime) -> None:
        try:
            self.ground.ask("SELECT sapr_move_clock(greatest(%s, sapr_now()), true)", [to])
        except psycopg.OperationalError:
            return

    def _look_after(self) -> None:
        """Start again whatever ended, and give the broker back when its time is over."""
        self.crew.dead()
        while len(self.crew.sweepers) < SWEEPERS:
            self.crew.sweeper()
        if self.crew.web is None or self.crew.web.poll() is not None:
            self.crew.start_web()
        if self.broker_back is not None and self.elapsed >= self.broker_back:
            self._broker_returns()
        if self.broker is None and self.state.told > self.state.even / 2 and self._redis_there():
            # From half of the notices on the run is on the other broker.
            self._kill_kind("celery")
        if self.crew.celery is None or self.crew.celery.poll() is not None:
            self._start_celery()

    def _redis_there(self) -> bool:
        self.broker = self.crew.start_redis() or ""
        return bool(self.broker)

    def _start_celery(self) -> None:
        self.crew.start_celery(self.broker or None)

    def _kill_or_keep(self) -> None:
        """Half of the kills are aimed: while nothing is due some of them are kept, and come all at once when it is."""
        aimed = self.dice.random() < AIMED
        if aimed and self.kept < KEPT and self.kept + 1 < len(self.plan) and not self._waits():
            self.kept += 1
            return
        self._kill(aimed=aimed)

    def _waits(self) -> bool:
        try:
            return bool(self.ground.ask(DUE)[0][0])
        except psycopg.OperationalError:
            return False

    def _kill(self, *, aimed: bool) -> None:
        kind = self.plan[-1]
        if kind == "celery" and not self.crew.celery_works():
            # It is still starting: its turn comes later.
            other = next((n for n, each in enumerate(self.plan) if each != "celery"), None)
            if other is None:
                return
            self.plan[-1], self.plan[other] = self.plan[other], self.plan[-1]
            kind = self.plan[-1]
        if kind == "broker" and self.broker_back is not None:
            return
        self.plan.pop()
        self._kill_kind(kind, aimed=aimed)

    def _kill_kind(self, kind: str, *, aimed: bool = False) -> None:
        held = False
        if kind == "sweeper":
            held = self.crew.kill_sweeper(aimed=aimed)
        elif kind == "celery":
            held = self.crew.kill_celery(aimed=aimed)
        elif kind == "postgresql":
            held = self.crew.anybody_claims()
            self.ground.kill()
        elif kind == "web" and self.crew.web is not None:
            self.crew.web.send_signal(signal.SIGKILL)
            self.crew.web.wait()
        elif kind == "broker":
            kind = self._broker_goes()
        self.state.count(kind)
        self.journal.note(self._story(), self.elapsed, kind)
        self.state.inside += held
        self.state.keep()

    def _broker_goes(self) -> str:
        """For some seconds there is no broker; what kind of killing that was."""
        self.broker_back = self.elapsed + self.dice.uniform(2, 8)
        if self.broker and self.crew.redis is not None:
            self.crew.redis.send_signal(signal.SIGKILL)
            self.crew.redis.wait()
            self.crew.redis = None
            return "redis"
        self.ground.ask("REVOKE USAGE ON SCHEMA pgmq FROM sapr_worker, sapr_web")
        return "pgmq"

    def _broker_returns(self) -> None:
        self.broker_back = None
        self.ground.ask("GRANT USAGE ON SCHEMA pgmq TO sapr_worker, sapr_web")
        if self.broker and self.crew.redis is None:
            self.crew.start_redis()

    def _drain(self, tick: Any) -> None:
        """No more killing and no more signing; the clock goes to the end, and what is due is done."""
        if self.broker_back is not None:
            self._broker_returns()
        if self.crew.web is not None:
            self.crew.web.send_signal(signal.SIGKILL)
            self.crew.web.wait()
        limit = time.monotonic() + DRAIN_FOR
        for minutes in range(LAST, -1, -1):
            # Minute by minute: what was put off, because it was held up, has its turn too.
            self._move(END - timedelta(minutes=minutes))
            while time.monotonic() < limit and self.ground.ask(DUE)[0][0]:
                self.crew.dead()
                while len(self.crew.sweepers) < SWEEPERS:
                    self.crew.sweeper()
                tick()
                time.sleep(0.5)
        self.state.elapsed = self.elapsed


def _names(kind: str) -> tuple[str, ...]:
    return ("pgmq", "redis") if kind == "broker" else (kind,)


def instants_of(ground: Ground, even_hours: int) -> list[float]:
    """The instants after the even hours at which something falls due, rising: the clock goes from one to the next."""
    rows = ground.ask(
        "SELECT due_at FROM reports_duty WHERE state = 'open' AND NOT immediate AND due_at <= %s", [END]
    )
    first, last = START + timedelta(hours=even_hours), END - timedelta(minutes=LAST)
    # Each once: where thousands fall due together the clock would stand while nothing is left to do.
    steps = {due_at + timedelta(minutes=minutes) for (due_at,) in rows for minutes in LADDER}
    return sorted(each.timestamp() for each in steps if first < each <= last)
