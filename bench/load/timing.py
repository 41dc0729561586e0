"""Asking a real web server for pages over the loopback interface, one after the other and eight at once."""

import threading
from http.client import HTTPConnection
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from launcher.failure import Stop

# Asked before it counts: plans, templates and caches are there then, as in a server that runs.
WARM = 12
TIMES, AT_ONCE = 40, 8
# A page of a size: the port of its server, and the page.
Asked = dict[str, tuple[int, dict[str, Any]]]


def timed(asked: Asked) -> dict[str, dict[str, Any]]:
    """For each size, milliseconds until the whole page is there: median and 95th percentile, alone and eight at once.

    The sizes take turns, request by request.
    """
    for port, page in asked.values():
        ask(port, page, WARM)
    alone: dict[str, list[float]] = {size: [] for size in asked}
    for _ in range(TIMES):
        for size, (port, page) in asked.items():
            alone[size] += ask(port, page, 1)
    together: dict[str, list[float]] = {size: [] for size in asked}
    for _ in range(TIMES // AT_ONCE):
        for size, (port, page) in asked.items():
            together[size] += _at_once(port, page)
    return {size: {"one": _told(alone[size]), "eight": _told(together[size])} for size in asked}


def _at_once(port: int, page: dict[str, Any]) -> list[float]:
    found: list[float] = []
    threads = [threading.Thread(target=lambda: found.extend(ask(port, page, 2))) for _ in range(AT_ONCE)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return found


def ask(port: int, page: dict[str, Any], times: int) -> list[float]:
    """Seconds of each of so many requests."""
    found = []
    for _ in range(times):
        connection = HTTPConnection("127.0.0.1", port, timeout=120)
        began = perf_counter()
        connection.request(
            "GET", page["url"], headers={"Cookie": page["cookie"], "Host": f"localhost:{port}"}
        )
        answer = connection.getresponse()
        answer.read()
        found.append(perf_counter() - began)
        connection.close()
        if answer.status != 200:
            raise Stop(f"{page['who']}, {page['page']}: the server answered {answer.status}.")
    return found


def _told(seconds: list[float]) -> dict[str, float]:
    if not seconds:
        raise Stop("No request was answered.")
    return {
        "median_ms": round(median(seconds) * 1000, 1),
        "p95_ms": round(quantiles(seconds, n=20)[-1] * 1000, 1),
    }
