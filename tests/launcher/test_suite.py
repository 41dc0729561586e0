"""`./test` runs two processes beside each other, which share the tests, and answers with one exit code."""

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from contextlib import nullcontext
from itertools import zip_longest
from pathlib import Path
from types import SimpleNamespace

import pytest

from launcher import suite
from tests import turns

ROOT = Path(__file__).resolve().parents[2]
# Stands in for pytest: the second one is told to leave the cache alone.
STAND_IN = """
import os, signal, sys
second = "no:cacheprovider" in sys.argv
print("second" if second else "first", os.path.isdir(os.environ["SAPR_TEST_TURNS"]), flush=True)
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
def test_a_failure_in_either_is_the_answer(codes, together):
    assert suite._both(*codes) == together


def test_both_run_and_both_reports_are_shown():
    running = program(SECOND_CODE="1", FIRST_CODE="3")
    told, _ = running.communicate(timeout=60)
    assert (running.returncode, told.splitlines()) == (1, ["first True", "second True"])


def test_a_stopped_run_does_not_wait_for_the_other():
    running = program(BOTH_WAIT="1")
    assert running.stdout.readline() == "first True\n"
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=60)
    assert running.returncode == 128 + signal.SIGTERM


def test_every_part_that_is_named_is_there():
    assert [part for part in (*turns.WHOLE, *turns.FIRST) if not (ROOT / part).exists()] == []


def test_two_processes_run_every_test_once_and_what_belongs_together_in_one(tmp_path, monkeypatch):
    """Files of a part that is taken whole, and a file whose tests were collected in two places."""
    monkeypatch.setattr(turns, "WHOLE", ("tests/whole",))
    monkeypatch.setattr(turns, "FIRST", ("tests/b.py",))
    names = ("tests/a.py::1", "tests/whole/x.py::1", "tests/b.py::1", "tests/a.py::2", "tests/whole/y.py::1")
    found = turns.parts([SimpleNamespace(nodeid=name) for name in names])
    assert list(found) == ["tests/b.py", "tests/a.py", "tests/whole"]
    one, other = turns.taken(found, tmp_path), turns.taken(found, tmp_path)
    ran = [item.nodeid for both in zip_longest(one, other) for item in both if item]
    assert sorted(ran) == sorted(names)


def test_two_real_ones_run_each_test_once_and_a_failure_is_told(tmp_path):
    turned, folder = tmp_path / "turns", tmp_path / "tests"
    turned.mkdir()
    folder.mkdir()
    for name in ("one", "two", "three"):
        (folder / f"test_{name}.py").write_text(f"def test_it():\n    assert {name != 'two'}\n")
    words = [sys.executable, "-m", "pytest", "-p", "tests.turns", "--noconftest", "-c", os.devnull, folder]
    env = os.environ | {"SAPR_TEST_TURNS": str(turned), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    both = [subprocess.Popen(words, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = "".join(each.communicate(timeout=60)[0] for each in both)
    assert suite._both(*(each.returncode for each in both)) == 1
    counted = Counter()
    for number, what in re.findall(r"(\d+) (passed|failed)", told):
        counted[what] += int(number)
    assert counted == {"passed": 2, "failed": 1}


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
