"""Real processes for tests: start, wait for an effect, kill."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

PATIENCE = 120.0


def wait_until(
    true: Callable[[], object], what: str, *, log: Path | None = None, patience: float = PATIENCE
) -> None:
    """Look every tenth of a second until it holds; when patience ends fail with `what` and the log's end."""
    pause = threading.Event()
    for _ in range(int(patience * 10)):
        if true():
            return
        pause.wait(0.1)
    tail = log.read_text()[-2000:] if log else ""
    raise AssertionError(f"waited {patience:.0f} s in vain: {what}\n{tail}")


@contextmanager
def celery_worker(env: dict[str, str], folder: Path, log: Path, *, module: tuple[str, ...] = ("celery",)):
    """A real Celery worker with beat, as `./run` starts it; killed with -9 at the end if still there.

    `module`: what is run with `-m` in the place of Celery itself, with its first arguments.
    """
    command = [
        sys.executable, "-W", "ignore", "-m", *module, "--quiet", "-A", "sapr.worker", "worker",
        "-B", "--schedule", str(folder / "beat"), "-n", "w@test", "--concurrency", "1", "--without-gossip",
        "--without-mingle", "--without-heartbeat", "--loglevel", "INFO",
    ]  # fmt: skip
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=env,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            kill(process)


def kill(process: subprocess.Popen) -> None:
    """`kill -9` of the process and its children."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
