"""Whether processes stay as large as they are: memory after a thousand pieces of work and after ten thousand."""

import os
import threading
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from bench.load.measuring import module
from bench.mixes.asking import Work
from bench.mixes.judging import Bar
from launcher import process, steps
from launcher.contract import Stage
from launcher.failure import Stop

# Pieces of work, and what is asked of a process: megabytes, and how much it may grow between the two.
FIRST, LAST = 1_000, 10_000
MEGABYTES, GROWTH = 200.0, 1.02
# As many as a server has threads: each of them is at work before the first look.
CLIENTS = 8
PATIENCE = 120.0


def of_web(stage: Stage, works: list[Work], *, first: int = FIRST, last: int = LAST) -> dict[str, Any]:
    """The largest of two web workers after so many requests for each; `works` are asked in turn by eight at once."""
    server = steps.web(stage)
    try:
        _until(lambda: steps.healthy(stage.port), "The web server did not start.")
        turn = count()

        def run(until: int) -> None:
            while (mine := next(turn)) < until:
                works[mine % len(works)].do()

        found = []
        for until in (first, last):
            threads = [threading.Thread(target=run, args=(2 * until,)) for _ in range(CLIENTS)]
            for each in threads:
                each.start()
            for each in threads:
                each.join()
            found.append(max(megabytes(pid) for pid in children(server.pid)))
        return {"pieces": [first, last], "megabytes": found}
    finally:
        process.end(server)


def of_worker(stage: Stage, *, first: int = FIRST, last: int = LAST) -> dict[str, Any]:
    """The Celery worker's largest process after so many tasks, sent through the broker as the web server sends them."""
    worker = steps.worker(stage)
    try:
        found, sent = [], 0
        for until in (first, last):
            module("bench.mixes.tasks", [str(until - sent)], stage)
            sent = until
            found.append(max(megabytes(pid) for pid in children(worker.pid)))
        return {"pieces": [first, last], "megabytes": found}
    finally:
        process.end(worker)


def bars(memory: dict[str, Any]) -> list[Bar]:
    """What is promised of both."""
    kept = []
    for name, found in memory.items():
        early, late = found["megabytes"]
        kept.append(Bar(f"memory, {name}: megabytes after {found['pieces'][1]:,}", late, MEGABYTES))
        kept.append(
            Bar(f"memory, {name}: by that after {found['pieces'][0]:,}", round(late / early, 4), GROWTH)
        )
    return kept


def children(pid: int) -> list[int]:
    """The processes that this one started; itself when there are none."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(each) for each in found] or [pid]


def megabytes(pid: int) -> float:
    """Resident memory."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1_048_576, 1)


def _until(done: Callable[[], bool], otherwise: str) -> None:
    limit = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > limit:
            raise Stop(otherwise)
        time.sleep(0.1)
