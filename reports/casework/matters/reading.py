"""The shapes of the data: kinds, states, steps and what a step asks; read once and checked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from reports import policy

DATA = Path(__file__).parent / "data"
# Which cases a kind fits, by what is signed: '' nothing yet, 'limited' opened with limited information.
FITS: dict[str, frozenset[str]] = {
    "any": frozenset({"", "limited", "restricted", "unrestricted"}),
    "signed": frozenset({"restricted", "unrestricted"}),
    "investigated": frozenset({"limited", "unrestricted"}),
    "unrestricted": frozenset({"unrestricted"}),
}
YES_NO = {"yes": "Yes", "no": "No"}
NO_FACTS: Mapping[str, Any] = {}


class State(NamedTuple):
    """Where a matter stands. `owner`: the role that has to act next; '' in a final state."""

    label: str
    owner: str = ""
    final: bool = False


@dataclass(frozen=True)
class Detail:
    """One answer that a step asks. `moment`: a date and time, which may lie ahead; else words.

    `all`: every word must be ticked; `only`: the elections it is asked for.
    """

    name: str
    ask: str
    source: Any = None
    many: bool = False
    all: bool = False
    optional: bool = False
    moment: bool = False
    only: frozenset[str] = FITS["any"]

    @cached_property
    def words(self) -> dict[str, str]:
        """The admitted words with their labels ('' where the desk has its own)."""
        if not isinstance(self.source, str):
            return dict(self.source or {})
        origin, _, rest = self.source.partition(":")
        if origin == "fact":
            return dict.fromkeys(policy.fact_words(rest), "")
        rule, _, key = rest.partition(":")
        found = policy.rule(rule).parameters["data"][key]
        return dict(each if isinstance(each, list) else (each, "") for each in found)

    @property
    def yes_no(self) -> bool:
        """Whether its words answer a yes-or-no fact."""
        return self.source == YES_NO


class Asked(NamedTuple):
    """What the rules are asked before a step. `named`: details that are facts; `opens`: the facts of the sealed
    decision are needed; `tells`: they only say what to observe."""

    topic: str
    facts: Mapping[str, Any] = NO_FACTS
    named: tuple[str, ...] = ()
    opens: bool = False
    tells: bool = False


class After(NamedTuple):
    """What must have happened in the case before, for these elections."""

    only: frozenset[str]
    event: str
    rule: str
    sentence: str


@dataclass(frozen=True)
class Step:
    """One step of a kind. `to` None: the matter stays where it is. `then`: further events of the same step; `if_final`:
    one of the case itself, where its final disposition was decided before.

    `dated`: its instant is given, or why it is not known. `by_hand`: a person takes it by itself.
    """

    step: str
    label: str
    event: str
    before: tuple[str, ...]
    to: str | None
    details: tuple[Detail, ...] = ()
    then: tuple[str, ...] = ()
    if_final: str = ""
    fixed: Mapping[str, str] = field(default_factory=dict)
    dated: bool = False
    by_hand: bool = True
    duty_facts: tuple[str, ...] = ()
    ruling: Asked | None = None
    after: After | None = None

    def asks(self, election: str) -> list[Detail]:
        """What it asks in a case of that election."""
        return [each for each in self.details if election in each.only]


class Unmet(NamedTuple):
    """Why a case is not closed, in the words of a rule."""

    rule: str
    sentence: str


@dataclass(frozen=True)
class Kind:
    """One kind of matter.

    `what`: the detail that names it in a list; `sealed`: its sealed columns with their labels; `needs`: the kind that
    must stand first for the same `what`; `parent`: the kind it is a part of; `replaces`: the step by which a new one
    ends the one before; `keeps_open`: why the case is not closed while one runs.
    """

    kind: str
    label: str
    fits: str
    rules: tuple[str, ...]
    states: Mapping[str, State]
    steps: tuple[Step, ...]
    what: str = ""
    sealed: Mapping[str, str] = field(default_factory=dict)
    needs_sealed: bool = False
    needs: str = ""
    parent: str = ""
    replaces: str = ""
    keeps_open: Unmet | None = None

    @property
    def elections(self) -> frozenset[str]:
        """The elections of the cases in which it can be opened."""
        return FITS[self.fits]

    def open_steps(self) -> list[Step]:
        """The steps by which it is opened."""
        return [each for each in self.steps if "" in each.before and each.by_hand]

    def steps_from(self, state: str) -> list[Step]:
        """The steps that a person can take in that state."""
        return [each for each in self.steps if state in each.before and each.by_hand]

    def step(self, name: str) -> Step | None:
        """The step of that name."""
        return next((each for each in self.steps if each.step == name), None)


def _detail(name: str, raw: dict[str, Any], lists: Mapping[str, Any]) -> Detail:
    source = raw.get("words")
    if isinstance(source, str) and ":" not in source:
        source = lists[source]
    only = frozenset(raw["only"]) if "only" in raw else FITS["any"]
    flags = {key: raw[key] for key in ("many", "all", "optional", "moment") if key in raw}
    return Detail(name, raw["ask"], source, only=only, **flags)


def _asked(raw: dict[str, Any] | None) -> Asked | None:
    if raw is None:
        return None
    named = tuple(raw.get("from", ()))
    return Asked(
        raw["topic"],
        raw.get("facts", NO_FACTS),
        named,
        raw.get("opens_facts", False),
        raw.get("tells", False),
    )


def _after(raw: dict[str, Any] | None) -> After | None:
    return raw and After(frozenset(raw["only"]), raw["event"], raw["rule"], raw["sentence"])


def _step(raw: dict[str, Any], lists: Mapping[str, Any]) -> Step:
    return Step(
        raw["step"],
        raw.get("label", ""),
        raw["event"],
        tuple(raw["from"]),
        raw["to"],
        tuple(_detail(name, each, lists) for name, each in raw.get("details", {}).items()),
        tuple(raw.get("then", ())),
        raw.get("if_final", ""),
        raw.get("fixed", {}),
        raw.get("dated", False),
        raw.get("by_hand", True),
        tuple(raw.get("duty_facts", ())),
        _asked(raw.get("ruling")),
        _after(raw.get("after")),
    )


def read() -> dict[str, Kind]:
    """Every kind of every file, by name. A word that is not there is a KeyError: nothing starts with such data."""
    found: dict[str, Kind] = {}
    for path in sorted(DATA.glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        lists = content["words"] | {"yes_no": YES_NO}
        for raw in content["kinds"]:
            kept = {
                key: raw[key]
                for key in ("what", "sealed", "needs_sealed", "needs", "parent", "replaces")
                if key in raw
            }
            if "keeps_open" in raw:
                kept["keeps_open"] = Unmet(**raw["keeps_open"])
            kind = Kind(
                raw["kind"],
                raw["label"],
                raw["fits"],
                tuple(raw["rules"]),
                {name: State(**each) for name, each in raw["states"].items()},
                tuple(_step(each, lists) for each in raw["steps"]),
                **kept,
            )
            found[kind.kind] = kind
    return found
