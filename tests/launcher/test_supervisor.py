"""Services that die are started again, ever more slowly; a stop ends all of them."""

import subprocess
import time
from collections.abc import Callable

from launcher.failure import Stop
from launcher.supervisor import Service, Supervisor

Child = Callable[[str], "subprocess.Popen[bytes]"]

SLEEP = "import time; time.sleep(60)"


def look_until(supervisor: Supervisor, done: Callable[[], bool]) -> None:
    limit = time.monotonic() + 60
    while not done():
        assert time.monotonic() < limit, "it never happened"
        supervisor.look()
        time.sleep(0.01)


def test_the_dead_are_started_again_with_growing_pauses(child: Child) -> None:
    said: list[str] = []
    service = Service("worker", child("raise SystemExit(3)"), lambda: child(SLEEP), pause=0.05)
    supervisor = Supervisor(said.append)
    supervisor.add(service)
    look_until(supervisor, lambda: service.due is None and service.running.poll() is None and bool(said))
    assert said == ["The worker ended (exit code 3); starting it again in 0 s."]
    assert service.pause == 0.1
    supervisor.stop()


def test_a_restart_that_fails_is_tried_again(child: Child) -> None:
    said: list[str] = []
    outcomes: list[str | None] = ["PostgreSQL did not start.", None]

    def again() -> "subprocess.Popen[bytes]":
        complaint = outcomes.pop(0)
        if complaint:
            raise Stop(complaint)
        return child(SLEEP)

    service = Service("database", child("pass"), again, pause=0.02)
    supervisor = Supervisor(said.append)
    supervisor.add(service)
    look_until(supervisor, lambda: not outcomes)
    assert "PostgreSQL did not start." in said
    assert service.running.poll() is None
    supervisor.stop()


def test_stopping_ends_all_but_the_lent(child: Child) -> None:
    ours, lent = child(SLEEP), child(SLEEP)
    supervisor = Supervisor()
    supervisor.add(Service("web server", ours, lambda: ours))
    supervisor.add(Service("database", lent, lambda: lent, lent=True))
    supervisor.stop()
    assert ours.poll() is not None
    assert lent.poll() is None
