"""Sending the requests and counting what came back: nothing may fail, and nothing may take long."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

import requests as http

from bench.fuzz.drawing import Known, Request, readable
from bench.fuzz.ground import Target

SLOW = 5.0
FAILED = 500
SENDERS = 4
# One request in so many goes out with the credentials that the schema made up, instead of a key that is good.
STRANGERS = 25


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

    def heard(self, request: Request, status: int, seconds: float, answer: str) -> None:
        self.sent += 1
        self.statuses[status] += 1
        name = f"{request.method.upper()} {request.operation.path}"
        self.operations.setdefault(name, Counter())[f"{status // 100}xx"] += 1
        self.slowest = max(self.slowest, seconds)
        if status >= FAILED:
            self.failures.append(f"{status} {readable(request)} {answer[:300]}")
        if seconds > SLOW:
            self.slow.append(f"{seconds:.1f} s {readable(request)}")

    def unreached(self) -> list[str]:
        """Operations that no request got through: what was thrown there tried their doors alone."""
        return sorted(name for name, counted in self.operations.items() if not counted["2xx"])


class Thrower:
    """One thread's way to the server, as whom the chance says."""

    def __init__(self, target: Target, barred: set[tuple[str, str]], seed: int) -> None:
        self.base, self.keys = f"http://127.0.0.1:{target.port}", sorted(target.keys.values())
        self.barred = barred
        self.chance, self.session = random.Random(seed), http.Session()

    def _key(self, operation: str) -> str:
        """Mostly one of somebody whose role may: who was refused is asked again now and then only."""
        able = [key for key in self.keys if (operation, key) not in self.barred]
        return self.chance.choice(able if able and self.chance.randrange(10) else self.keys)

    def throw(self, request: Request) -> tuple[int, float, str] | None:
        """Status, seconds and text; None where HTTP itself cannot carry the request. No answer counts as status 599."""
        try:
            sent = request.as_transport_kwargs(base_url=self.base)
        except (UnicodeError, ValueError):
            return None
        operation = f"{request.method} {request.operation.path}"
        key = self._key(operation) if self.chance.randrange(STRANGERS) else None
        if key:
            sent["cookies"] = {}
            sent["headers"] = {k: v for k, v in (sent.get("headers") or {}).items() if k.lower() != "cookie"}
            sent["headers"]["Authorization"] = f"Bearer {key}"
        begin = time.perf_counter()
        try:
            answer = self.session.request(**sent, timeout=60, allow_redirects=False)
        except (http.exceptions.InvalidHeader, http.exceptions.InvalidURL, UnicodeError):
            return None
        except http.exceptions.RequestException as error:
            return 599, time.perf_counter() - begin, repr(error)
        took = time.perf_counter() - begin
        if key and answer.status_code == http.codes.forbidden:
            self.barred.add((operation, key))
        return answer.status_code, took, answer.text


def thrown(target: Target, drawn: Iterator[Request], known: Known, number: int, tick: Any) -> Found:
    """`number` requests and what came of them."""
    found, waiting = Found(), dict[Future[Any], Request]()
    barred: set[tuple[str, str]] = set()
    throwers = [Thrower(target, barred, each) for each in range(SENDERS)]
    pools = [ThreadPoolExecutor(1) for _ in throwers]
    turn = 0
    while found.sent < number:
        while len(waiting) < 2 * SENDERS:
            request = next(drawn)
            waiting[pools[turn % SENDERS].submit(throwers[turn % SENDERS].throw, request)] = request
            turn += 1
        for done in wait(waiting, return_when=FIRST_COMPLETED).done:
            request, heard = waiting.pop(done), done.result()
            if heard is None:
                found.unsendable += 1
                continue
            found.heard(request, *heard)
            known.learn(request, heard[0], heard[2])
            if found.sent % 500 == 0:
                tick()
    for pool in pools:
        pool.shutdown()
    return found
