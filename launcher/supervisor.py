"""Keeps services running: one that dies is started again, at once at first, ever later when it keeps dying."""

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from launcher import process
from launcher.failure import Stop

_LONGEST_PAUSE = 30.0
_SETTLED = 60.0


@dataclass
class Service:
    """A running process and how to start it again; `pause` is the next restart's delay in seconds.

    `lent` marks one that somebody else ends, after the others: the database.
    """

    name: str
    running: subprocess.Popen[bytes]
    again: Callable[[], subprocess.Popen[bytes]]
    lent: bool = False
    pause: float = 1.0
    since: float = field(default_factory=time.monotonic)
    due: float | None = None


class Supervisor:
    """Call `look()` again and again from the main thread, and `stop()` at the end."""

    def __init__(self, say: Callable[[str], None] = process.say):
        self._services: list[Service] = []
        self._say = say

    def add(self, service: Service) -> None:
        self._services.append(service)

    def look(self) -> None:
        """Notices the dead and starts again whoever's pause is over."""
        now = time.monotonic()
        for service in self._services:
            if service.due is None and service.running.poll() is not None:
                self._mourn(service, now)
            elif service.due is not None and now >= service.due:
                self._revive(service)

    def stop(self) -> None:
        """Ends all services but the lent ones."""
        process.end_all([service.running for service in self._services if not service.lent])

    def _mourn(self, service: Service, now: float) -> None:
        process.sweep(service.running.pid)
        if now - service.since > _SETTLED:
            service.pause = 1.0
        service.due = now + service.pause
        code = service.running.returncode
        self._say(f"The {service.name} ended (exit code {code}); starting it again in {service.pause:.0f} s.")
        service.pause = min(service.pause * 2, _LONGEST_PAUSE)

    def _revive(self, service: Service) -> None:
        service.since, service.due = time.monotonic(), None
        try:
            service.running = service.again()
        except Stop as stop:
            self._say(stop.sentence)
            service.due = time.monotonic() + service.pause
            service.pause = min(service.pause * 2, _LONGEST_PAUSE)
