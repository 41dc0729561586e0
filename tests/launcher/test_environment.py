"""The virtual environment's stamp, and what the person reads when making it fails."""

import importlib.util
from pathlib import Path

import pytest

from launcher import environment, failure, process
from launcher.environment import Environment
from launcher.failure import Stop
from launcher.layout import Layout
from launcher.lock import Lock
from launcher.progress import Progress


class Tools:
    """Stands in for `python -m venv` and pip; remembers what was run."""

    def __init__(self, layout: Layout):
        self.layout = layout
        self.ran: list[str] = []
        self.answer = (0, "", "")

    def __call__(self, argv: list[str], *, log: Path, **_: object) -> tuple[int, str, str]:
        self.ran.append(log.stem if log.stem == "venv" else Path(argv[-1]).name)
        if log.stem == "venv":
            self.layout.python.parent.mkdir(parents=True)
            self.layout.python.touch()
        return self.answer


@pytest.fixture
def tools(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> Tools:
    tools = Tools(layout)
    monkeypatch.setattr(process, "finish", tools)
    return tools


def test_it_is_made_once(layout: Layout, tools: Tools) -> None:
    made = Environment(layout)
    assert not made.is_ready()
    made.make(Progress())
    assert tools.ran == ["venv", "requirements.txt"]
    assert made.is_ready()


def test_test_tools_are_added_to_what_is_there(layout: Layout, tools: Tools) -> None:
    Environment(layout).make(Progress())
    both = Environment(layout, dev=True)
    assert not both.is_ready()
    both.make(Progress())
    assert tools.ran == ["venv", "requirements.txt", "requirements-dev.txt"]
    assert both.is_ready()


def test_a_half_made_one_is_remade(layout: Layout, tools: Tools) -> None:
    """Killed while pip ran: the interpreter is there, the stamp is not."""
    layout.python.parent.mkdir(parents=True)
    layout.python.touch()
    leftover = layout.venv / "leftover"
    leftover.touch()
    Environment(layout).make(Progress())
    assert tools.ran == ["venv", "requirements.txt"]
    assert not leftover.exists()


def test_changed_requirements_make_it_stale(layout: Layout, tools: Tools) -> None:
    made = Environment(layout)
    made.make(Progress())
    (layout.root / "requirements.txt").write_text("django==5.2.19\n")
    assert not made.is_ready()


def test_it_is_not_remade_under_a_running_service(layout: Layout, tools: Tools) -> None:
    made = Environment(layout)
    made.make(Progress())
    (layout.root / "requirements.txt").write_text("django==5.2.19\n")
    serving = Lock(layout.lock)
    assert serving.take()
    serving.tell(pid=1)
    with pytest.raises(Stop, match="stop that one first"):
        made.make(Progress())
    serving.release()
    assert layout.python.exists()


def test_a_failed_install_leaves_no_stamp(layout: Layout, tools: Tools) -> None:
    made = Environment(layout)
    tools.answer = (0, "", "")
    made.make(Progress())
    (layout.root / "requirements-dev.txt").write_text("pytest==9.2.0\n")
    tools.answer = (
        1,
        "",
        "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n",
    )
    with pytest.raises(Stop) as stopped:
        Environment(layout, dev=True).make(Progress())
    assert stopped.value.sentence == failure.DISK_FULL
    assert not Environment(layout, dev=True).is_ready()


@pytest.mark.parametrize(
    ("output", "phrase"),
    [
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "not the one pinned"),
        (
            "WARNING: Retrying ... NewConnectionError ...\nERROR: No matching distribution found",
            "check the network",
        ),
        ("ERROR: something else\n", "ERROR: something else"),
    ],
)
def test_pips_complaints_become_a_sentence(layout: Layout, tools: Tools, output: str, phrase: str) -> None:
    tools.answer = (1, "", output)
    layout.python.parent.mkdir(parents=True)
    with pytest.raises(Stop) as stopped:
        Environment(layout)._install("requirements.txt", Progress())
    assert phrase in stopped.value.sentence
    assert "\n" not in stopped.value.sentence


def test_a_python_without_venv_names_the_package(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Stop, match="python3-venv"):
        Environment(layout).make(Progress())
    assert environment._NO_VENV.count(".") == 1
