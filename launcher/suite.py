"""`./test`: environment, browser and a throw-away database, then pytest with the caller's arguments."""

import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from launcher import browser, embedded, ports, process, steps
from launcher.environment import Environment
from launcher.layout import Layout
from launcher.progress import Progress

_DATABASE = "sapr_test"
# These tests touch no database, so they can run on the second core beside the others.
_PURE = "tests/policy"
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
    with embedded.throwaway(root, "rehearsal", _DATABASE, ports.free(), progress) as stage:
        with progress.step("throw-away database"):
            steps.roles(stage, progress)
            steps.prepare(stage, progress)
        # The tests check the roles themselves, so they are told all that `roles` is told.
        env = stage.for_command("roles")
        del env["SAPR_ROLE"]
        plugin = []
        if missing:
            plugin = ["-p", "tests.missing"]
            env["SAPR_MISSING_BROWSER"] = missing
        pytest = [layout.python, "-m", "pytest", *plugin]
        if arguments:
            return process.foreground([*pytest, *arguments], env=env, cwd=root)
        return _run_whole(pytest, env, root)


def _run_whole(pytest: list[str | Path], env: Mapping[str, str], root: Path) -> int:
    """The whole suite in two processes; the pure half's report follows the other's. See `_both` for the code."""
    with tempfile.TemporaryFile() as report:
        pure = process.spawn([*pytest, "-p", "no:cacheprovider", _PURE], env=env, cwd=root, output=report)
        try:
            code = process.foreground([*pytest, f"--ignore={_PURE}"], env=env, cwd=root)
            if code == _INTERRUPTED or code >= _SIGNALLED:
                return code
            pure_code = pure.wait()
        finally:
            process.end(pure)
        report.seek(0)
        sys.stdout.flush()
        shutil.copyfileobj(report, sys.stdout.buffer)
        sys.stdout.flush()
    return _both(code, pure_code)


def _both(*codes: int) -> int:
    """One exit code for both halves: a failure before "some could not run here", that before success.

    A half in which a filter of the caller's left no test says nothing, unless neither had any.
    """
    told = [code for code in codes if code != _NO_TESTS] or [_NO_TESTS]
    failed = [code for code in told if code not in (0, _MISSING)]
    return failed[0] if failed else max(told)
