"""The list of elements, read once and checked: `elements.json`."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "elements.json"
TYPES = ("boolean", "integer", "date", "dates", "code", "codes", "text")
NOT_HELD = "not held"


@dataclass(frozen=True)
class Element:
    """One element. `policy`: what 16.2 calls it; `origin`: how it is derived (`deriving.WAYS`); `why`: why it is off.

    `codes`: every word that a coded one may hold, of the list that `codes_of` names. `sealed`: the column it is opened
    from, for Unrestricted reports alone.
    """

    id: str
    name: str
    area: str
    policy: str
    type: str
    sources: tuple[str, ...]
    confidence: str
    held: bool
    enabled: bool
    codes: tuple[str, ...] = ()
    codes_of: str = ""
    origin: str = ""
    restricted: bool = False
    sealed: str = ""
    why: str = ""

    def __post_init__(self) -> None:
        """ValueError for a row that contradicts itself."""
        if self.type not in TYPES or (self.enabled and (not self.held or self.confidence == "unverified")):
            raise ValueError(f"{self.id}: what is not held or not verified is off")
        if self.held is not bool(self.origin) or (self.restricted and (self.sealed or self.type == "text")):
            raise ValueError(f"{self.id}: nothing sealed and no text is there for a Restricted report")
        if self.held and (self.type in ("code", "codes")) is not bool(self.codes and self.codes_of):
            raise ValueError(f"{self.id}: coded, and by no list")


@cache
def elements() -> dict[str, Element]:
    """By name, in the order of the list."""
    found = {}
    for raw in json.loads(DATA.read_text(encoding="utf-8"))["elements"]:
        given = {name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()}
        found[given["name"]] = Element(origin=given.pop("from", ""), **given)
    return found


def on() -> dict[str, Element]:
    """Those that may be asked for."""
    return {name: each for name, each in elements().items() if each.enabled}


def table() -> str:
    """The list as docs/dsaid.md shows it."""
    lines = [
        "| id | element of 16.2 | column | type, words | Restricted | state |",
        "|---|---|---|---|---|---|",
    ]
    for each in elements().values():
        words = f"{each.type}: {', '.join(each.codes)}" if each.codes else each.type
        state = "on" if each.enabled else "off, unverified" if each.held else NOT_HELD
        there = "yes" if each.restricted else "no"
        told = f"{state}. {each.why}" if each.why else state
        lines.append(
            f"| {each.id} | {each.area}: {each.policy} | `{each.name}` | {words} | {there} | {told} |"
        )
    return "\n".join(lines)
