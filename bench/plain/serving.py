"""The plain app's database in the cluster of the measurements, and its server: as SAPR's own is started."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench.load.ground import ROOT, Ground
from launcher import ports, process
from launcher.failure import Stop

PATIENCE = 60.0


class Plain:
    """One size of it: where it is served, and what a client needs."""

    def __init__(self, here: Ground, size: int) -> None:
        self.port = ports.free()
        self.database = name = f"sapr_bench_plain_{size}"
        owner = here.stage(size).urls["OWNER_DATABASE_URL"]
        self.url = f"{owner.rpartition('/')[0]}/{name}"
        with here.server() as admin:
            if admin.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
                admin.execute(f"CREATE DATABASE {name} OWNER sapr_owner")
        told = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "bench.plain.filling", str(size)],
            cwd=ROOT, env=self._environment(), stdout=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
        if told.returncode:
            raise Stop("The plain app's database could not be filled; its own lines above say why.")
        self.told: dict[str, Any] = json.loads(told.stdout)

    def _environment(self) -> dict[str, str]:
        return os.environ | {
            "PLAIN_DATABASE_URL": self.url,
            "DJANGO_SETTINGS_MODULE": "bench.plain.settings",
        }

    @contextmanager
    def served(self) -> Iterator[int]:
        """Its web server, for the block; the process that the workers belong to."""
        words = ["-m", "gunicorn", "bench.plain.wsgi", "--bind", f"127.0.0.1:{self.port}", "--workers", "2"]
        words += ["--threads", "4", "--no-control-socket", "--log-level", "warning"]
        server = process.spawn(
            [sys.executable, *words], env=self._environment(), cwd=ROOT, output=sys.stderr.fileno()
        )
        try:
            limit = time.monotonic() + PATIENCE
            while not _listens(self.port):
                if server.poll() is not None or time.monotonic() > limit:
                    raise Stop("The plain app's server did not start; its own lines above say why.")
                time.sleep(0.1)
            yield server.pid
        finally:
            process.end(server)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
