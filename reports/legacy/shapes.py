"""The format as its JSON Schema says it, made into checks: as much of the schema language as the file uses."""

import json
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from reports.legacy.problems import Problem

SCHEMA = Path(__file__).parent / "data" / "legacy.schema.json"
Check = Callable[[Any, str, list[Problem]], Any]
INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?")
STRANGE = re.compile(r"[^\x20-\x7e\n\r\t]")
UNPRINTED = {"Cc", "Cs", "Co", "Cn"}


@cache
def schema() -> dict[str, Any]:
    """The format of one row."""
    return json.loads(SCHEMA.read_text(encoding="utf-8"))


@cache
def whole() -> Check:
    """The check of a whole row: the cleaned row; what is wrong is added to the list that is handed in."""
    return _compiled(schema())


@cache
def leaves() -> dict[str, dict[str, Any]]:
    """Each value that a CSV column can hold, by its path; of past duties the number is left out (`duties.#.kind`)."""
    return dict(_leaves(schema(), ""))


def _leaves(part: dict[str, Any], path: str):
    for name, each in part["properties"].items():
        here = f"{path}{name}"
        if each.get("type") == "object":
            yield from _leaves(each, f"{here}.")
        elif each.get("type") == "array" and "properties" in each["items"]:
            yield from _leaves(each["items"], f"{here}.#.")
        else:
            yield here, each


def _compiled(part: dict[str, Any]) -> Check:
    if "enum" in part:
        return _word(frozenset(part["enum"]))
    match part["type"]:
        case "object":
            inner = {name: _compiled(each) for name, each in part["properties"].items()}
            return _object(inner, tuple(part.get("required", ())))
        case "array":
            return _array(_compiled(part["items"]), part["maxItems"])
        case "boolean":
            return _boolean
        case "integer":
            return _integer(part["minimum"], part["maximum"])
    if part.get("format") == "date-time":
        return _instant
    return _day if part.get("format") == "date" else _text(part["maxLength"])


def _object(inner: dict[str, Check], required: tuple[str, ...]) -> Check:
    def check(value: Any, path: str, problems: list[Problem]) -> Any:
        if type(value) is not dict:
            problems.append(Problem("wrong_type", path))
            return None
        dot, found = f"{path}." if path else "", {}
        for name, each in value.items():
            known = inner.get(name)
            if known is None:
                # The name of an unknown field is the file's own text and may be anything.
                problems.append(Problem("unknown_field", path))
            elif each is not None and each != "":
                found[name] = known(each, dot + name, problems)
        for name in required:
            if name not in found:
                problems.append(Problem("missing", dot + name))
        return found

    return check


def _array(inner: Check, most: int) -> Check:
    def check(value: Any, path: str, problems: list[Problem]) -> Any:
        if type(value) is not list:
            problems.append(Problem("wrong_type", path))
            return None
        if len(value) > most:
            problems.append(Problem("too_long", path))
            return None
        return [inner(each, f"{path}.{number}", problems) for number, each in enumerate(value, start=1)]

    return check


def _word(words: frozenset[str]) -> Check:
    def check(value: Any, path: str, problems: list[Problem]) -> Any:
        if type(value) is not str or value not in words:
            problems.append(Problem("unknown_value" if type(value) is str else "wrong_type", path))
        return value

    return check


def _boolean(value: Any, path: str, problems: list[Problem]) -> Any:
    if type(value) is not bool:
        problems.append(Problem("wrong_type", path))
    return value


def _integer(least: int, most: int) -> Check:
    def check(value: Any, path: str, problems: list[Problem]) -> Any:
        if type(value) is not int:
            problems.append(Problem("wrong_type", path))
        elif not least <= value <= most:
            problems.append(Problem("out_of_range", path))
        return value

    return check


def _text(limit: int) -> Check:
    def check(value: Any, path: str, problems: list[Problem]) -> Any:
        if type(value) is not str:
            problems.append(Problem("wrong_type", path))
            return None
        if len(value) > limit:
            problems.append(Problem("too_long", path))
            return None
        if STRANGE.search(value) and any(
            unicodedata.category(each) in UNPRINTED and each not in "\n\r\t" for each in value
        ):
            problems.append(Problem("control_characters", path))
            return None
        value = value.strip()
        if not value:
            problems.append(Problem("missing", path))
        return value

    return check


def _instant(value: Any, path: str, problems: list[Problem]) -> datetime | None:
    """An instant with a zone, in UTC."""
    if type(value) is not str:
        problems.append(Problem("wrong_type", path))
        return None
    try:
        found = datetime.fromisoformat(value) if INSTANT.fullmatch(value) else None
        if found is not None and found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        found = None
    problems.append(Problem("bad_date" if found is None else "naive_time", path))
    return None


def _day(value: Any, path: str, problems: list[Problem]) -> Any:
    try:
        return date.fromisoformat(value).isoformat() if type(value) is str and len(value) == 10 else _no_day()
    except ValueError:
        problems.append(Problem("bad_date", path))
        return None


def _no_day() -> str:
    raise ValueError
