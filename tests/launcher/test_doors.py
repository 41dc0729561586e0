"""./run and ./test from outside: each foreseen failure is one sentence, an exit code and no traceback."""

import ast
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the doors in an empty folder: nothing is installed there, so nothing slow can have been started."""
    shutil.copytree(ROOT / "launcher", tmp_path / "launcher", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("run", "test"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def run(project: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, project / "run", *words],
        env={"PATH": os.environ["PATH"], **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def one_sentence(text: str) -> bool:
    return text.endswith(".\n") and text.count("\n") == 1


@pytest.mark.parametrize("name", ["run", "test"])
def test_the_doors_parse_under_old_pythons(name: str) -> None:
    ast.parse((ROOT / name).read_text(), feature_version=(3, 4))


@pytest.mark.parametrize("name", ["run", "test"])
def test_the_doors_are_executable(name: str) -> None:
    assert os.access(ROOT / name, os.X_OK)


def test_help_goes_to_standard_output(project: Path) -> None:
    done = run(project, "--help")
    assert done.returncode == 0
    assert "--no-demo" in done.stdout


def test_unknown_argument(project: Path) -> None:
    done = run(project, "--demo")
    assert (done.returncode, done.stdout) == (2, "")
    assert one_sentence(done.stderr)


def test_a_port_in_use_is_noticed_before_anything_is_made(project: Path, taken_port: int) -> None:
    done = run(project, "--port", str(taken_port))
    assert done.returncode == 1
    assert one_sentence(done.stderr)
    assert f"Port {taken_port} is in use" in done.stderr
    assert not (project / "var" / "venv").exists()


def test_the_demo_is_refused_on_the_callers_own_server(project: Path) -> None:
    done = run(project, DATABASE_URL="postgres://web@server/cases")
    assert done.returncode == 2
    assert (
        done.stderr
        == "The demo never runs on your own server: type ./run --no-demo, or unset DATABASE_URL.\n"
    )


@pytest.mark.parametrize("missing", ["OWNER_DATABASE_URL", "WORKER_DATABASE_URL"])
@pytest.mark.parametrize("words", [["--no-demo"]])
def test_a_missing_address_is_named(project: Path, missing: str, words: list[str]) -> None:
    names = {"DATABASE_URL", "OWNER_DATABASE_URL", "WORKER_DATABASE_URL"} - {missing}
    done = run(project, *words, **dict.fromkeys(names, "postgres://x@server/cases"))
    assert done.returncode == 2
    assert one_sentence(done.stderr)
    assert missing in done.stderr
