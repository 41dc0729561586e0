"""Questions in writing: JSON text, dates and instants as people and scripts type them; and then the answer.

A request is an object of plain JSON values. What is wrong with it is a FactsError whose path starts at the
request's own key: `on`, `facts.age`; among many requests `[3].on`, `[3].facts.age`.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from reports import policy

from .book import DEFAULT_PROFILE
from .errors import FactsError
from .rows import parse_date

_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
# always about the facts; any other refusal is, unless its path is a key of the request
_ABOUT_FACTS = ("unknown_fact", "impossible_facts", "missing_fact")


def read_json(raw: bytes) -> Any:
    """The value of one JSON text in UTF-8; FactsError `malformed` for anything else, NaN and a key twice too."""
    try:
        return json.loads(
            raw.decode("utf-8-sig"),
            parse_constant=_no_number,
            parse_int=_integer,
            object_pairs_hook=_each_key_once,
        )
    except RecursionError:
        raise FactsError("malformed", "facts", "This JSON is nested too deeply.") from None
    except ValueError as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise FactsError("malformed", "facts", f"This is not JSON in UTF-8{where}.") from None


def _no_number(name: str) -> None:
    raise FactsError("malformed", "facts", "NaN and Infinity are no numbers in JSON.")


def _integer(digits: str) -> int:
    try:
        return int(digits)
    except ValueError:
        raise FactsError("malformed", "facts", "This JSON holds a number of too many digits.") from None


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise FactsError("malformed", "facts", "This JSON holds an object in which a key stands twice.")
    return made


def _date(value: Any, key: str) -> date:
    try:
        return parse_date(value)
    except ValueError:
        raise FactsError("wrong_type", key, "Write a calendar date as YYYY-MM-DD.") from None


def _instant(value: Any, key: str) -> datetime:
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass
    raise FactsError("wrong_type", key, "Write date, time and offset, such as 2024-08-01T22:30:00+09:00.")


_READERS: dict[str, Callable[[Any, str], Any]] = {"on": _date, "started_on": _date, "at": _instant}
_LAYERS = {"profile": DEFAULT_PROFILE, "adopted": ()}


@dataclass(frozen=True, slots=True)
class Question:
    """One kind of question: keys that a request must have, keys that it may have, and who answers."""

    needs: tuple[str, ...]
    may: Mapping[str, Any]
    answer: Callable[..., Any]

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key that a request may have."""
        return (*self.needs, *self.may)

    def ask(self, request: Any, **options: Any) -> Any:
        """The answer to one request."""
        if not isinstance(request, Mapping):
            raise FactsError("wrong_type", "", "This must be an object of names and values.")
        for key in request:
            if key not in self.keys:
                raise FactsError("unknown_field", key[:60], "There is no such key here.")
        for key in self.needs:
            if key not in request:
                raise FactsError("missing", key, "This is needed.")
        stated = {**self.may, **request}
        for key, read in _READERS.items():
            if key in stated:
                stated[key] = read(stated[key], key)
        try:
            return self.answer(**stated, **options)
        except FactsError as error:
            own = error.code not in _ABOUT_FACTS and error.path in stated
            path = error.path if own else f"facts.{error.path}".rstrip(".")
            raise FactsError(error.code, path, error.message) from None

    def ask_each(self, requests: list[Any], otherwise: Mapping[str, Any], **options: Any) -> Iterator[Any]:
        """The answers to many; `otherwise` holds what a request does not state itself."""
        for index, request in enumerate(requests):
            try:
                yield self.ask(
                    {**otherwise, **request} if isinstance(request, Mapping) else request, **options
                )
            except FactsError as error:
                path = f"[{index}].{error.path}".rstrip(".")
                raise FactsError(error.code, path, error.message) from None


# by the name of the action that asks it
QUESTIONS: dict[str, Question] = {
    "decide": Question(("facts", "on"), _LAYERS, policy.eligibility),
    "duties": Question(("event", "at", "zone"), {"facts": {}, **_LAYERS}, policy.duties),
    "ruling": Question(("topic", "on"), {"facts": {}, **_LAYERS}, policy.ruling),
    "retention": Question(("item", "started_on", "on"), {"facts": {}, **_LAYERS}, policy.retention),
    "see": Question(("role", "on"), {"facts": {}, **_LAYERS}, policy.visibility),
}
