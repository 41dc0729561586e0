"""Local time: elapsed hours run through clock changes, calendar days and months follow the wall clock.

A wall-clock time that a spring night skips is taken as much later as the clock jumps; a time that an autumn
night repeats is taken the first time. A date that a zone left out (Samoa had no 30 December 2011) counts like
any other, so that nothing becomes due later because of it.
"""

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .errors import FactsError

# names that mean something else on every machine
_NOT_A_PLACE = frozenset({"localtime", "posixrules", "Factory"})
_EARLIEST, _LATEST = date(1900, 1, 1), date(9000, 12, 31)
_MIDNIGHT = time()
# the last day that every month has
_EVERY_MONTH = 28


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def check_zone(name: Any) -> ZoneInfo:
    """The zone of this IANA name, or FactsError `unknown_zone`."""
    if isinstance(name, str) and name not in _NOT_A_PLACE:
        try:
            return _zone(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass
    raise FactsError("unknown_zone", "zone", "This is not the name of a time zone.")


def check_instant(value: Any, path: str, earliest: date = _EARLIEST, latest: date = _LATEST) -> datetime:
    """The instant in UTC, or FactsError (`wrong_type`, `naive_time`, `date_out_of_range`)."""
    if not isinstance(value, datetime):
        raise FactsError("wrong_type", path, "This must be a date and time.")
    if value.tzinfo is None or value.utcoffset() is None:
        raise FactsError("naive_time", path, "The time needs its offset from UTC.")
    if not earliest <= value.date() <= latest:
        raise FactsError("date_out_of_range", path, f"The time must lie between {earliest} and {latest}.")
    return value.astimezone(UTC)


def local_instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which clocks in the zone show this."""
    shown = datetime.combine(day, wall, zone)
    return (shown.replace(fold=0) if shown.fold else shown).astimezone(UTC)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which this local day begins."""
    return datetime.combine(day, _MIDNIGHT, zone).astimezone(UTC)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which this local day ends: the midnight after it."""
    return start_of(day + timedelta(days=1), zone)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day when it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if day.day <= _EVERY_MONTH:
        return date(year, month + 1, day.day)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_weeks(day: date, weeks: int) -> date:
    """The same weekday, so many weeks later."""
    return day + timedelta(weeks=weeks)


# word in the data → (the day of the n-th turn, a bound from below for n between two days)
REPEATS: dict[str, tuple[Callable[[date, int], date], Callable[[date, date], int]]] = {
    "monthly": (add_months, lambda start, day: (day.year - start.year) * 12 + day.month - start.month - 1),
    "weekly": (add_weeks, lambda start, day: (day - start).days // 7 - 1),
}


def next_turn(repeats: Any, after: Any, anchor: Any, zone: Any) -> datetime:
    """The first recurrence of `anchor` that is later than both `after` and `anchor`, in UTC.

    `repeats`: `monthly` or `weekly`. It keeps the anchor's local time of day and its weekday or day of the
    month; in a shorter month it is the last day. Counting always starts from the anchor, so that the 31st stays
    the 31st after a February.
    """
    if not isinstance(repeats, str) or repeats not in REPEATS:
        raise FactsError("unknown_value", "repeats", f"This must be one of: {', '.join(REPEATS)}.")
    place = check_zone(zone)
    start = check_instant(anchor, "anchor").astimezone(place)
    passed = check_instant(after, "after")
    day_of, at_least = REPEATS[repeats]
    turn = max(1, at_least(start.date(), passed.astimezone(place).date()))
    while True:
        due = local_instant(day_of(start.date(), turn), start.time(), place)
        if due > passed:
            return due
        turn += 1


def next_monthly(after: datetime, anchor: datetime, zone: str) -> datetime:
    """See `next_turn`, for a monthly duty."""
    return next_turn("monthly", after, anchor, zone)
