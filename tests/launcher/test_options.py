"""The command line of ./run."""

import pytest

from launcher.failure import Stop
from launcher.options import parse


def test_nothing_said_serves_the_demo() -> None:
    options = parse([])
    assert (options.mode, options.port, options.real) == ("serve", None, False)


@pytest.mark.parametrize("words", [["--port", "8001"], ["--port=8001"]])
def test_port(words: list[str]) -> None:
    assert parse(words).port == 8001


def test_everything_after_manage_belongs_to_the_command() -> None:
    options = parse(["--no-demo", "manage", "staff", "bootstrap", "--port", "x", "--help"])
    assert options.mode == "manage"
    assert options.real
    assert options.command == ["staff", "bootstrap", "--port", "x", "--help"]


def test_everything_after_anonymity_belongs_to_the_command() -> None:
    options = parse(["anonymity", "--notices", "10", "--help"])
    assert (options.mode, options.command) == ("anonymity", ["anonymity", "--notices", "10", "--help"])


@pytest.mark.parametrize(
    "words",
    [
        ["--nonsense"],
        ["serve"],
        ["--port"],
        ["--port", "0"],
        ["--port", "65536"],
        ["--port", "²"],
        ["--port=-1"],
    ],
)
def test_what_is_not_understood_ends_with_a_sentence_and_2(words: list[str]) -> None:
    with pytest.raises(Stop) as stopped:
        parse(words)
    assert stopped.value.code == 2
    assert stopped.value.sentence.endswith(".")
    assert "\n" not in stopped.value.sentence


def test_check_takes_no_other_option() -> None:
    with pytest.raises(Stop, match="stands alone"):
        parse(["--check", "--port", "8001"])
