"""What happened when, by the story's clock and by the machine's; and from it what each late effect met on its way."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Line = tuple[float, float, str, int]


class Journal:
    """Lines are: the story's instant, seconds of the run, what, and how much of it. It outlasts a broken-off run."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def note(self, story: datetime, elapsed: float, what: str, count: int = 1) -> None:
        """`what`: the kind that was killed, or `waiting` with how much is due and not done."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([story.timestamp(), round(elapsed, 2), what, count]) + "\n")

    def lines(self) -> list[Line]:
        """All of them; a last one that is half written is left out."""
        if not self.path.exists():
            return []
        whole = [line for line in self.path.read_text().splitlines(keepends=True) if line.endswith("\n")]
        return [tuple(json.loads(line)) for line in whole]


def met(lines: list[Line], due: datetime, until: datetime) -> dict[str, Any]:
    """What went on between two instants of the story: kills by kind, most that waited, seconds of the machine."""
    first, last = due.timestamp(), until.timestamp()
    between = [line for line in lines if first <= line[0] <= last]
    killed = Counter(what for _, _, what, _ in between if what != "waiting")
    waiting = [count for _, _, what, count in between if what == "waiting"]
    real = [elapsed for _, elapsed, _, _ in between]
    return {
        "killed": dict(sorted(killed.items())),
        "most_waiting": max(waiting, default=None),
        "machine_seconds": round(max(real) - min(real), 1) if real else None,
    }


def said(at: datetime | None) -> str | None:
    """The instant in the run's answer."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds") if at else None
