"""Operations as requests ready to be sent, and their rounds: one after the other, or by eight at once.

The client shares its processor with what it measures, so it does little: bytes that were put together before are
written to a new connection, and read until it ends.
"""

import json
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from time import perf_counter
from typing import Any, NamedTuple

from launcher.failure import Stop

# Asked before it counts: so often that each thread of each server has its plans, templates and rules at hand.
WARM, TIMES, AT_ONCE = 24, 40, 8
PATIENCE = 120
# Name of the operation, seconds of each time.
Took = dict[str, list[float]]


class Work(NamedTuple):
    """Something that is done once in each round: one request, or several of which the second follows the first."""

    do: Callable[[], None]


def request(
    port: int, method: str, path: str, headers: dict[str, str], body: dict[str, Any] | None = None
) -> bytes:
    """A request as bytes."""
    told = json.dumps(body).encode() if body is not None else b""
    sent = headers | {"Host": f"localhost:{port}", "Connection": "close"}
    if body is not None:
        sent |= {"Content-Type": "application/json", "Content-Length": str(len(told))}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items()), "", ""]
    return "\r\n".join(lines).encode() + told


def send(port: int, sent: bytes, expected: int = 200) -> bytes:
    """The whole answer; Stop when its status is another than expected."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(sent)
        parts = []
        while part := connection.recv(262_144):
            parts.append(part)
    answer = b"".join(parts)
    if answer[9:12] != str(expected).encode():
        first = sent.split(b"\r\n", 1)[0].decode()
        raise Stop(
            f"{first}: the server answered {answer[:12].decode(errors='replace')!r} and not {expected}."
        )
    return answer


def each_in_turn(port: int, requests: Sequence[tuple[bytes, ...]], expected: int = 200) -> Work:
    """Work that sends the next of these each time; of several in one, all."""
    turn: Iterator[tuple[bytes, ...]] = iter(_for_ever(requests))
    lock = threading.Lock()

    def do() -> None:
        with lock:
            mine = next(turn)
        for sent in mine:
            send(port, sent, expected)

    return Work(do)


def once_each(port: int, requests: Sequence[bytes], expected: int) -> Work:
    """Work that can be done once with each of these: an election is signed once."""
    left, lock = list(requests), threading.Lock()

    def do() -> None:
        with lock:
            if not left:
                raise Stop("More was asked for than had been prepared.")
            mine = left.pop()
        send(port, mine, expected)

    return Work(do)


def _for_ever(requests: Sequence[tuple[bytes, ...]]) -> Iterator[tuple[bytes, ...]]:
    while True:
        yield from requests


def timed(
    works: dict[str, Work], *, warm: int = WARM, times: int = TIMES
) -> dict[str, dict[str, list[float]]]:
    """Seconds of each: `one` after the other, all of them in every round; and `eight` at once, each by itself.

    In a round each is done once, so that what else the machine does disturbs all alike: the n-th times belong together.
    """
    for work in works.values():
        for _ in range(warm):
            work.do()
    one: Took = {name: [] for name in works}
    for _ in range(times):
        for name, work in works.items():
            one[name].append(_seconds(work))
    eight: Took = {name: [] for name in works}
    for _ in range(times // AT_ONCE):
        for name, work in works.items():
            eight[name] += _at_once(work)
    return {name: {"one": one[name], "eight": eight[name]} for name in works}


def _seconds(work: Work) -> float:
    began = perf_counter()
    work.do()
    return perf_counter() - began


def _at_once(work: Work) -> list[float]:
    found: list[float] = []
    faults: list[BaseException] = []

    def run() -> None:
        try:
            found.append(_seconds(work))
        except (Stop, OSError) as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run) for _ in range(AT_ONCE)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if faults:
        raise faults[0]
    return found
