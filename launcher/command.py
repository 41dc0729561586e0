"""`./run manage …`: one management command in the environment and database that `./run` serves. And measurements."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher import contract, embedded, process, steps
from launcher.contract import Stage
from launcher.environment import Environment
from launcher.failure import Stop
from launcher.layout import Layout
from launcher.lock import Lock
from launcher.options import Options
from launcher.progress import Progress

_WAIT = 180.0


def manage(root: Path, options: Options) -> int:
    """The command's own exit code; everything the launcher itself has to say goes to standard error."""
    layout = Layout.of(root)
    kind, port = layout.last_served()
    port = options.port or port
    progress = Progress()
    _ready(layout, progress)
    if contract.on_own_server():
        return _run(contract.on_given(layout, port), options.command)
    with _database(layout, "real" if options.real else kind, port, progress) as stage:
        return _run(stage, options.command)


def measurement(root: Path, options: Options) -> int:
    """`./run faults …`, `./run bench …`: on a cluster of its own; touches no database of `./run`."""
    layout = Layout.of(root)
    _ready(layout, Progress())
    module = {"faults": "bench.faults", "bench": "bench.load", "fuzz": "bench.fuzz"}[options.mode]
    argv = [layout.python, "-W", "ignore", "-m", module, *options.command]
    return process.foreground(argv, env=process.clean_environment(), cwd=root)


def without_database(root: Path, options: Options) -> int:
    """A command that asks nothing of a database and needs no secret; its own exit code."""
    layout = Layout.of(root)
    _ready(layout, Progress())
    env = {**process.clean_environment(), "DJANGO_SETTINGS_MODULE": "sapr.settings"}
    return process.foreground([layout.python, "manage.py", *options.command], env=env, cwd=layout.root)


def _ready(layout: Layout, progress: Progress) -> None:
    environment = Environment(layout)
    if not environment.is_ready():
        with progress.step("environment"):
            environment.make(progress)


def _run(stage: Stage, words: list[str]) -> int:
    argv = [stage.layout.python, "manage.py", *words]
    return process.foreground(argv, env=stage.for_command(words[0] if words else ""), cwd=stage.layout.root)


@contextmanager
def _database(layout: Layout, kind: str, port: int, progress: Progress) -> Iterator[Stage]:
    """The running `./run`'s database, or one started for this command and stopped after it."""
    lock = Lock(layout.lock)
    try:
        ours = _own_or_join(lock, progress)
        cluster, passwords = embedded.lasting(layout)
        stage = contract.on_embedded(layout, kind, port, cluster, passwords)
        try:
            if ours:
                lock.tell(purpose="manage")
                _start(layout, cluster, progress)
            _prepare_once(stage, progress)
            yield stage
        finally:
            if ours:
                cluster.stop()
    finally:
        lock.release()


def _start(layout: Layout, cluster: embedded.Cluster, progress: Progress) -> None:
    if cluster.exists():
        embedded.start(layout, cluster, progress)
        return
    with progress.step("starting PostgreSQL for the first time"):
        embedded.start(layout, cluster, progress)


def _prepare_once(stage: Stage, progress: Progress) -> None:
    """A database nobody has served yet is made ready first; later ones are as `./run` left them."""
    if stage.layout.prepared(stage.kind).exists():
        return
    with progress.step(f"preparing the {stage.kind} database"):
        steps.roles(stage, progress)
        steps.prepare(stage, progress)


def _own_or_join(lock: Lock, progress: Progress) -> bool:
    """True when we now own the database, False when a `./run` that has finished its preparations does."""

    def joined() -> bool:
        return bool(lock.holder().get("ready"))

    if lock.take():
        return True
    if not joined():
        progress.note("The database is being started or used by another command; waiting for it.")
    if lock.wait(_WAIT, progress.tick, joined):
        return True
    if joined():
        return False
    raise Stop(
        f"Another command (process {lock.holder().get('pid')}) has been using the database for minutes: end it first."
    )
