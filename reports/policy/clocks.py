"""The kinds of delay that a duty may have: from the data's object to a function of the moment it begins.

Each function answers with the instant in UTC at which the thing is due. Those that count days end at the local
midnight after the last day; years and months keep the local time of day.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from .delays import add_months, end_of, local_instant, start_of
from .holidays import Calendar
from .retention import RetentionTable


class Moment(NamedTuple):
    """When and where something happened, what is stated about it, and the rules it is judged by.

    `counts_from`: the day that selects the rules, from which the time counts that a thing is kept.
    """

    at: datetime
    local: datetime
    zone: ZoneInfo
    facts: Mapping[str, Any]
    counts_from: date
    layers: tuple[str, ...]
    adopted: frozenset[str]


# None: what the clock counts towards has no known end
Due = Callable[[Moment], datetime | None]


class Tools(NamedTuple):
    """What some kinds of delay need beside their own numbers."""

    calendars: Mapping[str, Calendar]
    retention: RetentionTable


def whole(raw: Mapping[str, Any], key: str) -> int:
    """A whole number, not negative; KeyError or ValueError otherwise."""
    if type(raw[key]) is not int or raw[key] < 0:
        raise ValueError(f"{key} is a whole number, not negative")
    return raw[key]


def _immediately(raw: Mapping[str, Any], tools: Tools) -> Due:
    return lambda moment: moment.at


def _elapsed_hours(raw: Mapping[str, Any], tools: Tools) -> Due:
    span = timedelta(hours=whole(raw, "hours"))
    return lambda moment: moment.at + span


def _calendar_days(raw: Mapping[str, Any], tools: Tools) -> Due:
    to_midnight = timedelta(days=whole(raw, "days") + 1)
    return lambda moment: start_of(moment.local.date() + to_midnight, moment.zone)


def _business_days(raw: Mapping[str, Any], tools: Tools) -> Due:
    days, name = whole(raw, "days"), raw["calendar"]
    if name not in tools.calendars:
        raise ValueError(f"unknown calendar {name!r}")
    calendar = tools.calendars[name]
    return lambda moment: end_of(calendar.working_day_after(moment.local.date(), days), moment.zone)


def _after_months(months: int) -> Due:
    def due(moment: Moment) -> datetime:
        local = moment.local
        return local_instant(add_months(local.date(), months), local.time(), moment.zone)

    return due


def _months(raw: Mapping[str, Any], tools: Tools) -> Due:
    return _after_months(whole(raw, "months"))


def _years(raw: Mapping[str, Any], tools: Tools) -> Due:
    return _after_months(12 * whole(raw, "years"))


def _monthly_same_day(raw: Mapping[str, Any], tools: Tools) -> Due:
    return _after_months(1)


def _days_before(raw: Mapping[str, Any], tools: Tools) -> Due:
    """So many whole days before the last day on which an item must be kept, or at once if that has passed.

    Every rule in the book counts, also one that began after the event: the notice belongs to the real end.
    """
    span, item = timedelta(days=whole(raw, "days")), raw["item"]
    if item not in tools.retention.items:
        raise ValueError(f"unknown item {item!r}")

    def due(moment: Moment) -> datetime | None:
        until = tools.retention.keep_until(
            item,
            moment.facts,
            moment.counts_from,
            date.max,
            moment.layers,
            moment.adopted,
        )
        return None if until is None else max(moment.at, start_of(until - span, moment.zone))

    return due


def _fixed_dates(raw: Mapping[str, Any], tools: Tools) -> Due:
    """The end of the next of these days of the year; of today, if it is one of them."""
    days = sorted(_day_of_year(each) for each in raw["dates"])
    if not days:
        raise ValueError("dates names at least one day")

    def due(moment: Moment) -> datetime:
        today = moment.local.date()
        coming = (date(year, *each) for year in (today.year, today.year + 1) for each in days)
        return end_of(next(day for day in coming if day >= today), moment.zone)

    return due


def _day_of_year(text: Any) -> tuple[int, int]:
    try:
        # not a leap year: a day that every year has
        day = date.fromisoformat(f"2001-{text}")
    except ValueError:
        raise ValueError("a day of the year is written MM-DD") from None
    return day.month, day.day


# word in the data → (its keys, how it is compiled)
DELAYS: dict[str, tuple[frozenset[str], Callable[[Mapping[str, Any], Tools], Due]]] = {
    "immediately": (frozenset(), _immediately),
    "elapsed_hours": (frozenset({"hours"}), _elapsed_hours),
    "calendar_days": (frozenset({"days"}), _calendar_days),
    "business_days": (frozenset({"days", "calendar"}), _business_days),
    "months": (frozenset({"months"}), _months),
    "years": (frozenset({"years"}), _years),
    "monthly_same_day": (frozenset(), _monthly_same_day),
    "days_before": (frozenset({"days", "item"}), _days_before),
    "fixed_dates": (frozenset({"dates"}), _fixed_dates),
}


def compile_delay(raw: Any, words: Any, tools: Tools) -> Due:
    """The function of one delay; `words` are the kinds that the vocabulary lists. KeyError, ValueError."""
    if not isinstance(raw, Mapping):
        raise ValueError("a delay is an object with its kind")  # noqa: TRY004 - data, not a caller
    kind = raw["kind"]
    if kind not in DELAYS or kind not in words:
        raise ValueError(f"unknown delay {kind!r}")
    keys, build = DELAYS[kind]
    for key in keys - set(raw):
        raise ValueError(f"delay {kind}: {key} is missing")
    for key in set(raw) - keys - {"kind"}:
        raise ValueError(f"delay {kind}: unknown key {key!r}")
    return build(raw, tools)
