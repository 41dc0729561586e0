"""The small condition language of the rule rows.

A condition is a list of alternatives; an alternative is an object `{fact: {operator: operand, …}}` in which
every entry must hold. Operators: `in` (choice, boolean), `includes_any`, `includes_all` and `only` (lists),
`at_least` and `at_most` (whole numbers). Two settings say what a fact that nobody stated means: `if_missing`
(does the entry hold? default false) and `ask` (does the answer depend on it, so that it must be asked?
default true).
"""

from collections.abc import Callable, Mapping
from typing import Any

Answer = tuple[bool, tuple[str, ...]]
Entry = tuple[str, Callable[[Any], bool], bool, bool]
Condition = tuple[tuple[Entry, ...], ...]

YES: Answer = (True, ())
NO: Answer = (False, ())

OPERATORS: dict[str, str] = {
    "in": "scalar",
    "includes_any": "list",
    "includes_all": "list",
    "only": "list",
    "at_least": "integer",
    "at_most": "integer",
}


def _test(operator: str, operand: Any) -> Callable[[Any], bool]:
    if operator == "at_least":
        return lambda value: value >= operand
    if operator == "at_most":
        return lambda value: value <= operand
    wanted = frozenset(operand)
    if operator == "in":
        return wanted.__contains__
    if operator == "includes_any":
        return lambda value: not wanted.isdisjoint(value)
    if operator == "includes_all":
        return wanted.issubset
    return lambda value: bool(value) and wanted.issuperset(value)


def compile_condition(raw: Any, known: Mapping[str, Any]) -> Condition:
    """The JSON form as tuples of tests; `known` maps names to fact specs. ValueError says what is wrong."""
    if not isinstance(raw, list) or not raw:
        raise ValueError("a condition is a non-empty list of alternatives")
    return tuple(_alternative(each, known) for each in raw)


def _alternative(raw: Any, known: Mapping[str, Any]) -> tuple[Entry, ...]:
    if not isinstance(raw, dict):
        raise ValueError("an alternative is an object of fact names")  # noqa: TRY004 - data, not a caller
    entries = []
    for fact, body in raw.items():
        if fact not in known:
            raise ValueError(f"unknown fact {fact!r}")
        if not isinstance(body, dict):
            raise ValueError(f"fact {fact!r} needs an operator")  # noqa: TRY004 - data, not a caller
        operators = [key for key in body if key not in ("if_missing", "ask")]
        if len(operators) != 1 or operators[0] not in OPERATORS:
            raise ValueError(f"fact {fact!r} needs exactly one known operator")
        known[fact].check_operand(operators[0], body[operators[0]])
        test = _test(operators[0], body[operators[0]])
        entries.append((fact, test, body.get("if_missing", False) is True, body.get("ask", True) is True))
    return tuple(entries)


def evaluate(condition: Condition, facts: Mapping[str, Any]) -> Answer:
    """Whether the condition holds, and the missing facts on which that still depends (none: settled)."""
    holds = False
    unsettled: tuple[str, ...] = ()
    for alternative in condition:
        assumed = True
        missing: tuple[str, ...] = ()
        for fact, test, if_missing, ask in alternative:
            if fact in facts:
                if not test(facts[fact]):
                    break
            else:
                assumed = assumed and if_missing
                if ask:
                    missing += (fact,)
                elif not if_missing:
                    break
        else:
            if assumed and not missing:
                return YES
            holds = holds or assumed
            unsettled += missing
    return (holds, unsettled) if holds or unsettled else NO


def gate_of(condition: Condition) -> str | None:
    """A fact without which the condition cannot hold, or None."""
    if len(condition) == 1:
        for fact, _, if_missing, _ in condition[0]:
            if not if_missing:
                return fact
    return None


def facts_of(raw: list[dict[str, Any]]) -> tuple[str, ...]:
    """Names of the facts in a raw condition, in order, once each."""
    return tuple(dict.fromkeys(fact for alternative in raw for fact in alternative))
