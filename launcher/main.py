"""The two doors, `run` and `test`: they turn every foreseen failure into its sentence and exit code."""

import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from launcher import check, command, options, serve, suite
from launcher.failure import Interrupted, Stop, explain

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(root: str, words: list[str]) -> int:
    """What `./run` does; the process's exit code."""

    def choose() -> int:
        wanted = options.parse(words)
        if wanted.mode == "help":
            print(options.HELP, end="")
            return 0
        if wanted.mode == "check":
            return check.check(Path(root))
        if wanted.mode == "manage":
            return command.manage(Path(root), wanted)
        if wanted.mode in ("faults", "bench", "fuzz"):
            return command.measurement(Path(root), wanted)
        if wanted.mode == "anonymity":
            return command.without_database(Path(root), wanted)
        return serve.serve(Path(root), wanted)

    return _guarded(choose)


def test(root: str, words: list[str]) -> int:
    """What `./test` does; the process's exit code."""
    return _guarded(lambda: suite.run_tests(Path(root), words))


def _guarded(work: Callable[[], int]) -> int:
    for number in _ENDING:
        signal.signal(number, _interrupt)
    try:
        return work()
    except Stop as stop:
        print(stop.sentence, file=sys.stderr)
        return stop.code
    except Interrupted:
        print("Stopped.", file=sys.stderr)
        return 130
    except OSError as error:
        print(explain(error), file=sys.stderr)
        return 1


def _interrupt(number: int, frame: FrameType | None) -> None:
    """The first signal unwinds everything; further ones must not disturb the tidying up, which is bounded in time."""
    for other in _ENDING:
        # Not SIG_IGN: programs started while tidying up would inherit that.
        signal.signal(other, lambda *_: None)
    raise Interrupted
