"""What a run remembers, so that one that was broken off goes on where it stood."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

HOUR = 3600
# The clock goes evenly for so long after the last slot: it must not leap over the deadline of a notice just come due.
AFTER_HOURS = 2
# Of the run, about.
FOR_NOTICES = 0.55
# A notice whose slot lies further ahead was signed after the run began.
FURTHEST_SLOT_HOURS = 17


@dataclass
class State:
    """`place` and `var`: folders of the throw-away cluster. `phase`: seeding, killing, counting, done."""

    kills: int
    due: int
    seed: int
    pace: float
    # Seconds of the story in a second of the machine, at most, while notices fall due.
    speed: float
    place: str = ""
    var: str = ""
    phase: str = "seeding"
    elapsed: float = 0.0
    # Of `elapsed`, what the story's clock walked for: it waits for kills that are behind (`running`).
    told: float = 0.0
    killed: dict[str, int] = field(default_factory=dict)
    inside: int = 0
    resumed: int = 0
    # Every report that was signed before the run: case, election, instant of the signature and zone.
    signed: list[dict[str, str]] = field(default_factory=list)
    instants: list[float] = field(default_factory=list)
    window_hours: int = 0
    path: Path | None = None

    def __post_init__(self) -> None:
        """So many hours of the story as its speed allows, in about half of the run, are for the notices' slots."""
        if not self.window_hours:
            hours = self.kills * self.pace * FOR_NOTICES * self.speed / HOUR
            self.window_hours = max(1, min(FURTHEST_SLOT_HOURS, round(hours) - AFTER_HOURS))
        self.pace = max(self.pace, self.even / FOR_NOTICES / self.kills)

    @property
    def even_hours(self) -> int:
        """Hours of the story through which its clock goes evenly: the last slot and some time after it too."""
        return self.window_hours + AFTER_HOURS

    @property
    def even(self) -> float:
        """Seconds in which it does."""
        return self.even_hours * HOUR / self.speed

    @property
    def done(self) -> int:
        """How many kills there were."""
        return sum(self.killed.values())

    @property
    def duration(self) -> float:
        """Seconds over which the kills and the due instants are spread."""
        return self.kills * self.pace

    @property
    def journal(self) -> Path:
        """What was killed, and what waited, when: one line each."""
        return Path(self.var) / "journal"

    def count(self, kind: str) -> None:
        self.killed[kind] = self.killed.get(kind, 0) + 1

    def keep(self) -> None:
        """Write it down whole or not at all."""
        if self.path is None:
            return
        told: dict[str, Any] = {name: value for name, value in asdict(self).items() if name != "path"}
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps(told))
        os.replace(fresh, self.path)


def load(path: Path) -> State | None:
    """The run that the file tells of; None when there is none."""
    if not path.exists():
        return None
    return State(**json.loads(path.read_text()), path=path)
