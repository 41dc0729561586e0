"""Rulings: what the rules say on one topic for stated facts: whether it may happen, and what goes with it.

A row names its topic and its effect. `allow` makes the thing possible and `refuse` forbids it; `require` is a
condition or a step to be observed and `tell` something to know, whenever the row's own condition holds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from .book import Book
from .citing import cite, plain
from .conditions import Condition, compile_condition, evaluate
from .decision import Citation
from .errors import FactsError
from .rows import Rule
from .stretches import Stretches

EFFECTS = ("allow", "refuse", "require", "tell")
_KEYS = frozenset({"topic", "effect", "when", "because", "who", "data"})


class Saying(NamedTuple):
    """One row that holds. `who` is the role it speaks to, or None; `data` what else the row carries."""

    rule: str
    effect: str
    sentence: str
    who: str | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the rules say. `allowed` is None when the topic holds neither permission nor prohibition.

    `missing`: facts that nobody stated and on which some row still depends.
    """

    topic: str
    on: date
    rule_set: str | None
    profile: str
    adopted: tuple[str, ...]
    allowed: bool | None
    says: tuple[Saying, ...]
    missing: tuple[str, ...]
    facts_used: tuple[str, ...]
    citations: tuple[Citation, ...]

    @property
    def rules(self) -> tuple[str, ...]:
        """Ids of the rows that hold."""
        return tuple(each.rule for each in self.says)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return plain(self)


class _Line(NamedTuple):
    effect: str
    when: Condition
    saying: Saying
    citation: Citation


class _Held(NamedTuple):
    """The lines of a topic in force together, their effects, and the facts that they read."""

    lines: tuple[_Line, ...]
    effects: frozenset[str]
    read: frozenset[str]


class RulingTable:
    """The rows of every family that name a topic."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._lines = {rule: self._line(rule) for rule in book.rules if "topic" in rule.parameters}
        by_topic: dict[str, list[Rule]] = {}
        for rule in self._lines:
            by_topic.setdefault(rule.parameters["topic"], []).append(rule)
        self._by_topic = {topic: Stretches(book, rules, self._held) for topic, rules in by_topic.items()}

    def _held(self, rules: tuple[Rule, ...]) -> _Held:
        lines = tuple(self._lines[rule] for rule in rules)
        return _Held(
            lines,
            frozenset(line.effect for line in lines),
            frozenset(entry[0] for line in lines for alternative in line.when for entry in alternative),
        )

    def _line(self, rule: Rule) -> _Line:
        raw = rule.parameters
        words = self.book.vocabulary
        for key in raw:
            if key not in _KEYS:
                raise rule.error(f"unknown parameter {key!r}")
        if raw["topic"] not in words["topics"]:
            raise rule.error(f"unknown topic {raw['topic']!r}")
        if raw.get("effect") not in EFFECTS:
            raise rule.error(f"unknown effect {raw.get('effect')!r}")
        who = raw.get("who")
        if who is not None and who not in words["roles"]:
            raise rule.error(f"unknown role {who!r}")
        if not raw.get("because"):
            raise rule.error("because is missing")
        try:
            when = compile_condition(raw.get("when"), self.book.facts.specs)
        except ValueError as error:
            raise rule.error(str(error)) from None
        data = MappingProxyType(raw.get("data", {}))
        saying = Saying(rule.id, raw["effect"], raw["because"], who, data)
        return _Line(raw["effect"], when, saying, cite(rule))

    def rule_on(self, topic: Any, facts: Any, on: Any, profile: Any, adopted: Iterable[str]) -> Ruling:
        """See `reports.policy.ruling`."""
        book = self.book
        if not isinstance(topic, str) or topic not in self._by_topic:
            raise FactsError("unknown_value", "topic", f"This must be one of: {', '.join(self._by_topic)}.")
        day = book.facts.check_date(on, "on")
        taken = book.adopted(adopted)
        stated = book.facts.clean(facts, "rulings")
        layers = book.layers(profile, stated.get(book.service_layers["fact"]))
        lines, effects, read = self._by_topic[topic].on(day, layers, taken)
        held, missing = [], []
        for line in lines:
            holds, unsettled = evaluate(line.when, stated)
            missing.extend(unsettled)
            if holds:
                held.append(line)
        return Ruling(
            topic,
            day,
            book.rule_set_on(day, profile),
            profile,
            tuple(sorted(taken)),
            _allowed(effects, held),
            tuple(line.saying for line in held),
            tuple(dict.fromkeys(missing)),
            tuple(name for name in stated if name in read),
            tuple(line.citation for line in held),
        )


def _allowed(effects: frozenset[str], held: list[_Line]) -> bool | None:
    holding = {line.effect for line in held}
    if not effects & {"allow", "refuse"}:
        return None
    return "refuse" not in holding and ("allow" in holding or "allow" not in effects)
