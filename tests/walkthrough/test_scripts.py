"""The step files themselves: every sentence of the page's examples has its steps."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from sapr.errors import DomainError
from sapr.management.commands.walkthrough import FILES
from sapr.walkthrough.script import SENTENCES, Script, load

STORIES = sorted(SENTENCES)


def shipped(story: str) -> Script:
    return load(FILES / f"{story}.json", story)


def needs() -> list[tuple[str, str, str]]:
    return [
        (story, sentence["id"], need)
        for story in STORIES
        for sentence in shipped(story).example
        for need in sentence["needs"]
    ]


@pytest.mark.parametrize("story", STORIES)
def test_every_sentence_is_answered(story: str) -> None:
    script = shipped(story)
    assert script.unanswered() == []
    assert [sentence["id"] for sentence in script.example] == [
        f"{story[0].upper()}-{number}" for number in range(1, SENTENCES[story] + 1)
    ]


@pytest.mark.parametrize(("story", "sentence", "need"), needs())
def test_a_sentence_without_its_steps_is_named(story: str, sentence: str, need: str) -> None:
    script = shipped(story)
    kept = [step for step in script.steps if step.example != sentence or not step.answers(need)]
    assert replace(script, steps=kept).unanswered() == [f"{sentence}: no step shows {need}."]


@pytest.mark.parametrize("story", STORIES)
def test_a_sentence_less_is_not_the_example(story: str) -> None:
    script = shipped(story)
    assert replace(script, example=script.example[:-1]).unanswered()


FAULTS = {
    "an unknown action": ("do", "teleport"),
    "an unknown event": ("event", "report_burnt"),
    "neither event nor absence": ("event", ""),
    "an offset that is none": ("at", "soon"),
    "a step before the one above it": ("at", "-09:00"),
    "a sentence that is not there": ("example", "R-99"),
    "an unknown key": ("colour", "red"),
    "an id twice": ("id", "referral"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_file_is_refused_with_its_step(fault: str, tmp_path: Path) -> None:
    data = json.loads((FILES / "restricted.json").read_text())
    key, value = FAULTS[fault]
    data["steps"][1][key] = value
    copy = tmp_path / "steps.json"
    copy.write_text(json.dumps(data))
    with pytest.raises(DomainError) as refusal:
        load(copy, "restricted")
    assert refusal.value.code == "bad_steps"


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"story": "restricted"}'])
def test_what_is_no_step_file_is_refused(text: str, tmp_path: Path) -> None:
    copy = tmp_path / "steps.json"
    copy.write_text(text)
    with pytest.raises(DomainError):
        load(copy, "restricted")


def test_the_other_storys_file_is_refused() -> None:
    with pytest.raises(DomainError, match="not 'restricted'"):
        load(FILES / "unrestricted.json", "restricted")
