"""Measuring the sizes with the server's real processes, and comparing them."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from bench.load.ground import ROOT
from bench.load.timing import timed
from launcher import process, steps
from launcher.contract import Stage
from launcher.failure import Stop

# What the owner of this project promised: no page takes longer than this, by its own time for the fewest reports.
PROMISED = 1.5
PATIENCE = 60.0


def environment(stage: Stage) -> dict[str, str]:
    """For our own modules, which need the administrator's address too: they fill and explain."""
    return stage.for_command("roles") | {"SAPR_ROLE": "web", "EMAIL_URL": "dummymail://"}


def module(name: str, words: list[str], stage: Stage, given: str = "") -> str:
    """What a module of ours printed; Stop when it failed."""
    argv = [sys.executable, "-W", "ignore", "-m", name, *words]
    env = os.environ | environment(stage)
    done = subprocess.run(
        argv, cwd=ROOT, env=env, input=given, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise Stop(f"{name} ended with the exit code {done.returncode}; its own lines above say why.")
    return done.stdout


@contextmanager
def served(stage: Stage) -> Iterator[None]:
    """The real web server of a size, for the block."""
    server = steps.web(stage)
    try:
        limit = time.monotonic() + PATIENCE
        while not steps.healthy(stage.port):
            if server.poll() is not None or time.monotonic() > limit:
                raise Stop("The web server did not start; its own lines above say why.")
            time.sleep(0.1)
        yield
    finally:
        process.end(server)


def measured(stages: dict[str, Stage]) -> dict[str, list[dict[str, Any]]]:
    """By size, every page of the measured people: times alone and eight at once, questions, the plans of the slowest.

    All sizes are served at the same time and asked in turn, so that what else the machine does disturbs them alike.
    """
    pages = {size: json.loads(module("bench.load.viewers", [], stage)) for size, stage in stages.items()}
    times: dict[str, list[dict[str, Any]]] = {size: [] for size in stages}
    with ExitStack() as stack:
        for stage in stages.values():
            stack.enter_context(served(stage))
        for nth in range(len(next(iter(pages.values())))):
            asked = {size: (stages[size].port, found[nth]) for size, found in pages.items()}
            for size, took in timed(asked).items():
                times[size].append(took)
    return {size: _with_questions(stage, pages[size], times[size]) for size, stage in stages.items()}


def _with_questions(
    stage: Stage, pages: list[dict[str, Any]], times: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    found = json.loads(module("bench.load.queries", [], stage, json.dumps(pages)))
    return [
        {name: value for name, value in (page | took).items() if name not in ("cookie", "url")}
        for page, took in zip(found, times, strict=True)
    ]


def compared(found: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """For each page its median alone at every size, and by how much the largest is longer than the smallest."""
    sizes = list(found)
    lines = []
    for nth, page in enumerate(found[sizes[0]]):
        medians = {size: found[size][nth]["one"]["median_ms"] for size in sizes}
        ratio = round(medians[sizes[-1]] / medians[sizes[0]], 2)
        lines.append({"who": page["who"], "page": page["page"], "median_ms": medians, "ratio": ratio})
    return lines


def table(found: dict[str, list[dict[str, Any]]]) -> list[str]:
    """The same for people: one line for each page and size."""
    names = ("median", "p95", "8: median", "p95", "queries", "in them")
    lines = [f"{'who':8} {'page':12} {'reports':>9} " + " ".join(f"{each:>10}" for each in names)]
    for size, pages in found.items():
        for page in pages:
            one, eight = page["one"], page["eight"]
            values = (one["median_ms"], one["p95_ms"], eight["median_ms"], eight["p95_ms"])
            told = (*values, page["queries"], page["in_queries_ms"])
            row = " ".join(f"{each:>10}" for each in told)
            lines.append(f"{page['who']:8} {page['page']:12} {int(size):>9,} {row}")
    return lines + [
        f"{each['who']}, {each['page']}: {each['ratio']} times"
        + ("" if each["ratio"] <= PROMISED else ", TOO MUCH")
        for each in compared(found)
    ]
