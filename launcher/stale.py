"""Lock files that a killed PostgreSQL left behind. Call only while holding the launcher's own lock."""

import os
import signal
import subprocess
import time
from pathlib import Path

from launcher.failure import Stop


def clear(data: Path, socket: Path, patience: float = 15.0) -> None:
    """Removes the server's lock files when their process is gone or is something else altogether.

    A server still at work on this data is an orphan, since we hold the lock: it is ended first.
    """
    pid_file = data / "postmaster.pid"
    pid = _first_number(pid_file)
    if pid is not None and _serves(pid, data):
        _end(pid, data, patience)
    for leftover in (pid_file, *socket.glob(".s.PGSQL.*.lock")):
        pid = _first_number(leftover)
        if pid is None or not _serves(pid, data):
            leftover.unlink(missing_ok=True)


def _first_number(path: Path) -> int | None:
    try:
        return abs(int(path.read_text().split("\n", 1)[0]))
    except (OSError, ValueError):
        return None


def _serves(pid: int, data: Path) -> bool:
    """Whether the process is a PostgreSQL server on this data: numbers are used again, so being alive is no proof."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        if Path("/proc/self").exists():
            return False
        asked = subprocess.run(["/bin/ps", "-p", str(pid), "-o", "args="], capture_output=True, check=False)
        words = asked.stdout.split()
    return bool(words) and words[0].endswith(b"postgres") and os.fsencode(data) in words


def _end(pid: int, data: Path, patience: float) -> None:
    for number in (signal.SIGINT, signal.SIGQUIT):  # fast, then immediate: both are safe for the data
        try:
            os.kill(pid, number)
        except OSError:
            break
        limit = time.monotonic() + patience
        while time.monotonic() < limit:
            if not _serves(pid, data):
                return
            time.sleep(0.1)
    if _serves(pid, data):
        raise Stop(
            f"A PostgreSQL server (process {pid}) still works on {data} and does not end: end it, then repeat."
        )
