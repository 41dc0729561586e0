"""What a walkthrough file says: the example's sentences in our words, and the steps that answer each."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from reports.ledger.kinds import EventKind
from sapr.errors import DomainError
from sapr.story import offsets
from sapr.story.actions import ACTIONS

# How many sentences the page's own example has: a file that lost one is not that example.
SENTENCES = {"restricted": 11, "unrestricted": 13}
STEP_KEYS = {"id", "says", "at", "actor", "do", "with", "event", "absent", "example"}
WORKER = "worker"


@dataclass(frozen=True)
class Step:
    """One step. It passes when `event` is in the ledger after it, or none of `absent` is."""

    id: str
    says: str
    at: timedelta
    actor: str
    do: str
    given: dict[str, Any]
    event: str
    absent: tuple[str, ...]
    example: str | None

    def answers(self, need: str) -> bool:
        """Whether this step shows what a sentence needs: an event kind, or `no:` and a kind that must not occur."""
        return need.removeprefix("no:") in self.absent if need.startswith("no:") else need == self.event


@dataclass(frozen=True)
class Script:
    """A checked walkthrough file."""

    story: str
    start: datetime
    example: list[dict[str, Any]]
    steps: list[Step] = field(default_factory=list)

    def unanswered(self) -> list[str]:
        """A sentence for every part of the example that no step answers."""
        missing = []
        if len(self.example) != SENTENCES[self.story]:
            missing.append(
                f"The page's example has {SENTENCES[self.story]} sentences, the file {len(self.example)}."
            )
        for sentence in self.example:
            own = [step for step in self.steps if step.example == sentence["id"]]
            missing += [
                f"{sentence['id']}: no step shows {need}."
                for need in sentence["needs"] or ["any event"]
                if not any(step.answers(need) for step in own)
            ]
        return missing


def load(path: Path, story: str) -> Script:
    """The file, checked; DomainError names the first fault and its step."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        script = Script(
            story=data["story"],
            start=datetime.fromisoformat(data["start"]),
            example=[
                {"id": each["id"], "says": each["says"], "needs": each["needs"]} for each in data["example"]
            ],
            steps=[_step(each) for each in data["steps"]],
        )
        _check(script, story)
    except OSError:
        raise DomainError("no_steps", f"{path} cannot be read.") from None
    except (KeyError, TypeError, ValueError) as error:
        raise DomainError("bad_steps", f"{path.name}: {error}") from None
    return script


def _step(raw: dict[str, Any]) -> Step:
    if unknown := set(raw) - STEP_KEYS:
        raise ValueError(f"step {raw.get('id')}: unknown key {sorted(unknown)[0]!r}")
    absent = tuple(raw.get("absent", ()))
    event = raw.get("event", "")
    if bool(event) == bool(absent):
        raise ValueError(f"step {raw['id']}: either an event or a list of absent ones")
    for kind in (*absent, *([event] if event else [])):
        EventKind(kind)
    if raw["do"] not in ACTIONS:
        raise ValueError(f"step {raw['id']}: there is no {raw['do']!r}")
    return Step(
        id=raw["id"],
        says=raw["says"],
        at=offsets.parse(raw["at"]),
        actor=raw["actor"],
        do=raw["do"],
        given=raw["with"],
        event=event,
        absent=absent,
        example=raw["example"],
    )


def _check(script: Script, story: str) -> None:
    if script.story != story:
        raise ValueError(f"this is the story {script.story!r}, not {story!r}")
    if script.start.tzinfo is None:
        raise ValueError("the start needs its offset from UTC")
    ids = [step.id for step in script.steps]
    if len(set(ids)) != len(ids):
        raise ValueError("two steps have the same id")
    known = {sentence["id"] for sentence in script.example}
    for earlier, later in zip(script.steps, script.steps[1:], strict=False):
        if later.at < earlier.at:
            raise ValueError(f"step {later.id}: before the step above it")
    for step in script.steps:
        if step.example is not None and step.example not in known:
            raise ValueError(f"step {step.id}: the example has no sentence {step.example}")
