"""The PostgreSQL of the measurements: a cluster in the state's folder, in it two databases for each size."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import psycopg

from launcher import contract, embedded, placement, ports, steps
from launcher.account import for_data
from launcher.layout import Layout
from launcher.placement import Place
from launcher.postgres import Cluster
from launcher.progress import Progress

ROOT = Path(__file__).resolve().parents[2]
# What somebody who keeps a department's history would set; the rest is as PostgreSQL comes.
SETTINGS = {
    "shared_buffers": "1GB",
    "effective_cache_size": "6GB",
    "maintenance_work_mem": "256MB",
    "random_page_cost": "1.1",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "30min",
    # Rows come in bulk and are made again when they are lost: no log of them.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # Statistics are made when all is there; while rows come in, it would only be in the way.
    "autovacuum": "off",
}
# All sizes are served at once. Of each: SAPR's server, eight threads with a session in either database (16); the plain
# app's, eight threads (8); the floor (1). Made ready and explained is one size after the other, by two sessions more.
# Four sizes are 102, three are kept for the administrator, and a thread that begins anew may leave one behind.
CONNECTIONS = {"max_connections": "160"}
# Into the system's memory, not into PostgreSQL's own: what is asked there is found there as ever.
WARMED = """
SELECT pg_prewarm(oid::regclass, 'read') FROM pg_class WHERE relkind = 'i' AND relnamespace = 'public'::regnamespace
"""


class Ground:
    """The running cluster. `stage(size)` is what the processes of that size are told."""

    def __init__(self, folder: Path, cluster: Cluster, passwords: dict[str, str]) -> None:
        self.folder, self.cluster, self._passwords = folder, cluster, passwords

    def layout(self, size: int) -> Layout:
        """Keys, checkpoints and logs of a size: each is a system of its own."""
        var = self.folder / f"{size}"
        var.mkdir(exist_ok=True)
        return Layout(ROOT, var)

    def stage(self, size: int) -> contract.Stage:
        urls = contract.embedded(self.cluster, self._passwords, f"sapr_bench_{size}")
        return contract.Stage(self.layout(size), "rehearsal", ports.free(), urls)

    def admin(self, database: str) -> psycopg.Connection[Any]:
        """The administrator's connection to one of the databases."""
        return psycopg.connect(f"{_url(self.cluster).rpartition('/')[0]}/{database}")

    def warmed(self, database: str) -> None:
        """Read a database's indexes into memory, where those of a server that has run for days are.

        Without PostgreSQL's `pg_prewarm` they stay on the disk, and that is said.
        """
        with self.admin(database) as admin:
            known = admin.execute("SELECT FROM pg_available_extensions WHERE name = 'pg_prewarm'").fetchone()
            if known is None:
                print("pg_prewarm is not installed: indexes are read from the disk", file=sys.stderr)
                return
            admin.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
            admin.execute(WARMED)

    def server(self) -> psycopg.Connection[Any]:
        """The administrator's connection to no size's database, for making further ones."""
        return psycopg.connect(_url(self.cluster), autocommit=True)

    def prepared(self, size: int, progress: Progress) -> contract.Stage:
        """The size's databases with the tables of today: made, or migrated where they are of an earlier day."""
        stage = self.stage(size)
        with progress.step(f"database for {size:,} reports"):
            steps.roles(stage, progress)
            steps.prepare(stage, progress)
        return stage


@contextmanager
def ground(folder: Path, progress: Progress, *, careful: bool = True) -> Iterator[Ground]:
    """The state's cluster, made where there is none, running for the block.

    `careful`: with every write on the disk before it is said to be done, as in production; what is measured is. Not
    while rows come in bulk.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    data = folder / "cluster" / "postgres"
    account = for_data(data if data.is_dir() else None)
    home = account.own(folder / "cluster")
    socket = home if placement.fits(home) else account.own(Path(gettempdir()) / f"sapr-bench-{os.getpid()}")
    made = embedded.careful if careful else embedded.careless
    cluster, passwords = made(Layout(ROOT, folder), Place(data, socket, home, account))
    cluster.settings |= CONNECTIONS
    fresh = not cluster.exists()
    try:
        with progress.step("PostgreSQL of the measurements"):
            embedded.start(Layout(ROOT, folder), cluster, progress)
            if fresh:
                _set(cluster)
                cluster.stop()
                embedded.start(Layout(ROOT, folder), cluster, progress)
        yield Ground(folder, cluster, passwords)
    finally:
        cluster.stop()


def _set(cluster: Cluster) -> None:
    with psycopg.connect(_url(cluster), autocommit=True) as admin:
        for name, value in SETTINGS.items():
            admin.execute(f"ALTER SYSTEM SET {name} = '{value}'")


def _url(cluster: Cluster) -> str:
    return cluster.admin_url().replace("postgres://", "postgresql://", 1)
