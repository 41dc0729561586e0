"""Rows chosen once for each stretch of time in which none of them begins or ends."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import date
from typing import Generic, TypeVar

from .book import Book
from .rows import Rule

Made = TypeVar("Made")


class Stretches(Generic[Made]):
    """`Book.select` of some rows by day, layers and adopted rule sets, and what is made of those that it chose.

    What is kept depends on those alone: a few settings, never anybody's facts.
    """

    def __init__(self, book: Book, rules: Iterable[Rule], make: Callable[[tuple[Rule, ...]], Made]) -> None:
        self._book, self._rules, self._make = book, tuple(rules), make
        turns = {day for rule in self._rules for day in (rule.valid_from, rule.valid_to) if day}
        self._turns = sorted(turns)
        # only what some row yields to makes a difference
        self._yielding = frozenset(name for rule in self._rules for name in rule.yields_to)
        self._kept: dict[tuple[int, tuple[str, ...], frozenset[str]], Made] = {}

    def on(self, day: date, layers: tuple[str, ...], adopted: frozenset[str]) -> Made:
        """What is made of the rows that hold on that day in these layers."""
        key = bisect_right(self._turns, day), layers, adopted & self._yielding
        if key not in self._kept:
            self._kept[key] = self._make(self._book.select(self._rules, day, layers, adopted))
        return self._kept[key]
