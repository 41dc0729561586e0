"""What each kind of event makes known and to whom: `kinds.json`, read once and checked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from reports import policy
from reports.ledger.kinds import EventKind
from sapr.knowing.words import BODIES, GROUPS, HOWS, OWN_FIELDS, SILENT

DATA = Path(__file__).parent / "kinds.json"
OWN = "own:"


@dataclass(frozen=True)
class Grant:
    """What the access rows are asked, to name the rule of an act of somebody with an account."""

    verb: str
    object: str
    scope: str


@dataclass(frozen=True)
class Passing:
    """One way in which a kind of event makes something known.

    `to`: `actor`, `user` or `post` (whose id stands in the event under `key`), `said` (a word or words there), `body`
    (always `name`). `fields`: see the file's note. `role`: whose row of visibility speaks; `facts`: what it is asked
    with.
    `by`: rules by id (`@key`: the id in the event), grants, or `purpose`. `otherwise`: who, where nobody is named.
    """

    to: str
    how: str
    fields: Any
    by: tuple[Any, ...]
    key: str = ""
    name: str = ""
    role: str = ""
    facts: Mapping[str, Any] | None = None
    otherwise: str = ""
    unless: tuple[str, ...] = ()
    of_notice: bool = False
    says_rung: bool = False
    nothing: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of event. `silent`: why it makes nothing known; empty when it does. `look`: somebody looked by it."""

    group: str
    passes: tuple[Passing, ...]
    silent: str
    look: bool


@dataclass(frozen=True)
class Book:
    """The whole file."""

    kinds: Mapping[str, Kind]
    roles: Mapping[str, str]
    seals: Mapping[str, tuple[str, ...]]
    purposes: Mapping[str, tuple[Grant, ...]]
    capped: frozenset[str]
    notice_fields: Mapping[str, str]

    def fields_of(self, label: str) -> tuple[str, ...]:
        """What the sealed column of that label makes known: its own line, else that of its table. KeyError for none."""
        return self.seals.get(label) or self.seals[label.split(".", maxsplit=1)[0]]

    def telling(self) -> list[str]:
        """The kinds of event by which something becomes known."""
        return [kind for kind, each in self.kinds.items() if each.passes]

    def looks(self) -> list[str]:
        """The kinds of event by which somebody looked."""
        return [kind for kind, each in self.kinds.items() if each.look]

    def grouped(self, group: str) -> list[str]:
        """The kinds of event of one group."""
        return [kind for kind, each in self.kinds.items() if each.group == group]


@cache
def book() -> Book:
    """The file, checked: ValueError for a word that nobody knows, and for a kind of event that is left out."""
    raw = json.loads(DATA.read_text(encoding="utf-8"))
    if left_out := set(EventKind.values) ^ set(raw["kinds"]):
        raise ValueError(f"mapped neither as passing knowledge nor as silent, or no kind: {sorted(left_out)}")
    known = set(policy.visibility_words()[1])
    for fields in raw["seals"].values():
        _check(fields, known)
    return Book(
        kinds={kind: _kind(each, known) for kind, each in raw["kinds"].items()},
        roles=raw["roles"],
        seals={label: tuple(fields) for label, fields in raw["seals"].items()},
        purposes={name: tuple(Grant(**each) for each in by) for name, by in raw["purposes"].items()},
        capped=frozenset(raw["capped"]),
        notice_fields=raw["notice_fields"],
    )


def _kind(raw: dict[str, Any], known: set[str]) -> Kind:
    passes, silent = tuple(_passing(each, known) for each in raw.get("passes", ())), raw.get("silent", "")
    if bool(passes) is bool(silent) or raw["group"] not in GROUPS or silent not in {"", *SILENT}:
        raise ValueError(f"a kind passes knowledge or is silent, in a group that there is: {raw}")
    return Kind(raw["group"], passes, silent, raw.get("look", False))


def _passing(raw: dict[str, Any], known: set[str]) -> Passing:
    if isinstance(raw["fields"], list):
        _check(raw["fields"], known)
    elif raw["fields"] not in {"visible", "seals", "keys"} and not raw["fields"].startswith(
        ("said:", "notice:")
    ):
        raise ValueError(f"unknown fields: {raw['fields']!r}")
    if raw["how"] not in HOWS or raw.get("name", "") not in {"", *BODIES}:
        raise ValueError(f"a word without its label: {raw}")
    roles, as_role = policy.visibility_words()[0], raw.get("as", "")
    if as_role and as_role not in {*roles, "role", "said_role"}:
        raise ValueError(f"unknown role: {as_role!r}")
    return Passing(
        to=raw["to"],
        how=raw["how"],
        fields=raw["fields"],
        by=tuple(Grant(**each) if isinstance(each, dict) else each for each in raw["by"]),
        key=raw.get("key", ""),
        name=raw.get("name", ""),
        role=as_role,
        facts=raw.get("facts"),
        otherwise=raw.get("otherwise", ""),
        unless=tuple(raw.get("unless", ())),
        of_notice=raw.get("notice", False),
        says_rung=raw.get("rung", False),
        nothing=raw.get("nothing", False),
    )


def _check(fields: list[str], known: set[str]) -> None:
    for field in fields:
        if field not in known and field.removeprefix(OWN) not in OWN_FIELDS:
            raise ValueError(f"unknown field: {field!r}")
