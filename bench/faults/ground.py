"""The throw-away PostgreSQL of a run. It writes as carefully as a lasting one: what it confirmed must outlast kills."""

import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from bench.faults.state import State
from launcher import contract, embedded, placement, ports, steps
from launcher.layout import Layout
from launcher.placement import Place
from launcher.postgres import Cluster
from launcher.progress import Progress

DATABASE = "sapr_faults"
ROOT = Path(__file__).resolve().parents[2]


class Ground:
    """The running server, what its processes are told, and an administrator's eye on it."""

    def __init__(self, cluster: Cluster, stage: contract.Stage) -> None:
        self.cluster, self.stage = cluster, stage
        self._eye: psycopg.Connection | None = None

    def ask(self, statement: str, values: Any = ()) -> list[tuple[Any, ...]]:
        """One statement as the administrator, in a session that is opened again when it was lost."""
        for attempt in range(2):
            try:
                if self._eye is None or self._eye.closed:
                    url = self.stage.urls["ADMIN_DATABASE_URL"].rpartition("/")[0] + f"/{DATABASE}"
                    self._eye = psycopg.connect(url, autocommit=True)
                cursor = self._eye.execute(statement, values)
                return cursor.fetchall() if cursor.description else []
            except psycopg.OperationalError:
                if self._eye is not None:
                    self._eye.close()
                self._eye = None
                if attempt:
                    raise
        return []

    def kill(self) -> None:
        """Kill -9 of the server, and start it again: it recovers from what it had written."""
        process = self.cluster.process
        if process is not None:
            process.send_signal(signal.SIGKILL)
            process.wait()
        self.cluster.start(lambda: None)

    def worker_env(self) -> dict[str, str]:
        """What `./run` tells a worker, but for mail: it goes nowhere."""
        env = self.stage.for_worker()
        del env["SAPR_MAIL_DIR"]
        return env | {"EMAIL_URL": "dummymail://", "SAPR_CHECKPOINT_DIR": ""}


@contextmanager
def ground(state: State, progress: Progress) -> Iterator[Ground]:
    """The cluster of this run, made or taken up again. It is removed only when the run came to its end."""
    place = _place(state)
    layout = Layout(ROOT, Path(state.var))
    cluster, passwords = embedded.careful(layout, place)
    urls = contract.embedded(cluster, passwords, DATABASE)
    stage = contract.Stage(layout, "rehearsal", ports.free(), urls)
    try:
        with progress.step("throw-away PostgreSQL with fsync"):
            embedded.start(layout, cluster, progress)
        if not layout.prepared("rehearsal").exists():
            with progress.step("database"):
                steps.roles(stage, progress)
                steps.prepare(stage, progress)
        yield Ground(cluster, stage)
    finally:
        cluster.stop()
        if state.path is None or state.phase == "done":
            for folder in (state.place, state.var):
                shutil.rmtree(folder, ignore_errors=True)


def _place(state: State) -> Place:
    fresh = placement.throwaway()
    if not state.place:
        state.place, state.var = str(fresh.spare), tempfile.mkdtemp(prefix="sapr-")
        state.keep()
        return fresh
    fresh.spare.rmdir()
    folder = Path(state.place)
    return Place(folder / "postgres", folder, folder, fresh.account)
