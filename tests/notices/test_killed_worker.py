"""Killing the worker with -9, between signing and release or in the middle of an item, loses and repeats nothing."""

import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings

from notifications.lateness.models import Escalation
from notifications.models import InboxItem, MailRound, Notice, NoticeState, Reminder
from reports import access
from reports.ledger.models import Event
from reports.obligations.models import Duty, DutyState
from sapr import clock
from tests.notices.release import release
from tests.processes import celery_worker, kill, wait_until
from tests.times import T0


def worker_env(stage, folder) -> dict[str, str]:
    """What `./run` gives the worker: its own URL, no key and nobody else's URL."""
    kept = ("PATH", "HOME", "LANG", "WORKER_DATABASE_URL", "SAPR_KIND")
    env = {name: stage.env[name] for name in kept if name in stage.env}
    return env | {"SAPR_ROLE": "worker", "SAPR_MAIL_DIR": str(folder / "mail")}


def test_the_notice_is_placed_exactly_once_and_on_time(stage, tmp_path) -> None:
    world, log = stage.world, tmp_path / "worker.log"
    env = worker_env(stage, tmp_path)

    with celery_worker(env, tmp_path, log) as first:
        wait_until(MailRound.objects.exists, "the worker to sweep", log=log)
        report = world.signed("restricted")
        kill(first)
    with access.viewing(world.sarc):
        notice = Notice.objects.get(case_id=report.case_id)
    notice = release(world.sarc, notice)

    def placed() -> bool:
        with access.viewing(world.sarc):
            return Notice.objects.filter(pk=notice.pk, state=NoticeState.PLACED).exists()

    with celery_worker(env, tmp_path, log):
        clock.move(notice.slot, hold=True)
        wait_until(placed, "the second worker to place the notice", log=log)
    with access.viewing(world.commander):
        assert InboxItem.objects.filter(pk=notice.pk).count() == 1
    with access.viewing(world.sarc):
        assert Event.objects.filter(case_id=report.case_id, kind="commander_notice_placed").count() == 1
        duty = Duty.objects.get(case_id=report.case_id, kind="commander_notice_restricted")
        assert Notice.objects.get(pk=notice.pk).placed_at == notice.slot
    assert duty.state == DutyState.DISCHARGED
    assert duty.closed_at <= duty.due_at


@contextmanager
def failing_sweepers(env, log):
    """A function that lets one sweeper run and die at a named point; it says how that one ended."""
    words = [sys.executable, "-W", "ignore", "-m", "tests.notices.failing"]
    with (
        log.open("ab") as errors,
        subprocess.Popen(
            words,
            cwd=settings.BASE_DIR,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):

        def run(point: str) -> str:
            process.stdin.write(f"{point}\n")
            process.stdin.flush()
            return process.stdout.readline().strip()

        yield run
        process.stdin.close()


REMINDED = ("reminded:claimed", "reminded:before_commit", "reminded:committed")
PLACED = (
    "placed:claimed", "placed:item_written", "placed:event_written", "placed:duty_closed", "placed:before_commit",
    "placed:committed",
)  # fmt: skip
TOLD = ("told:claimed", "told:telling_said", "told:before_commit", "told:committed")


def test_thirteen_kills_at_named_points_lose_nothing_and_repeat_nothing(stage, tmp_path) -> None:
    """Between claim and mark, and just after the commit, of each kind of due work; then a bare loop does the rest."""
    world, log = stage.world, tmp_path / "failing.log"
    last_slot, entry_due = T0 + timedelta(hours=20), T0 + timedelta(hours=48)
    cases = [world.signed("restricted").case_id for _ in range(2)]
    world.signed("unrestricted")
    with failing_sweepers(worker_env(stage, tmp_path), log) as sweeper:
        for at, points in (
            (last_slot - timedelta(hours=9), REMINDED),
            (last_slot, PLACED),
            (entry_due, TOLD),
        ):
            clock.move(at, hold=True)
            for point in points:
                assert sweeper(point) == "killed", (point, log.read_text()[-2000:])
            if points != TOLD:
                assert sweeper("none") == "0"
    _done_by_the_bare_loop(stage, tmp_path, log, entry_due + timedelta(minutes=90))
    with access.viewing(world.commander):
        assert InboxItem.objects.filter(kind="commander_notice_restricted").count() == 2
    with access.viewing(world.sarc):
        for case in cases:
            events = Event.objects.filter(case_id=case)
            assert events.filter(kind="commander_notice_placed").count() == 1
            assert events.filter(kind="duty_discharged").count() == 1
            duty = Duty.objects.get(case_id=case, kind="commander_notice_restricted")
            assert (duty.state, duty.closed_at) == (DutyState.DISCHARGED, last_slot)
        entries = list(Duty.objects.filter(kind="dsaid_entry"))
        said = Event.objects.filter(kind="duty_escalated", data__kind="dsaid_entry").order_by("seq")
        told = [
            [(each.data["step"], each.data["skipped"]) for each in said.filter(data__duty=str(duty.pk))]
            for duty in entries
        ]
    # One was told of before the others, which the kills had held up.
    assert sorted(told) == [[(1, 0), (4, 2)], [(4, 3)], [(4, 3)]]
    with stage.as_worker():
        assert not Reminder.objects.filter(done_at=None).exists()
        assert set(Reminder.objects.filter(shown=True).values_list("done_at", "due_at")) == {
            (last_slot - timedelta(hours=9),) * 2
        }
        for duty in entries:
            assert sorted(Escalation.objects.filter(duty=duty).values_list("step", flat=True)) == [1, 2, 3, 4]


def _done_by_the_bare_loop(stage, folder, log, at) -> None:
    """`manage.py duties loop` needs no broker, and ends by a signal when the item at hand is done."""
    clock.move(at, hold=True)
    words = [sys.executable, "-W", "ignore", "manage.py", "duties", "loop", "--every", "0.2"]
    env = worker_env(stage, folder) | {"CELERY_BROKER_URL": "redis://127.0.0.1:1/0"}
    with log.open("ab") as output:
        loop = subprocess.Popen(words, cwd=settings.BASE_DIR, env=env, stdout=output, stderr=output)
    try:

        def told() -> bool:
            with stage.as_worker():
                return Escalation.objects.filter(step=4, state="told").count() == 3

        wait_until(told, "the bare loop to tell of what is late", log=log)
        loop.send_signal(signal.SIGTERM)
        assert loop.wait(60) == 0
    finally:
        loop.kill()
        loop.wait()
