"""How handing over ends, and the one limit that holds for a connection as a whole."""

import contextlib
import socket
import threading

from django.db import models


class Outcome(models.TextChoices):
    LEASED = "leased", "Begun, and cut off before its end"
    HANDED_OVER = "handed_over", "Handed over"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    REFUSED = "refused", "Refused for good"
    BUSY = "busy", "Refused for now"
    UNREACHABLE = "unreachable", "Not reached"
    TIMED_OUT = "timed_out", "No answer in time"
    CUT_OFF = "cut_off", "Cut off in between"
    BAD_REPLY = "bad_reply", "An answer that is none"
    NOT_ALLOWED = "not_allowed", "The host stands at an address that is not allowed"
    NO_KEY = "no_key", "The secret could not be read"
    FAILED = "failed", "A fault of this system"
    BYTES_CHANGED = "bytes_changed", "The message would not be the same bytes as before"


class NotHandedOver(Exception):  # noqa: N818 - what happened, not a defect
    """Why a message was not taken. `for_good`: trying again is of no use; `this_one`: the channel itself works."""

    def __init__(self, outcome: Outcome, *, for_good: bool = False, this_one: bool = False) -> None:
        super().__init__(outcome.value)
        self.outcome, self.for_good, self.this_one = outcome, for_good, this_one


class Deadline:
    """Ends a connection after so many seconds, whatever it is doing.

    A time-out of a socket begins anew with every byte: somebody who sends one byte a second holds it for ever. This
    one does not. It keeps a second handle of the connection, because TLS takes the first one away.
    """

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._lock = threading.Lock()
        self._held: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> "Deadline":
        self._timer.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._timer.cancel()
        with self._lock:
            self._let_go()

    def watch(self, connection: socket.socket) -> None:
        """This is the connection to end; TimeoutError when it is too late already."""
        with self._lock:
            self._let_go()
            self._held = connection.dup()
        if self.passed:
            raise TimeoutError

    def _end(self) -> None:
        with self._lock:
            self.passed = True
            if self._held is not None:
                # The other side may have gone first.
                with contextlib.suppress(OSError):
                    self._held.shutdown(socket.SHUT_RDWR)

    def _let_go(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None
