"""The virtual environment in var/venv: made once, checked by a stamp, remade when half-made or out of date."""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher import failure, process
from launcher.failure import Stop
from launcher.layout import Layout
from launcher.lock import Lock
from launcher.progress import Progress

_NO_VENV = (
    "Python lacks venv and pip: install the package python3-venv (apt install python3-venv), then repeat."
)
_UNREACHABLE = (
    "Temporary failure in name resolution",
    "NewConnectionError",
    "Max retries exceeded",
    "ConnectTimeout",
)


class Environment:
    """`requirements.txt`, and with `dev` also `requirements-dev.txt`, each behind a stamp of its own."""

    def __init__(self, layout: Layout, *, dev: bool = False):
        self._layout = layout
        self._parts = ["requirements.txt"] + (["requirements-dev.txt"] if dev else [])

    def is_ready(self) -> bool:
        """True when every part's stamp fits; the stamp is written last, so a half-made environment has none."""
        return self._layout.python.exists() and all(self._fits(part) for part in self._parts)

    def make(self, progress: Progress) -> None:
        """Makes what is missing. Raises Stop with what to do when Python, the network or the disk stands in the way."""
        with self._alone(progress):
            if not self._layout.python.exists() or not self._fits(self._parts[0]):
                self._create(progress)
            for part in self._parts:
                if not self._fits(part):
                    self._install(part, progress)

    def _create(self, progress: Progress) -> None:
        venv = self._layout.venv
        if venv.exists():
            self._refuse_while_serving()
            progress.note("the earlier environment was half-made or out of date and was remade")
            shutil.rmtree(venv)
        if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
            raise Stop(_NO_VENV)
        code, said, complaint = self._finish([sys.executable, "-m", "venv", str(venv)], "venv", progress)
        if code:
            shutil.rmtree(venv, ignore_errors=True)
            if failure.disk_full_in(said + complaint):
                raise Stop(failure.DISK_FULL)
            if "ensurepip" in said + complaint:
                raise Stop(_NO_VENV)
            raise Stop(
                f"Making the environment failed ({failure.last_line(said + complaint)}); see var/log/venv.log."
            )

    def _install(self, part: str, progress: Progress) -> None:
        pip = [
            str(self._layout.python),
            "-m",
            "pip",
            "--disable-pip-version-check",
            "--no-input",
            "install",
            "--quiet",
        ]
        wanted = ["--progress-bar", "off", "--require-hashes", "-r", str(self._layout.root / part)]
        code, said, complaint = self._finish([*pip, *wanted], "pip", progress)
        if code:
            raise Stop(_reason(said + complaint))
        self._stamp(part).write_text(self._digest(part))

    def _finish(self, argv: list[str], log: str, progress: Progress) -> tuple[int, str, str]:
        layout = self._layout
        return process.finish(argv, log=layout.log(log), tick=progress.tick, cwd=layout.root)

    def _stamp(self, part: str) -> Path:
        return self._layout.venv / f".complete-{part}"

    def _fits(self, part: str) -> bool:
        try:
            return self._stamp(part).read_text() == self._digest(part)
        except OSError:
            return False

    def _digest(self, part: str) -> str:
        """Covers the environment's own place too: its scripts name it, so a moved project needs a new one."""
        about = f"{sys.version_info[:3]} {self._layout.venv}\n".encode()
        return hashlib.sha256(about + (self._layout.root / part).read_bytes()).hexdigest()

    def _refuse_while_serving(self) -> None:
        lock = Lock(Layout.of(self._layout.root).lock)
        try:
            if not lock.take() and lock.holder().get("pid") != os.getpid():
                raise Stop("The environment must be remade but a running ./run uses it: stop that one first.")
        finally:
            lock.release()

    @contextmanager
    def _alone(self, progress: Progress) -> Iterator[None]:
        """Two starts at once: the second waits for the first's environment."""
        descriptor = os.open(self._layout.root / "var" / "environment.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:

            def free() -> bool:
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return False
                return True

            if not process.wait_until(free, 600, progress.tick):
                raise Stop(
                    "Another start has been making the environment for ten minutes: end it, then repeat."
                )
            yield
        finally:
            os.close(descriptor)


def _reason(output: str) -> str:
    if failure.disk_full_in(output):
        return failure.DISK_FULL
    if "DO NOT MATCH THE HASHES" in output:
        return "A downloaded package is not the one pinned and was refused: check your package index."
    if any(phrase in output for phrase in _UNREACHABLE):
        return "The package index cannot be reached: check the network or pip's configuration, then repeat."
    return (
        f"Installing the requirements failed ({failure.last_line(output)}); the whole is in var/log/pip.log."
    )
