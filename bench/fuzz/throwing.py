"""Sending the requests and counting what came back: nothing may fail, and nothing may take long."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ALL_COMPLETED, FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

import requests as http

from bench.fuzz.drawing import Drawn, Throw
from bench.fuzz.ground import Target
from bench.fuzz.knowing import Known

SLOW = 5.0
FAILED, NO_ANSWER = 500, 599
SENDERS = 4


@dataclass
class Found:
    """What happened: statuses over all, who was asked how often with which answer, and each thing that must not be."""

    sent: int = 0
    unsendable: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    operations: dict[str, Counter[str]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def heard(self, throw: Throw, status: int, seconds: float, answer: str) -> None:
        self.sent += 1
        self.statuses[status] += 1
        self.operations.setdefault(throw.operation, Counter())[f"{status // 100}xx"] += 1
        self.slowest = max(self.slowest, seconds)
        if status >= FAILED:
            self.failures.append(f"{status} after {seconds:.1f} s {throw.readable()} {answer[:300]}")
        if seconds > SLOW:
            self.slow.append(f"{seconds:.1f} s {throw.readable()}")

    def unreached(self) -> list[str]:
        """Operations that no request got through: what was thrown there tried their doors alone."""
        return sorted(name for name, counted in self.operations.items() if not counted["2xx"])


class Thrower:
    """One thread's way to the server."""

    def __init__(self, target: Target) -> None:
        self.base, self.session = f"http://127.0.0.1:{target.port}", http.Session()
        # One that is kept may be closed by the server at the moment at which it is used again.
        self.session.headers["Connection"] = "close"

    def throw(self, throw: Throw) -> tuple[int, float, str] | None:
        """Status, seconds and text; None where HTTP itself cannot carry the request. No answer counts as status 599."""
        try:
            sent = throw.request.as_transport_kwargs(base_url=self.base)
        except (UnicodeError, ValueError):
            return None
        if throw.key:
            sent["cookies"] = {}
            sent["headers"] = {k: v for k, v in (sent.get("headers") or {}).items() if k.lower() != "cookie"}
            sent["headers"]["Authorization"] = f"Bearer {throw.key}"
        begin = time.perf_counter()
        try:
            answer = self.session.request(**sent, timeout=60, allow_redirects=False)
        except (http.exceptions.InvalidHeader, http.exceptions.InvalidURL, UnicodeError):
            return None
        except http.exceptions.RequestException as error:
            return NO_ANSWER, time.perf_counter() - begin, repr(error)
        return answer.status_code, time.perf_counter() - begin, answer.text


def thrown(
    target: Target, drawn: Iterator[Drawn], known: Known, number: int, tick: Callable[[], Any]
) -> Found:
    """`number` requests and what came of them."""
    found, waiting = Found(), dict[Future[Any], Throw]()
    throwers = [Thrower(target) for _ in range(SENDERS)]
    pools = [ThreadPoolExecutor(1) for _ in throwers]
    turn = 0
    while found.sent < number:
        while len(waiting) < 2 * SENDERS:
            throw = next(drawn)
            if throw is None:
                break
            waiting[pools[turn % SENDERS].submit(throwers[turn % SENDERS].throw, throw)] = throw
            turn += 1
        until = FIRST_COMPLETED if throw else ALL_COMPLETED
        for done in wait(waiting, return_when=until).done:
            asked, heard = waiting.pop(done), done.result()
            if heard is None:
                found.unsendable += 1
                continue
            status, seconds, answer = heard
            found.heard(asked, status, seconds, answer)
            known.learn(asked.operation, asked.key, asked.ids, asked.request.body, status, answer)
            if found.sent % 500 == 0:
                tick()
    for pool in pools:
        pool.shutdown()
    return found
