"""Eligibility by stretches of time: which rows stand together on a day, under a profile, for a Service."""

from bisect import bisect_right
from datetime import date
from typing import Any

from .book import Book
from .eligibility_rows import Line, Period, build_period, compile_line, thresholds

NOTHING_ADOPTED: frozenset[str] = frozenset()


class Periods:
    """The eligibility and block rows of a book, checked at once and put together when first asked for.

    What is kept depends on profile, Service and adopted rule sets: a few settings, never anybody's facts.
    Settings under which the same rows stand share one series of periods.
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        self.lines = {
            rule: compile_line(rule, book)
            for family in ("eligibility", "blocks")
            for rule in book.family(family)
        }
        self._check_complete()
        self.thresholds = thresholds(self.lines)
        self._layers = {rule.layer for rule in self.lines}
        self._yielding = frozenset(name for rule in self.lines for name in rule.yields_to)
        # Services that say something of their own about options, with their layers
        self.services = {
            service: layer for service, layer in book.service_layers["by"].items() if layer in self._layers
        }
        turns = {book.facts.earliest}
        turns.update(day for rule in self.lines for day in (rule.valid_from, rule.valid_to) if day)
        self.starts = sorted(day for day in turns if day >= book.facts.earliest)
        self._by_setting: dict[tuple[Any, ...], tuple[Period, ...]] = {}
        self._series: dict[tuple[Any, ...], tuple[Period, ...]] = {}

    def _check_complete(self) -> None:
        granted = {line.status for line in self.lines.values() if line.status is not None}
        absent = [each for each in self.book.facts.specs["statuses"].values if each not in granted]
        for line in self.lines.values():
            if absent and line.status is not None and line.rule.valid_to is None:
                raise line.rule.error(f"no row answers for status {absent[0]!r}")

    def at(
        self,
        on: date,
        profile: Any,
        service: str | None = None,
        adopted: frozenset[str] = NOTHING_ADOPTED,
    ) -> Period:
        """The rows in force on that day; FactsError for an unknown profile."""
        setting = (profile if isinstance(profile, str) else None, service, adopted)
        series = self._by_setting.get(setting)
        if series is None:
            layers = tuple(each for each in self.book.layers(profile, service) if each in self._layers)
            series = self._compile(layers, self.book.profiles[profile], adopted & self._yielding)
            self._by_setting[setting] = series
        return series[bisect_right(self.starts, on) - 1]

    def _compile(
        self, layers: tuple[str, ...], of_profile: tuple[str, ...], adopted: frozenset[str]
    ) -> tuple[Period, ...]:
        own = of_profile[-1]
        has_base = len(of_profile) > 1 and len(layers) > 1 and layers[-1] == own
        key = (layers, has_base, adopted)
        if key not in self._series:
            bases = self._compile(layers[:-1], of_profile[:-1], adopted) if has_base else None
            self._series[key] = tuple(
                build_period(self._held(start, layers, adopted), bases[index] if bases else None, own)
                for index, start in enumerate(self.starts)
            )
        return self._series[key]

    def _held(self, on: date, layers: tuple[str, ...], adopted: frozenset[str]) -> list[Line]:
        return [self.lines[rule] for rule in self.book.select(self.lines, on, layers, adopted)]
