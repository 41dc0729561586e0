"""Starting and ending other programs so that none outlives the launcher."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from launcher.account import Account

_PR_SET_PDEATHSIG = 1
_SET_IN_CHILD = frozenset(("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"))


def die_with_parent(number: signal.Signals) -> Callable[[], None]:
    """A preexec_fn: the kernel sends the signal to the child when the launcher dies, even by kill -9.

    Linux only; elsewhere it does nothing. It runs after the change of account, which would clear it.
    """
    parent = os.getpid()
    try:
        prctl = ctypes.CDLL(None).prctl
    except (OSError, AttributeError):
        return lambda: None

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # the launcher died before the request stood
            os._exit(1)

    return ask


def spawn(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path,
    output: IO[Any] | int,
    account: Account | None = None,
    death: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Starts a service in a session of its own, so that Ctrl-C reaches the launcher alone and it ends them in order."""
    return subprocess.Popen(
        [str(word) for word in argv],
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        preexec_fn=die_with_parent(death),
        **(account.switch if account else {}),
    )


def end(
    process: subprocess.Popen[Any], polite: signal.Signals = signal.SIGTERM, patience: float = 10.0
) -> None:
    """Asks one process to end and waits for it; see `end_all`."""
    end_all([process], polite, patience)


def end_all(
    processes: Sequence[subprocess.Popen[Any]],
    polite: signal.Signals = signal.SIGTERM,
    patience: float = 10.0,
) -> None:
    """Asks all at once, waits, then kills those who stay and whatever is left of their sessions."""
    alive = [process for process in processes if process.poll() is None]
    for process in alive:
        process.send_signal(polite)
    limit = time.monotonic() + patience
    for process in alive:
        try:
            process.wait(max(0.0, limit - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        sweep(process.pid)


def sweep(pid: int) -> None:
    """Kills what an ended service left of its session; call at once, before the number can mean someone else."""
    # Nobody may be left; for a group of zombies macOS answers that it is not permitted.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def finish(
    argv: Sequence[str | Path],
    *,
    log: Path,
    tick: Callable[[], None],
    cwd: Path,
    env: Mapping[str, str] | None = None,
    account: Account | None = None,
    stdin: str | None = None,
) -> tuple[int, str, str]:
    """Runs a tool to its end, ticking meanwhile: exit code, standard output, standard error.

    Standard error also stays in the log file; standard output and input do not, they may carry passwords.
    """
    with open(os.open(log, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+") as errors:
        process = subprocess.Popen(
            [str(word) for word in argv],
            env=dict(env) if env is not None else clean_environment(),
            cwd=cwd,
            stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
            text=True,
            **(account.switch if account else {}),
        )
        try:
            output = _talk(process, stdin, tick)
        except BaseException:
            end(process)
            raise
        errors.seek(0)
        return process.returncode, output, errors.read()


def _talk(process: subprocess.Popen[str], stdin: str | None, tick: Callable[[], None]) -> str:
    while True:
        try:
            return process.communicate(stdin, timeout=0.5)[0]
        except subprocess.TimeoutExpired:
            stdin = None  # communicate remembers what it had to send
            tick()


def foreground(argv: Sequence[str | Path], *, env: Mapping[str, str], cwd: Path) -> int:
    """Runs a command with our own standard streams and terminal; its exit code, or 128 + signal.

    Ctrl-C reaches the command by itself, since it shares our terminal; other signals are passed on.
    """
    process = subprocess.Popen(
        [str(word) for word in argv], env=dict(env), cwd=cwd, preexec_fn=die_with_parent(signal.SIGTERM)
    )
    before = {
        number: signal.signal(number, handler)
        for number, handler in (
            (signal.SIGINT, lambda *_: None),
            (signal.SIGTERM, lambda number, _: process.send_signal(number)),
            (signal.SIGHUP, lambda number, _: process.send_signal(number)),
        )
    }
    try:
        code = process.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return code if code >= 0 else 128 - code


def wait_until(done: Callable[[], bool], seconds: float, tick: Callable[[], None]) -> bool:
    """Polls until `done` or the time is over; says which."""
    limit = time.monotonic() + seconds
    while not done():
        if time.monotonic() > limit:
            return False
        tick()
        time.sleep(0.05)
    return True


def clean_environment() -> dict[str, str]:
    """The caller's environment without what would bend another Python interpreter."""
    return {name: value for name, value in os.environ.items() if name not in _SET_IN_CHILD}


def say(text: str) -> None:
    """A line on standard error, outside the numbered steps."""
    print(text, file=sys.stderr, flush=True)
