"""Progress on standard error: one line per step, dots while it takes its time."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_DOT_EVERY = 2.0


class Progress:
    """Numbers the steps `1/6 …`. Standard output is never touched."""

    def __init__(self, total: int = 0):
        self.total = total
        self.done = 0
        self._last = 0.0
        self._notes: list[str] = []
        self._open = False

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        """One numbered line; ends with the seconds it took, or breaks off when the step fails."""
        self.done += 1
        number = f"{self.done}/{self.total} " if self.total else ""
        start = self._last = time.monotonic()
        self._write(f"{number}{text} ")
        self._open = True
        try:
            yield
        except BaseException:
            self._write("\n")
            raise
        else:
            self._write(f"{time.monotonic() - start:.1f} s\n")
        finally:
            self._open = False
            for note in self._notes:
                self._write(f"    {note}\n")
            self._notes.clear()

    def tick(self) -> None:
        """Called in every waiting loop; now and then adds a dot."""
        now = time.monotonic()
        if self._open and now - self._last >= _DOT_EVERY:
            self._last = now
            self._write(".")

    def note(self, text: str) -> None:
        """Something worth knowing; shown under the step that is going on."""
        if self._open:
            self._notes.append(text)
        else:
            self._write(f"{text}\n")

    @staticmethod
    def _write(text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()
