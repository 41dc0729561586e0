"""`./run`: everything from an empty folder to a served page, and a clean end."""

import subprocess
import time
from pathlib import Path

from launcher import contract, embedded, ports, process, steps
from launcher.environment import Environment
from launcher.failure import Interrupted, Stop
from launcher.layout import DEFAULT_PORT, Layout
from launcher.lock import Lock
from launcher.options import Options
from launcher.postgres import Cluster
from launcher.progress import Progress
from launcher.supervisor import Service, Supervisor

_WAIT_FOR_COMMAND = 120.0


def serve(root: Path, options: Options) -> int:
    """Serves until a signal ends it; 0 when that was after the start."""
    own_server = contract.on_own_server()
    if own_server and not options.real:
        raise Stop("The demo never runs on your own server: type ./run --no-demo, or unset DATABASE_URL.", 2)
    kind, port = ("real" if options.real else "demo"), options.port or DEFAULT_PORT
    layout = Layout.of(root)
    theirs = contract.on_given(layout, port) if own_server else None
    lock = Lock(layout.lock)
    try:
        _take(lock)
        ports.insist_free(port)
        start = _Start(layout, kind, port, lock)
        return start.on(theirs) if theirs else start.on_embedded()
    finally:
        lock.release()


def _take(lock: Lock) -> None:
    """Another `./run` ends this one with a sentence; a management command in progress is waited for."""

    def serving() -> bool:
        return lock.holder().get("purpose") == "serve"

    if lock.take():
        return
    if not serving():
        process.say("A ./run manage command is using the database; waiting for it to end.")
    if lock.wait(_WAIT_FOR_COMMAND, lambda: None, serving):
        return
    holder = lock.holder()
    if serving():
        raise Stop(
            f"It is already running at {holder.get('url')} (process {holder.get('pid')}): stop that one first."
        )
    raise Stop(
        f"A ./run manage command (process {holder.get('pid')}) still uses the database: end it, then repeat."
    )


class _Start:
    def __init__(self, layout: Layout, kind: str, port: int, lock: Lock):
        self.layout, self.kind, self.port, self.lock = layout, kind, port, lock
        self.url = f"http://localhost:{port}"
        self.progress = Progress()
        self._tell(ready=False)

    def on_embedded(self) -> int:
        self.progress.total = 6 if self.kind == "demo" else 5
        self._environment()
        with self.progress.step("starting PostgreSQL"):
            cluster, passwords = embedded.lasting(self.layout)
            embedded.start(self.layout, cluster, self.progress)
        try:
            return self._go(
                contract.on_embedded(self.layout, self.kind, self.port, cluster, passwords), cluster
            )
        finally:
            cluster.stop()

    def on(self, stage: contract.Stage) -> int:
        self.progress.total = 4 if "ADMIN_DATABASE_URL" in stage.urls else 3
        self._environment()
        return self._go(stage, None)

    def _tell(self, *, ready: bool) -> None:
        self.lock.tell(purpose="serve", kind=self.kind, port=self.port, url=self.url, ready=ready)

    def _environment(self) -> None:
        environment = Environment(self.layout)
        with self.progress.step("environment"):
            if not environment.is_ready():
                environment.make(self.progress)

    def _go(self, stage: contract.Stage, cluster: Cluster | None) -> int:
        if "ADMIN_DATABASE_URL" in stage.urls:
            with self.progress.step("database roles"):
                steps.roles(stage, self.progress)
        with self.progress.step("migrations and reference data"):
            steps.prepare(stage, self.progress)
        accounts: list[dict[str, str]] = []
        if self.kind == "demo":
            with self.progress.step("demo"):
                accounts = steps.seed(stage, self.progress)
        self.layout.remember_served(self.kind, self.port)
        self._tell(ready=True)
        try:
            return self._serve(stage, cluster, accounts)
        finally:
            # The passwords exist nowhere else; a start that fails now must not swallow them.
            _show(accounts)

    def _serve(self, stage: contract.Stage, cluster: Cluster | None, accounts: list[dict[str, str]]) -> int:
        supervisor = Supervisor()
        try:
            with self.progress.step("web server and worker"):
                web = steps.web(stage)
                supervisor.add(Service("web server", web, lambda: steps.web(stage)))
                worker = steps.worker(stage)
                supervisor.add(Service("worker", worker, lambda: steps.worker(stage)))
                watchdog = steps.watchdog(stage)
                supervisor.add(Service("watchdog", watchdog, lambda: steps.watchdog(stage)))
                steps.await_services(web, worker, self.port, self.progress)
            if cluster is not None and cluster.process is not None:
                supervisor.add(Service("database", cluster.process, lambda: _again(cluster), lent=True))
            print(f"\n{self.url}\n", flush=True)
            _show(accounts)
            process.say("Ctrl-C stops it.")
            while True:
                supervisor.look()
                time.sleep(0.2)
        except Interrupted:
            process.say("\nStopping …")
            return 0
        finally:
            supervisor.stop()


def _again(cluster: Cluster) -> subprocess.Popen[bytes]:
    return cluster.start(lambda: None)


def _show(accounts: list[dict[str, str]]) -> None:
    """Prints the one-time passwords and forgets them, so that they are shown once."""
    if accounts:
        print(f"{'user name':<24}{'role':<28}one-time password (shown only now)")
        for account in accounts:
            print(f"{account['username']:<24}{account['role']:<28}{account['password']}")
        print("Sign in with both; the next page shows the code that an authenticator would.")
        print(flush=True)
        accounts.clear()
