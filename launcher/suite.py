"""`./test`: environment, browser and throw-away databases, then pytest with the caller's arguments.

Without arguments the whole suite runs, less what is marked `long`: proofs whose short version is in it. `./test --long`
runs those too. Named tests always run.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from launcher import browser, embedded, ports, process
from launcher.environment import Environment
from launcher.layout import Layout
from launcher.progress import Progress

_DATABASE = "sapr_test"
_LONG = "--long"
_WITHOUT_LONG = ("-m", "not long")
# pytest's codes, and the one of tests/missing.py
_INTERRUPTED, _MISSING, _NO_TESTS = 2, 3, 5
_SIGNALLED = 128


def run_tests(root: Path, arguments: list[str]) -> int:
    """pytest's exit code; 3 when all that could run passed but some tests could not run here."""
    layout = Layout.of(root)
    progress = Progress()
    environment = Environment(layout, dev=True)
    if not environment.is_ready():
        with progress.step("environment with test tools"):
            environment.make(progress)
    missing = browser.provide(layout, progress)
    pytest: list[str | Path] = [layout.python, "-m", "pytest", *(["-p", "tests.missing"] if missing else [])]
    told = {"SAPR_MISSING_BROWSER": missing} if missing else {}
    with ExitStack() as stack:
        first = stack.enter_context(_database(root, progress)) | told
        if arguments not in ([], [_LONG]):
            named = [each for each in arguments if each != _LONG]
            return process.foreground([*pytest, *named], env=first, cwd=root)
        second = stack.enter_context(_database(root, progress)) | told
        if arguments:
            return _run_whole(pytest, first, second, root)
        code = _run_whole([*pytest, *_WITHOUT_LONG], first, second, root)
        print(f"Proofs with a long version ran their short one; ./test {_LONG} runs both.")
        return code


@contextmanager
def _database(root: Path, progress: Progress) -> Iterator[dict[str, str]]:
    """A server of its own with a prepared database; what the tests are told of it."""
    with embedded.prepared(root, "rehearsal", _DATABASE, ports.free(), progress) as stage:
        # The tests check the roles themselves, so they are told all that `roles` is told.
        env = stage.for_command("roles")
        del env["SAPR_ROLE"]
        yield env


def _run_whole(
    pytest: list[str | Path], first: Mapping[str, str], second: Mapping[str, str], root: Path
) -> int:
    """The whole suite on two cores: two processes with a server each take turns (tests/turns.py).

    The second one's report follows the other's. See `_both` for the code.
    """
    with tempfile.TemporaryFile() as report, tempfile.TemporaryDirectory(prefix="sapr-turns-") as turns:
        pytest, told = [*pytest, "-p", "tests.turns"], {"SAPR_TEST_TURNS": turns}
        beside = process.spawn(
            [*pytest, "-p", "no:cacheprovider"], env={**second, **told}, cwd=root, output=report
        )
        try:
            code = process.foreground(pytest, env={**first, **told}, cwd=root)
            if code == _INTERRUPTED or code >= _SIGNALLED:
                return code
            second_code = beside.wait()
        finally:
            process.end(beside)
        report.seek(0)
        sys.stdout.flush()
        shutil.copyfileobj(report, sys.stdout.buffer)
        sys.stdout.flush()
    return _both(code, second_code)


def _both(*codes: int) -> int:
    """One exit code for both: a failure before "some could not run here", that before success.

    One whose turn never came says nothing, unless there was no test for either.
    """
    told = [code for code in codes if code != _NO_TESTS] or [_NO_TESTS]
    failed = [code for code in told if code not in (0, _MISSING)]
    return failed[0] if failed else max(told)
