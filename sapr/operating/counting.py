"""Requests counted by the name of their operation, never by their address; summed over all web processes.

What is shown live is the sum over all operations: whoever runs the network sees that somebody works anyway. By name an
operation is shown once an hour, and only where it was called five times or more since: `report_sign 1` at 03:12 would
say that somebody reported. What was called less is summed as `few` (docs/production.md).
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, perf_counter

from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Gauge, Histogram, Metric, multiprocess

# Named by the environment before anything is counted; without it nothing is.
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
# The house's smallest class (docs/figures.md), and how often names are shown: as the ledger's checkpoints are.
SMALLEST, EVERY_SECONDS = 5, 3600
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BY_NAME, FEW = "sapr_operation_seconds", ("few", "", "")
LABELS = ("operation", "method", "outcome")

_live = Histogram(
    "sapr_request_seconds", "Requests of all operations together, by the class of their status.", ["outcome"],
    buckets=BUCKETS,
)  # fmt: skip
_by_name = Histogram(BY_NAME, "Requests by operation.", LABELS, buckets=BUCKETS)
_workers = Gauge("sapr_web_workers", "Web processes that serve.", multiprocess_mode="livesum")


class CountingMiddleware:
    """Counts every answer and how long it took; not used where no folder is named for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not os.environ.get(FOLDER):
            raise MiddlewareNotUsed
        self.get_response = get_response
        _workers.set(1)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = perf_counter()
        response = self.get_response(request)
        took, outcome = perf_counter() - began, f"{response.status_code // 100}xx"
        method = request.method if request.method in METHODS else "other"
        _live.labels(outcome).observe(took)
        _by_name.labels(operation_of(request), method, outcome).observe(took)
        return response


def operation_of(request: HttpRequest) -> str:
    """The operation's own name: its class, or the name of its page; `none` for files and what is not there."""
    match = getattr(request, "resolver_match", None)
    if match is None:
        return "none"
    view = getattr(match.func, "cls", None) or getattr(match.func, "view_class", None)
    return view.__name__ if view else (match.view_name or "none")


class Requests:
    """A collector over the files of all processes: the live sums, and the names as of the last full hour."""

    def collect(self) -> Iterator[Metric]:
        if not os.environ.get(FOLDER):
            return
        for metric in multiprocess.MultiProcessCollector(CollectorRegistry()).collect():
            yield _shown(metric) if metric.name == BY_NAME else metric


def _shown(metric: Metric) -> Metric:
    cells: dict[str, dict[str, float]] = {}
    for sample in metric.samples:
        cell = json.dumps([sample.labels[name] for name in LABELS])
        part = sample.labels.get("le", sample.name.rpartition("_")[2])
        cells.setdefault(cell, {})[part] = sample.value
    shown = Metric(BY_NAME, metric.documentation, "histogram")
    for cell, parts in sorted(published(cells).items()):
        labels = dict(zip(LABELS, json.loads(cell), strict=True))
        for part, value in parts.items():
            if part in ("count", "sum"):
                shown.add_sample(f"{BY_NAME}_{part}", labels, value)
            else:
                shown.add_sample(f"{BY_NAME}_bucket", {**labels, "le": part}, value)
    return shown


Cells = dict[str, dict[str, float]]


def published(cells: Cells) -> Cells:
    """What may be shown of these counts; brought up to date when an hour has passed, by whichever process is asked."""
    hour = int(monotonic() // EVERY_SECONDS)
    with _kept() as kept:
        if kept["hour"] is None:
            # What was counted before the first hour is over is not shown by name yet.
            kept["hour"] = hour
        elif hour > kept["hour"]:
            kept["shown"] = shown_after(kept["shown"], _since(kept["seen"], cells))
            kept["seen"], kept["hour"] = cells, hour
        return kept["shown"]


def shown_after(shown: Cells, more: Cells) -> Cells:
    """What is shown, with what was counted since: by name from five calls on, else with everything else that is few."""
    after = {cell: dict(parts) for cell, parts in shown.items()}
    for cell, parts in more.items():
        if parts["count"] > 0:
            into = after.setdefault(cell if parts["count"] >= SMALLEST else json.dumps(FEW), {})
            for part, value in parts.items():
                into[part] = into.get(part, 0) + value
    return after


def _since(seen: Cells, cells: Cells) -> Cells:
    return {
        cell: {part: value - seen.get(cell, {}).get(part, 0) for part, value in parts.items()}
        for cell, parts in cells.items()
    }


@contextmanager
def _kept() -> Iterator[dict]:
    """What was seen and shown last, beside the counts themselves; one process at a time."""
    path = Path(os.environ[FOLDER], "shown.json")
    with path.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        text = file.read()
        kept = json.loads(text) if text else {"hour": None, "seen": {}, "shown": {}}
        yield kept
        if (after := json.dumps(kept)) != text:
            file.truncate(0)
            file.write(after)
