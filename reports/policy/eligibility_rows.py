"""Compiled eligibility rows, and one Period for each stretch of time in which none of them changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from .book import Book
from .citing import cite
from .conditions import Condition, compile_condition, facts_of, gate_of
from .decision import Citation
from .rows import Rule

EFFECTS = ("grant", "bar", "lift", "combine", "statement", "block", "note")


class Case(NamedTuple):
    """One line of a status row's decision table; the first line that holds answers."""

    when: Condition
    allows: frozenset[str]
    form: str | None
    route: str | None
    because: Mapping[str, str]


class Line(NamedTuple):
    """A compiled row."""

    id: str
    rule: Rule
    effect: str
    when: Condition
    options: frozenset[str]
    because: str
    route: str | None
    lifts: frozenset[str]
    status: str | None
    cases: tuple[Case, ...]
    gate: str | None
    layer: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Period:
    """The lines in force between two changes of the rules, under one profile."""

    profile: str
    base: "Period | None"
    bars: tuple[Line, ...]
    lifts: tuple[Line, ...]
    grants: Mapping[str, tuple[Line, ...]]
    blocks: tuple[Line, ...]
    notes: tuple[Line, ...]
    combine: Line | None
    citations: Mapping[str, Citation]
    consulted: frozenset[str]
    own_layer: str


def compile_line(rule: Rule, book: Book) -> Line:
    """The compiled form of one row; PolicyDataError names it when something does not fit."""
    try:
        return _compile(rule, book)
    except KeyError as error:
        raise rule.error(f"{error.args[0]} is missing") from None
    except ValueError as error:
        raise rule.error(str(error)) from None


def _compile(rule: Rule, book: Book) -> Line:
    parameters = rule.parameters
    effect = parameters["effect"]
    _known({effect}, EFFECTS, "effect")
    status, cases = None, ()
    when: Condition = ()
    if effect == "grant":
        status = parameters["status"]
        _known({status}, book.facts.specs["statuses"].values, "status")
        cases = tuple(_case(raw, book) for raw in parameters["cases"])
    elif effect not in ("combine", "statement"):
        when = compile_condition(parameters["when"], book.facts.specs)
    options = frozenset(parameters.get("bars", parameters.get("options", ())))
    _known(options, book.vocabulary["options"], "option")
    _known({parameters.get("route")} - {None}, book.vocabulary["routes"], "route")
    if when and not parameters["because"]:
        raise ValueError("the sentence for the victim is missing")
    gate = gate_of(when)
    if effect == "note" and gate is None:
        raise ValueError("a note needs a fact without which it cannot hold")
    return Line(
        rule.id,
        rule,
        effect,
        when,
        options,
        parameters.get("because", ""),
        parameters.get("route"),
        frozenset(parameters.get("lifts", ())),
        status,
        cases,
        gate,
        rule.layer,
        cite(rule),
    )


def _known(words: Any, register: Any, what: str) -> None:
    for word in words:
        if word not in register:
            raise ValueError(f"unknown {what} {word!r}")


def _case(raw: Mapping[str, Any], book: Book) -> Case:
    options = book.vocabulary["options"]
    _known(raw["allows"], options, "option")
    _known({raw["form"]} - {None}, book.vocabulary["forms"], "form")
    _known({raw.get("route")} - {None}, book.vocabulary["routes"], "route")
    for option in options:
        if not raw["because"].get(option):
            raise ValueError(f"the sentence about {option} is missing")
    when = compile_condition(raw["when"], book.facts.specs)
    return Case(when, frozenset(raw["allows"]), raw["form"], raw.get("route"), raw["because"])


def build_period(
    book: Book, lines: Mapping[Rule, Line], on: date, profile: str, base: Period | None
) -> Period:
    """The Period that answers for that day."""
    held = [lines[rule] for family in ("eligibility", "blocks") for rule in book.active(family, on, profile)]
    grants: dict[str, tuple[Line, ...]] = {}
    for line in held:
        if line.status is not None:
            grants[line.status] = (*grants.get(line.status, ()), line)
    combining = [line for line in held if line.effect == "combine"]
    return Period(
        profile=profile,
        base=base,
        bars=tuple(line for line in held if line.effect == "bar"),
        lifts=tuple(line for line in held if line.effect == "lift"),
        grants=grants,
        blocks=tuple(line for line in held if line.effect == "block"),
        notes=tuple(line for line in held if line.effect == "note"),
        combine=combining[0] if combining else None,
        citations={line.id: line.citation for line in held},
        consulted=frozenset(fact for line in held for fact in _facts(line.rule.parameters)) | {"statuses"},
        own_layer=book.layers(profile)[-1],
    )


def _facts(parameters: Mapping[str, Any]) -> tuple[str, ...]:
    conditions = [parameters.get("when", [])] + [case["when"] for case in parameters.get("cases", ())]
    return tuple(fact for each in conditions for fact in facts_of(each))


def thresholds(rules: Any) -> dict[str, frozenset[int]]:
    """For each whole-number fact the values on either side of every limit some row draws."""
    found: dict[str, set[int]] = {}
    for rule in rules:
        conditions = [rule.parameters.get("when", [])]
        conditions += [case["when"] for case in rule.parameters.get("cases", ())]
        for fact, body in (
            item for each in conditions for alternative in each for item in alternative.items()
        ):
            if "at_least" in body:
                found.setdefault(fact, set()).update((body["at_least"] - 1, body["at_least"]))
            if "at_most" in body:
                found.setdefault(fact, set()).update((body["at_most"], body["at_most"] + 1))
    return {fact: frozenset(values) for fact, values in found.items()}
