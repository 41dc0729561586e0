"""`./test` runs two halves beside each other and answers with one exit code."""

import os
import signal
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from launcher import suite

ROOT = Path(__file__).resolve().parents[2]
# Stands in for pytest: the second half is the one that is told its folders.
STAND_IN = """
import os, signal, sys
second = "tests/policy" in sys.argv
print("second half" if second else "first half", flush=True)
if "BOTH_WAIT" in os.environ:
    signal.pause()
sys.exit(int(os.environ["SECOND_CODE" if second else "FIRST_CODE"]))
"""


def program(**given):
    env = {"FIRST_CODE": "0", "SECOND_CODE": "0"} | given
    code = (
        "import os, sys; from pathlib import Path; from launcher import suite; "
        f"sys.exit(suite._run_whole([sys.executable, '-c', {STAND_IN!r}], os.environ, os.environ, Path('.')))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code], env=os.environ | env, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize(
    ("codes", "together"),
    [
        ((0, 0), 0),
        ((0, 1), 1),
        ((1, 0), 1),
        ((3, 1), 1),
        ((3, 0), 3),
        ((5, 1), 1),
        ((0, 5), 0),
        ((5, 3), 3),
        ((5, 5), 5),
        ((4, 1), 4),
    ],
)
def test_a_failure_in_either_half_is_the_answer(codes, together):
    assert suite._both(*codes) == together


def test_both_halves_run_and_both_reports_are_shown():
    running = program(SECOND_CODE="1", FIRST_CODE="3")
    told, _ = running.communicate(timeout=60)
    assert (running.returncode, told.splitlines()) == (1, ["first half", "second half"])


def test_a_stopped_run_does_not_wait_for_the_other_half():
    running = program(BOTH_WAIT="1")
    assert running.stdout.readline() == "first half\n"
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=60)
    assert running.returncode == 128 + signal.SIGTERM


def test_every_part_of_the_second_half_is_there_so_that_none_runs_twice_or_never():
    assert [part for part in suite._SECOND_HALF if not (ROOT / part).exists()] == []


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        ([], ["-m", "not long"]),
        (["--long"], []),
        (["tests/api"], ["tests/api"]),
        (["--long", "-k", "x"], ["-k", "x"]),
    ],
)
def test_long_proofs_run_when_asked_for_or_named(monkeypatch, arguments, given):
    """`.ci/run` asks for them: nothing is left out there."""
    ran = []
    monkeypatch.setattr(suite.Environment, "is_ready", lambda self: True)
    monkeypatch.setattr(suite.browser, "provide", lambda *_: "")
    monkeypatch.setattr(suite, "_database", lambda *_: nullcontext({}))
    monkeypatch.setattr(suite, "_run_whole", lambda pytest, *_: ran.append(pytest) or 0)
    monkeypatch.setattr(suite.process, "foreground", lambda words, **_: ran.append(words) or 0)
    assert suite.run_tests(ROOT, arguments) == 0
    assert ran[0][3:] == given
    assert "./test --long\n" in (ROOT / ".ci/run").read_text()
