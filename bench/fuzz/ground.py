"""What is thrown at: a demo on a throw-away PostgreSQL, served by the real web server and worker, and keys into it."""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from launcher import contract, embedded, ports, process, steps
from launcher.progress import Progress

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Target:
    """Where the API is, a key for each account of the demo by user name, what the server says of itself, and by key
    as what its owner is appointed."""

    port: int
    keys: dict[str, str]
    schema: dict[str, Any]
    roles: dict[str, str] = field(default_factory=dict)


class _Unpaced(contract.Stage):
    """Asks as fast as it can: how fast somebody may ask is tried elsewhere (tests/clients)."""

    def for_web(self) -> dict[str, str]:
        return super().for_web() | {"SAPR_API_PER_MINUTE": "0"}


@contextmanager
def target(progress: Progress) -> Iterator[Target]:
    """A served demo for the block. Stop says what did not start."""
    services: list[steps.Process] = []
    with embedded.throwaway(ROOT, "demo", "sapr_demo", ports.free(), progress) as stage:
        with progress.step("demo"):
            steps.roles(stage, progress)
            steps.prepare(stage, progress)
            accounts = steps.seed(stage, progress)
        names = [account["username"] for account in accounts]
        keys = {
            name: steps.manage(stage, ["staff", "apikey", name], "Making a key", progress).split()[-1]
            for name in names
        }
        try:
            with progress.step("web server and worker"):
                services += [
                    steps.web(_Unpaced(**vars(stage))),
                    steps.worker(stage),
                ]
                steps.await_services(*services, stage.port, progress)
            roles = {keys[account["username"]]: account["role"] for account in accounts}
            yield Target(stage.port, keys, _schema(stage.port, keys[names[0]]), roles)
        finally:
            process.end_all(services)


def _schema(port: int, key: str) -> dict[str, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/api/schema/", headers={"Authorization": f"Bearer {key}"})
    return json.loads(connection.getresponse().read())
