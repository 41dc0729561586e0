"""Compiled eligibility rows, and one Period for each stretch of time in which none of them changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from .book import Book
from .citing import cite
from .conditions import Answer, Condition, compile_condition, evaluate, facts_of, gate_of
from .decision import Citation, StatusOutcome
from .rows import Rule

OPTIONS = ("restricted", "unrestricted")
EFFECTS = ("grant", "bar", "lift", "combine", "statement", "block", "note")


class Case(NamedTuple):
    """One line of a status row's decision table; the first line that holds answers.

    `allows` and `because` stand in the order of OPTIONS; `weight` ranks the
    cases of several statuses: more options first, then having a route of its own. `always`: nothing to test.
    `alone`: what the status gives when no other row speaks of it.
    """

    when: Condition
    always: bool
    allows: tuple[bool, ...]
    weight: int
    form: str | None
    route: str | None
    because: tuple[str, ...]
    alone: StatusOutcome


class Line(NamedTuple):
    """A compiled row. `silent` is what its condition answers when none of its facts was stated."""

    id: str
    rule: Rule
    effect: str
    when: Condition
    facts: frozenset[str]
    silent: Answer
    options: tuple[int, ...]
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
    """The lines in force between two changes of the rules, in one set of layers.

    `base` is the same stretch without the profile's own layer, None where the profile has no other; `noted` are
    the facts one of which every note needs.
    """

    base: "Period | None"
    own_layer: str
    bars: tuple[Line, ...]
    lifts: tuple[Line, ...]
    grants: Mapping[str, tuple[Line, ...]]
    blocks: tuple[Line, ...]
    notes: tuple[Line, ...]
    noted: frozenset[str]
    combine: Line | None
    # facts that the bars and their lifts read, and those that are read for somebody of each status
    first_read: frozenset[str]
    read: Mapping[str, frozenset[str]]


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
        cases = tuple(_case(raw, book, rule.id, status) for raw in parameters["cases"])
    elif effect not in ("combine", "statement"):
        when = compile_condition(parameters["when"], book.facts.specs)
    options = parameters.get("bars", parameters.get("options", ()))
    _known(options, OPTIONS, "option")
    _known({parameters.get("route")} - {None}, book.vocabulary["routes"], "route")
    if when and not parameters["because"]:
        raise ValueError("the sentence for the victim is missing")
    gate = gate_of(when)
    if effect == "note" and gate is None:
        raise ValueError("a note needs a fact without which it cannot hold")
    return Line(
        id=rule.id,
        rule=rule,
        effect=effect,
        when=when,
        facts=frozenset(facts_read(rule)),
        silent=evaluate(when, {}),
        options=tuple(index for index, option in enumerate(OPTIONS) if option in options),
        because=parameters.get("because", ""),
        route=parameters.get("route"),
        lifts=frozenset(parameters.get("lifts", ())),
        status=status,
        cases=cases,
        gate=gate,
        layer=rule.layer,
        citation=cite(rule),
    )


def _known(words: Any, register: Any, what: str) -> None:
    for word in words:
        if word not in register:
            raise ValueError(f"unknown {what} {word!r}")


def _case(raw: Mapping[str, Any], book: Book, rule: str, status: str) -> Case:
    _known(raw["allows"], OPTIONS, "option")
    _known({raw["form"]} - {None}, book.vocabulary["forms"], "form")
    _known({raw.get("route")} - {None}, book.vocabulary["routes"], "route")
    for option in OPTIONS:
        if not raw["because"].get(option):
            raise ValueError(f"the sentence about {option} is missing")
    allows = tuple(option in raw["allows"] for option in OPTIONS)
    return Case(
        when=compile_condition(raw["when"], book.facts.specs),
        always={} in raw["when"],
        allows=allows,
        weight=2 * len(raw["allows"]) + (raw.get("route") is not None),
        form=raw["form"],
        route=raw.get("route"),
        because=tuple(raw["because"][option] for option in OPTIONS),
        alone=StatusOutcome(status, (rule,), *allows, raw["form"]),
    )


def build_period(held: Iterable[Line], base: Period | None, own_layer: str) -> Period:
    """The Period in which exactly these lines hold."""
    held = tuple(held)
    by_effect = {effect: tuple(line for line in held if line.effect == effect) for effect in EFFECTS}
    grants: dict[str, tuple[Line, ...]] = {}
    for line in by_effect["grant"]:
        grants[line.status] = (*grants.get(line.status, ()), line)
    first_read = frozenset(fact for line in by_effect["bar"] + by_effect["lift"] for fact in line.facts)
    always_read = first_read.union(
        {"statuses"}, *(line.facts for line in by_effect["block"] + by_effect["note"])
    )
    return Period(
        base=base,
        own_layer=own_layer,
        bars=by_effect["bar"],
        lifts=by_effect["lift"],
        grants=grants,
        blocks=by_effect["block"],
        notes=by_effect["note"],
        noted=frozenset(line.gate for line in by_effect["note"]),
        combine=next(iter(by_effect["combine"]), None),
        first_read=first_read,
        read={status: always_read.union(*(line.facts for line in lines)) for status, lines in grants.items()},
    )


def raw_conditions(rule: Rule) -> list[list[dict[str, Any]]]:
    """The raw conditions of a row: its own, and those of its cases."""
    return [rule.parameters.get("when", [])] + [case["when"] for case in rule.parameters.get("cases", ())]


def facts_read(rule: Rule) -> tuple[str, ...]:
    """Names of the facts that a row's conditions test."""
    return tuple(fact for condition in raw_conditions(rule) for fact in facts_of(condition))


def thresholds(rules: Iterable[Rule]) -> dict[str, frozenset[int]]:
    """For each whole-number fact the values on either side of every limit some row draws."""
    found: dict[str, set[int]] = {}
    for rule in rules:
        alternatives = (each for condition in raw_conditions(rule) for each in condition)
        for fact, body in (item for alternative in alternatives for item in alternative.items()):
            if "at_least" in body:
                found.setdefault(fact, set()).update((body["at_least"] - 1, body["at_least"]))
            if "at_most" in body:
                found.setdefault(fact, set()).update((body["at_most"], body["at_most"] + 1))
    return {fact: frozenset(values) for fact, values in found.items()}
