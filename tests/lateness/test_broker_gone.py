"""The broker is away for an hour: due work is done at its instants all the same, and no heap of wake-ups follows.

Two real Celery workers at once, each with beat, their clocks days off: from one the rights on pgmq's schema are taken
away, the other's Redis is killed, where that program is installed.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import psycopg
from django.conf import settings
from psycopg import sql

from bench.faults.expecting import Notice as Expected
from bench.faults.expecting import notice_of, reminders_of
from launcher import ports
from notifications.lateness.watching import Watchdog
from notifications.models import Notice, Reminder
from notifications.sweeping import sweep
from reports import access
from reports.ledger.models import Event
from sapr import clock
from tests.notices.test_killed_worker import worker_env
from tests.processes import celery_worker, kill, wait_until
from tests.stage import in_database

SPRING, AUTUMN = datetime(2026, 3, 7, 13, tzinfo=UTC), datetime(2026, 10, 31, 12, tzinfo=UTC)
SKEWS = (timedelta(days=-3), timedelta(hours=25))
# Seconds between two wake-ups of one beat.
EVERY = 5
REDIS = shutil.which("redis-server")


class Queues:
    """The brokers of the workers; `go()` takes them away, `come()` brings them back."""

    def __init__(self, stage, stack: ExitStack) -> None:
        url = in_database(os.environ["ADMIN_DATABASE_URL"], stage.names["default"])
        self.admin = stack.enter_context(psycopg.connect(url, autocommit=True))
        self.port = ports.free()
        self.urls = ["", *([f"redis://127.0.0.1:{self.port}/0"] if REDIS else [])]
        self.redis: subprocess.Popen | None = None
        stack.callback(self._kill)
        self._start()

    def _start(self) -> None:
        if REDIS:
            # It keeps nothing: killed, it forgets every message.
            words = [
                REDIS,
                "--port",
                str(self.port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
            ]
            self.redis = subprocess.Popen(words, stdout=subprocess.DEVNULL, cwd="/", start_new_session=True)

    def _kill(self) -> None:
        if self.redis is not None:
            kill(self.redis)

    def _rights(self, statement: str) -> None:
        self.admin.execute(sql.SQL(statement).format(sql.Identifier(settings.ROLE_NAMES["worker"])))

    def go(self) -> None:
        self._rights("REVOKE USAGE ON SCHEMA pgmq FROM {}")
        self._kill()

    def come(self) -> None:
        self._rights("GRANT USAGE ON SCHEMA pgmq TO {}")
        self._start()


class Worker:
    """One Celery worker on one broker, whose own clock is off."""

    def __init__(self, stage, folder: Path, broker: str, off: timedelta, stack: ExitStack) -> None:
        folder.mkdir()
        self.log = folder / "worker.log"
        env = worker_env(stage, folder) | ({"CELERY_BROKER_URL": broker} if broker else {})
        module = ("tests.lateness.skewed", str(off.total_seconds()))
        self.process = stack.enter_context(celery_worker(env, folder, self.log, module=module))

    def says(self, words: str) -> int:
        """How often its log has these words."""
        return self.log.read_text().count(words)

    def woken(self) -> int:
        """How many wake-ups it has received."""
        return self.says("celery.worker.strategy")

    def until(self, true: Callable[["Worker"], object], what: str) -> None:
        wait_until(lambda: true(self), what, log=self.log)


def test_an_hour_without_a_broker_moves_no_instant_and_ends_without_a_storm(stage, tmp_path) -> None:
    """The hour ends in the night on which the clocks go forward; Celery goes on in the one on which they go back."""
    dog, notice = Watchdog(), _signed(stage, SPRING)
    with ExitStack() as stack:
        queues = Queues(stage, stack)
        made = enumerate(zip(queues.urls, SKEWS, strict=False))
        workers = [Worker(stage, tmp_path / str(number), url, off, stack) for number, (url, off) in made]
        for each in workers:
            each.until(lambda worker: worker.says("%s ready."), "the worker to begin")
        queues.go()
        for each in workers:
            each.until(lambda worker: worker.says("Cannot connect"), "the worker to miss its broker")
        with stage.as_worker():
            _an_hour(dog, notice.slot)
            assert Notice.objects.get(case_id=notice.case).placed_at == notice.slot
            last = reminders_of(notice)[-1]
            assert set(Reminder.objects.filter(due_at=last).values_list("done_at", flat=True)) == {last}
        autumn = _signed(stage, AUTUMN)
        clock.move(autumn.slot, hold=True)
        had, began = {each: each.woken() for each in workers}, monotonic()
        queues.come()
        for each in workers:
            each.until(lambda worker: worker.woken() > had[worker], "it to be woken again")
        with stage.as_worker():
            wait_until(
                lambda: Notice.objects.filter(case_id=autumn.case, state="placed").exists(), "Celery to go on"
            )
            assert Notice.objects.get(case_id=autumn.case).placed_at == autumn.slot
            wait_until(dog.look, "the sweep to have looked for everything")
        woken = {each.log.parent.name: each.woken() - had[each] for each in workers}
        assert max(woken.values()) <= (monotonic() - began) / EVERY + 2, woken
        assert {each.process.poll() for each in workers} == {None}, "none had to be started again"
    with access.viewing(stage.world.manager):
        said = Event.objects.filter(kind__startswith="sweep_").order_by("seq").values_list("kind", flat=True)
        assert list(said) == ["sweep_stalled", "sweep_resumed"]


def _signed(stage, at: datetime) -> Expected:
    """A Restricted report signed then; when its notice must stand in the inbox, by plain arithmetic."""
    clock.move(at, hold=True)
    report = stage.world.signed("restricted", at=at)
    return notice_of(str(report.case_id), at.isoformat(), "America/New_York")


def _an_hour(dog: Watchdog, slot: datetime) -> None:
    """The bare sweep does what Celery would have done; once it stops too, there is an alarm within five minutes."""
    for minutes in range(-60, 1, 2):
        clock.move(slot + timedelta(minutes=minutes), hold=True)
        sweep()
        assert dog.look(), minutes
    clock.move(slot + timedelta(minutes=2), hold=True)
    assert dog.look()
    clock.move(slot + timedelta(minutes=4), hold=True)
    assert not dog.look()
