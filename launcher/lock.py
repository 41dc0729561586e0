"""One process at a time owns the embedded database of a var/ folder and tells the others where it is."""

import fcntl
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Lock:
    """A kernel lock: it vanishes with its holder, so a stale file never blocks a start.

    The file's text says who holds it; it means something only while the lock is held.
    """

    def __init__(self, path: Path):
        self._path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def take(self) -> bool:
        """Takes the lock if it is free and says whether it did."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        self.tell()
        return True

    def tell(self, **facts: Any) -> None:
        """Replaces what others read; call only while holding it."""
        text = json.dumps({"pid": os.getpid(), **facts}).encode()
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, text, 0)

    def holder(self) -> dict[str, Any]:
        """What the holder told; empty in the moment between taking and telling."""
        try:
            told = json.loads(self._path.read_text())
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}

    def wait(
        self, seconds: float, tick: Callable[[], None], give_up: Callable[[], bool] = lambda: False
    ) -> bool:
        """Tries until taken, until `give_up` or the time is over; says whether it was taken."""
        end = time.monotonic() + seconds
        while not self.take():
            if give_up() or time.monotonic() > end:
                return False
            tick()
            time.sleep(0.2)
        return True

    def release(self) -> None:
        """Closing gives the lock back."""
        os.close(self._file)
