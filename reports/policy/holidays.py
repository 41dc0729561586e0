"""Calendars of working days, from data: which weekdays are free, which holidays there are and when they are kept.

A holiday falls on a day of the year (`month`, `day`) or on the n-th weekday of a month (`month`, `weekday`,
`nth`, 1 to 4; -1 is the last), from `valid_from` on. One that falls on a free weekday is kept on another day, as
`observed` says.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from .delays import add_months
from .rows import parse_date

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_KEYS = {"weekend", "observed", "holidays"}
_ABOUT = {"name", "note", "authority", "sources"}
_NTH = (1, 2, 3, 4, -1)
_FIXED, _FLOATING = {"month", "day"}, {"month", "weekday", "nth"}


class Calendar:
    """One calendar. ValueError says what is wrong with its data."""

    def __init__(self, raw: Any) -> None:
        if not isinstance(raw, Mapping) or set(raw) - _ABOUT != _KEYS:
            raise ValueError("a calendar has weekend, observed and holidays")
        self._weekend = frozenset(_weekday(name) for name in raw["weekend"])
        if len(self._weekend) == len(WEEKDAYS):
            raise ValueError("a calendar has working days")
        self._shift = {_weekday(name): timedelta(days=days) for name, days in raw["observed"].items()}
        self._holidays = [_holiday(name, each) for name, each in raw["holidays"].items()]
        self._closed: dict[int, frozenset[date]] = {}

    def is_working(self, day: date) -> bool:
        """Whether that day is neither a free weekday nor the day on which a holiday is kept."""
        return day.weekday() not in self._weekend and day not in self.closed(day.year)

    def working_day_after(self, day: date, count: int) -> date:
        """The count-th working day after that day; the day itself for 0."""
        while count:
            day += timedelta(days=1)
            count -= self.is_working(day)
        return day

    def closed(self, year: int) -> frozenset[date]:
        """The days of that year on which a holiday is kept; one of the next year may be kept in this one."""
        if year not in self._closed:
            kept = {self._kept(each, near) for each in self._holidays for near in (year - 1, year, year + 1)}
            self._closed[year] = frozenset(day for day in kept if day is not None and day.year == year)
        return self._closed[year]

    def _kept(self, holiday: tuple[date, Mapping[str, Any]], year: int) -> date | None:
        valid_from, rule = holiday
        day = _falls_on(rule, year)
        if day < valid_from:
            return None
        return day + self._shift.get(day.weekday(), timedelta())


def _weekday(name: Any) -> int:
    if name not in WEEKDAYS:
        raise ValueError(f"unknown weekday {name!r}")
    return WEEKDAYS.index(name)


def _holiday(name: str, raw: Any) -> tuple[date, Mapping[str, Any]]:
    try:
        _check_rule(raw["when"])
        return parse_date(raw["valid_from"]), raw["when"]
    except KeyError as error:
        raise ValueError(f"holiday {name!r}: {error.args[0]} is missing") from None
    except (TypeError, ValueError) as error:
        raise ValueError(f"holiday {name!r}: {error}") from None


def _check_rule(when: Mapping[str, Any]) -> None:
    if set(when) == _FLOATING:
        _weekday(when["weekday"])
        if when["nth"] not in _NTH:
            raise ValueError("nth is 1 to 4, or -1 for the last")
    elif set(when) != _FIXED:
        raise ValueError("say month and day, or month, weekday and nth")
    # not a leap year: a day that every year has
    _falls_on(when, 2001)


def _falls_on(rule: Mapping[str, Any], year: int) -> date:
    first = date(year, rule["month"], 1)
    if "day" in rule:
        return first.replace(day=rule["day"])
    wanted = WEEKDAYS.index(rule["weekday"])
    if rule["nth"] > 0:
        return first + timedelta(days=(wanted - first.weekday()) % 7, weeks=rule["nth"] - 1)
    last = add_months(first, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - wanted) % 7)
