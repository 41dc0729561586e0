"""Retention rows, compiled: which item, under which condition how long, and what holds it beyond that."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from .book import Book
from .conditions import Condition, compile_condition, facts_of
from .delays import add_months
from .rows import Rule

# the end of what is not kept at all
NOTHING = date.min

_NEEDED = frozenset({"item", "when", "period", "also_until", "extends_unexpired"})
_MAY = frozenset({"see_also"})
_LONGEST = 100


class Line(NamedTuple):
    """A compiled row. `years` None: nothing is kept. While `also_until` holds, nothing is destroyed."""

    rule: Rule
    item: str
    when: Condition
    years: int | None
    also_until: Condition
    extends: bool
    see_also: tuple[str, ...]

    @property
    def lengthens(self) -> bool:
        """Whether it speaks of things that began before it."""
        return self.extends and self.years is not None

    def end(self, started_on: date) -> date:
        """The last day to keep, or NOTHING."""
        return NOTHING if self.years is None else add_months(started_on, 12 * self.years)


def compile_line(rule: Rule, book: Book) -> Line:
    """The compiled form of one row; PolicyDataError names it when something does not fit."""
    try:
        return _compile(rule, book)
    except KeyError as error:
        raise rule.error(f"{error.args[0]} is missing") from None
    except (TypeError, ValueError) as error:
        raise rule.error(str(error)) from None


def _compile(rule: Rule, book: Book) -> Line:
    raw = rule.parameters
    for key in sorted(_NEEDED - set(raw)):
        raise ValueError(f"{key} is missing")
    for key in set(raw) - _NEEDED - _MAY:
        raise ValueError(f"unknown parameter {key!r}")
    if not isinstance(raw["item"], str) or not raw["item"]:
        raise ValueError("a row names its item")
    if type(raw["extends_unexpired"]) is not bool:
        raise ValueError("extends_unexpired is true or false")
    see_also = tuple(raw.get("see_also", ()))
    for other in see_also:
        if other not in book.ids:
            raise ValueError(f"dangling reference to {other!r}")
    return Line(
        rule,
        raw["item"],
        _condition(raw["when"], book),
        _years(raw["period"]),
        _condition(raw["also_until"], book) if raw["also_until"] else (),
        raw["extends_unexpired"],
        see_also,
    )


def _years(raw: Mapping[str, Any]) -> int | None:
    if raw == {"kind": "none"}:
        return None
    if set(raw) != {"kind", "years"} or raw["kind"] != "years":
        raise ValueError("a period is none, or a number of years")
    if type(raw["years"]) is not int or not 0 < raw["years"] <= _LONGEST:
        raise ValueError(f"years lie between 1 and {_LONGEST}")
    return raw["years"]


def _condition(raw: Any, book: Book) -> Condition:
    condition = compile_condition(raw, book.facts.specs)
    for fact in facts_of(raw):
        if "rulings" not in book.facts.specs[fact].uses:
            raise ValueError(f"fact {fact!r} is not one for rulings")
    return condition
