"""How the launcher gives up: one sentence that says what to do, never a traceback."""

import errno

DISK_FULL = "The disk is full: free about 1 GB and run the same command again."
_FULL = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_FULL_IN_OUTPUT = ("No space left on device", "Disk quota exceeded")


class Stop(Exception):  # noqa: N818 - it ends the command; it need not be an error
    """Carries the one sentence for the person and the exit code."""

    def __init__(self, sentence: str, code: int = 1):
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


class Interrupted(BaseException):
    """Ctrl-C or a termination signal; a BaseException so that no `except Exception` swallows it."""


def explain(error: OSError) -> str:
    """The sentence for an operating system error that nobody foresaw more closely."""
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in _FULL:
        return DISK_FULL
    if error.errno in _FORBIDDEN:
        return (
            f"This account may not read or write what it needs{where}: "
            "run as the account that owns the project folder, or correct the permissions."
        )
    return f"The system refused: {error.strerror or error}{where}; put that right and run the same command again."


def disk_full_in(output: str) -> bool:
    """Whether another program's output says that it ran out of space."""
    return any(phrase in output for phrase in _FULL_IN_OUTPUT)


def last_line(output: str) -> str:
    """The last line of a program's output that says anything; Python and pip put the reason there."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("ERROR:", "FATAL:", "initdb: error:"))]
    return (errors or lines or ["it said nothing"])[-1][:300]
