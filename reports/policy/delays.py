"""Local time: elapsed hours run through clock changes, calendar days and months follow the wall clock.

A wall-clock time that a spring night skips is taken as much later as the clock jumps; a time that an autumn
night repeats is taken the first time.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .errors import FactsError

# names that mean something else on every machine
_NOT_A_PLACE = frozenset({"localtime", "posixrules", "Factory"})


def check_zone(name: Any) -> ZoneInfo:
    """The zone of this IANA name, or FactsError `unknown_zone`."""
    if isinstance(name, str) and name not in _NOT_A_PLACE:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass
    raise FactsError("unknown_zone", "zone", "This is not the name of a time zone.")


def check_instant(value: Any, path: str, earliest: date, latest: date) -> datetime:
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
    return datetime.combine(day, wall.replace(tzinfo=None, fold=0), tzinfo=zone).astimezone(UTC)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day when it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def next_monthly(after: datetime, anchor: datetime, zone: str) -> datetime:
    """The first monthly recurrence of `anchor` that is later than both `after` and `anchor`, in UTC.

    It keeps the anchor's local day and time of day; in a shorter month it is the last day. Counting always
    starts from the anchor, so that the 31st stays the 31st after a February.
    """
    place = check_zone(zone)
    check_instant(after, "after", date.min, date.max)
    start = check_instant(anchor, "anchor", date.min, date.max).astimezone(place)
    later = after.astimezone(place)
    months = max(1, (later.year - start.year) * 12 + later.month - start.month - 1)
    while True:
        due = local_instant(add_months(start.date(), months), start.time(), place)
        if due > after and months >= 1:
            return due
        months += 1


def _elapsed_hours(at: datetime, zone: ZoneInfo, amount: int) -> datetime:
    return at + timedelta(hours=amount)


def _calendar_days(at: datetime, zone: ZoneInfo, amount: int) -> datetime:
    return local_instant(at.astimezone(zone).date() + timedelta(days=amount + 1), time(), zone)


def _years(at: datetime, zone: ZoneInfo, amount: int) -> datetime:
    local = at.astimezone(zone)
    return local_instant(add_months(local.date(), 12 * amount), local.time(), zone)


def _monthly(at: datetime, zone: ZoneInfo, amount: int) -> datetime:
    return next_monthly(at, at, zone.key)


# kind → (name of its amount in the data, function)
DELAYS: dict[str, tuple[str | None, Any]] = {
    "immediately": (None, lambda at, zone, amount: at),
    "elapsed_hours": ("hours", _elapsed_hours),
    "calendar_days": ("days", _calendar_days),
    "years": ("years", _years),
    "monthly_same_day": (None, _monthly),
}
