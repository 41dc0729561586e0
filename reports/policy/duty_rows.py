"""Duty rows, compiled: each duty of a row as a template from which a Duty is made."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from .book import Book
from .clocks import Due, Tools, compile_delay
from .conditions import Condition, compile_condition, facts_of
from .delays import REPEATS
from .duty_words import Ladder, climb, read_ladders
from .rows import Rule

_NEEDED = frozenset({"kind", "role", "opens_on", "when", "delay", "discharged_by", "sentence"})
_MAY = frozenset(
    {
        "applies_when",
        "otherwise",
        "ended_by",
        "late_reason_needed",
        "repeats",
        "each_time",
        "see_also",
        "extension",
        "escalation",
    }
)
_ROW = frozenset({"duties", "carried_by", "data"})
_EXTENSION = frozenset({"delay", "needs", "granted_by"})


class Later(NamedTuple):
    """An extension: the later clock, the facts that must all be true, and who grants it."""

    due: Due
    needs: tuple[str, ...]
    granted_by: str | None


class Template(NamedTuple):
    """One duty of a row. `head` and `rest` are what always stands before and after the instant and the event."""

    rule: Rule
    kind: str
    opens_on: frozenset[str]
    ends_on: frozenset[str]
    when: Condition
    applies_when: Condition | None
    otherwise: str
    due: Due
    later: Later | None
    head: tuple[Any, ...]
    rest: tuple[Any, ...]


class DutyRows:
    """Every duty row of a book, compiled; PolicyDataError names the row that does not fit."""

    def __init__(self, book: Book, tools: Tools) -> None:
        self._book = book
        self._tools = tools
        self._ladders = read_ladders(book)
        # equal delays are one function, so that one call works each out once
        self._dues: dict[str, Due] = {}
        self.templates = {rule: self._row(rule) for rule in book.family("duties")}

    def _row(self, rule: Rule) -> tuple[Template, ...]:
        try:
            _only(rule.parameters, _ROW)
            return tuple(self._template(rule, raw) for raw in rule.parameters["duties"])
        except KeyError as error:
            raise rule.error(f"{error.args[0]} is missing") from None
        except (TypeError, ValueError) as error:
            raise rule.error(str(error)) from None

    def _template(self, rule: Rule, raw: Mapping[str, Any]) -> Template:
        _only(raw, _NEEDED | _MAY)
        for key in sorted(_NEEDED - set(raw)):
            raise ValueError(f"{key} is missing")
        words = self._book.vocabulary
        ends_on = frozenset({raw["discharged_by"], *raw.get("ended_by", ())})
        _known((*raw["opens_on"], *sorted(ends_on)), words["events"], "unknown event")
        _known((raw["role"],), words["roles"], "unknown role")
        _known(raw.get("see_also", ()), self._book.ids, "dangling reference to")
        if raw.get("repeats") is not None:
            _known((raw["repeats"],), REPEATS, "unknown repetition")
        if bool(raw.get("applies_when")) != bool(raw.get("otherwise")):
            raise ValueError("applies_when and otherwise go together")
        if not raw["sentence"]:
            raise ValueError("the sentence is missing")
        applies = raw.get("applies_when")
        return Template(
            rule=rule,
            kind=raw["kind"],
            opens_on=frozenset(raw["opens_on"]),
            ends_on=ends_on,
            when=self._condition(raw["when"]),
            applies_when=self._condition(applies) if applies else None,
            otherwise=raw.get("otherwise", ""),
            due=self._due(raw["delay"]),
            later=self._later(raw.get("extension")),
            head=(rule.id, raw["kind"], raw["role"]),
            rest=(
                raw["discharged_by"],
                raw["sentence"],
                raw.get("late_reason_needed", False),
                raw.get("repeats"),
                raw["delay"]["kind"] == "immediately",
                tuple(raw.get("see_also", ())),
                rule.rule_set,
                rule.layer,
                rule.confidence,
                raw.get("each_time", False),
                None,
                *self._ladder(raw.get("escalation"), raw["role"]),
            ),
        )

    def _condition(self, raw: Any) -> Condition:
        specs = self._book.facts.specs
        condition = compile_condition(raw, specs)
        for fact in facts_of(raw):
            if "duties" not in specs[fact].uses:
                raise ValueError(f"fact {fact!r} is not one for duties")
        return condition

    def _due(self, raw: Any) -> Due:
        key = json.dumps(raw, sort_keys=True)
        if key not in self._dues:
            self._dues[key] = compile_delay(raw, self._book.vocabulary["delays"], self._tools)
        return self._dues[key]

    def _later(self, raw: Any) -> Later | None:
        if raw is None:
            return None
        _only(raw, _EXTENSION)
        for fact in raw["needs"]:
            spec = self._book.facts.specs.get(fact)
            if spec is None or spec.type != "boolean" or "duties" not in spec.uses:
                raise ValueError(f"an extension needs facts that are true or false, not {fact!r}")
        if not raw["needs"]:
            raise ValueError("an extension without needs would be the rule")
        if raw["granted_by"] is not None:
            _known((raw["granted_by"],), self._book.vocabulary["roles"], "unknown role")
        return Later(self._due(raw["delay"]), tuple(raw["needs"]), raw["granted_by"])

    def _ladder(self, name: Any, role: str) -> Ladder:
        if name is None:
            return (), ()
        _known((name,), self._ladders, "unknown ladder")
        return climb(self._ladders[name], role)


def _only(raw: Mapping[str, Any], keys: frozenset[str]) -> None:
    for key in raw:
        if key not in keys:
            raise ValueError(f"unknown key {key!r}")


def _known(words: Iterable[Any], register: Any, fault: str) -> None:
    for word in words:
        if word not in register:
            raise ValueError(f"{fault} {word!r}")
