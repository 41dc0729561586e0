"""Conditions, delays, ladders and bare data as words."""

from calendar import month_name
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .book import Book

_ABBREVIATIONS = frozenset(
    (
        "catch",
        "cmg",
        "cpo",
        "dsaid",
        "fap",
        "hrrt",
        "mcio",
        "mpo",
        "sairo",
        "sapr",
        "sapro",
        "sarc",
        "sri",
        "svc",
        "va",
    )
)


def readable(word: str) -> str:
    """A word of the vocabulary as it is read."""
    return " ".join(each.upper() if each in _ABBREVIATIONS else each for each in word.split("_"))


def listed(words: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    names = [readable(str(each)) for each in words]
    return f" {last} ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


_TESTS: dict[str, Callable[[Any], str]] = {
    "includes_any": lambda wanted: f"includes {listed(wanted, 'or')}",
    "includes_all": lambda wanted: f"includes {listed(wanted)}",
    "only": lambda wanted: f"nothing but {listed(wanted, 'or')}",
    "at_least": lambda wanted: f"{wanted} or more",
    "at_most": lambda wanted: f"{wanted} or less",
}


def condition(raw: list[Mapping[str, Any]], book: Book) -> str:
    """A condition; `always` when it asks nothing."""
    return "; or ".join(" and ".join(_entries(each, book)) for each in raw) if any(raw) else "always"


def _entries(alternative: Mapping[str, Any], book: Book) -> Iterable[str]:
    for fact, body in alternative.items():
        operator = next(key for key in body if key not in ("if_missing", "ask"))
        wanted = body[operator]
        if operator in _TESTS:
            said = _TESTS[operator](wanted)
        else:
            said = listed(({True: "yes", False: "no"}.get(each, each) for each in wanted), "or")
        also = " (or not stated)" if body.get("if_missing") else ""
        yield f"*{book.facts.specs[fact].label}*: {said}{also}"


def count(amount: int, unit: str) -> str:
    """`3 days`, `one day`."""
    return f"{amount} {unit}" if amount != 1 else f"one {unit.removesuffix('s')}"


_DELAYS: dict[str, Callable[[Mapping[str, Any], Mapping[str, Any]], str]] = {
    "immediately": lambda raw, words: "at once",
    "elapsed_hours": lambda raw, words: f"within {count(raw['hours'], 'hours')}, elapsed",
    "calendar_days": lambda raw, words: f"within {count(raw['days'], 'calendar days')}, to the last midnight",
    "business_days": lambda raw, words: (
        f"within {count(raw['days'], 'business days')} ({words['calendars'][raw['calendar']]['name']})"
    ),
    "months": lambda raw, words: f"{count(raw['months'], 'months')} later",
    "years": lambda raw, words: f"{count(raw['years'], 'years')} later",
    "monthly_same_day": lambda raw, words: "a month later, on the same day",
    "days_before": lambda raw, words: (
        f"{count(raw['days'], 'days')} before the last day on which it must be "
        f"kept ({item_label(raw['item'], words)})"
    ),
    "fixed_dates": lambda raw, words: f"by the next {listed(map(_day_of_year, raw['dates']), 'or')}",
}


def delay(raw: Mapping[str, Any], book: Book) -> str:
    """When a duty is due."""
    return _DELAYS[raw["kind"]](raw, book.vocabulary)


def _day_of_year(text: str) -> str:
    month, day = map(int, text.split("-"))
    return f"{day} {month_name[month]}"


def item_label(item: str, words: Mapping[str, Any]) -> str:
    """What is kept, by its label."""
    return words.get("items", {}).get(item, readable(item))


def ladder(raw: Mapping[str, Any]) -> str:
    """Who is reminded of a duty, when, and who is told that it was missed."""
    steps = (
        f"{count(each['hours_before'], 'hours')} before: {listed(each['roles'])}"
        if "hours_before" in each
        else f"when it is due: {listed(each['roles'])}"
        for each in raw["steps"]
    )
    return f"{'; '.join(steps)}; told when it is missed: {listed(raw['missed_tells'])}"


def plain(value: Any) -> str:
    """Any data as words, where nothing better is known about it."""
    if isinstance(value, Mapping):
        return "; ".join(f"{readable(str(key))}: {plain(each)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(plain(each) for each in value) or "none"
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    return readable(value).strip().replace("\n", " / ") if isinstance(value, str) else str(value)
