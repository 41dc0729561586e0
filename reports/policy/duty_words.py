"""The words that duty rows draw on, checked: events, calendars and ladders of reminders.

Any data file may add to them, so a fault is named by the table and the word.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from .book import Book
from .duty_plan import Step
from .errors import FactsError, PolicyDataError
from .holidays import Calendar

# a ladder's word for the role of whatever duty uses it
RESPONSIBLE = "responsible"

# the steps before and at the due instant; who is told when it has passed
Ladder = tuple[tuple[Step, ...], tuple[str, ...]]
Read = TypeVar("Read")


def check_events(book: Book) -> None:
    """PolicyDataError unless the events and the facts that select versions are facts of the contract."""
    _read(book, "events", _check_event)
    _read(book, "selecting_facts", _check_selecting)


def read_calendars(book: Book) -> dict[str, Calendar]:
    """The calendars of working days, by name."""
    return _read(book, "calendars", _calendar)


def read_ladders(book: Book) -> dict[str, Ladder]:
    """The ladders of reminders, by name."""
    return _read(book, "ladders", _ladder)


def climb(ladder: Ladder, role: str) -> Ladder:
    """The ladder with the responsible role filled in."""
    steps, missed_tells = ladder
    return tuple(Step(hours, _fill(roles, role)) for hours, roles in steps), _fill(missed_tells, role)


def _fill(roles: tuple[str, ...], role: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(role if each == RESPONSIBLE else each for each in roles))


def _read(book: Book, words: str, read: Callable[[Book, Any], Read]) -> dict[str, Read]:
    found = {}
    for name, raw in book.vocabulary.get(words, {}).items():
        try:
            found[name] = read(book, raw)
        except KeyError as error:
            message = f"{error.args[0]} is missing"
            raise PolicyDataError("vocabulary", f"{words}: {name}", message) from None
        except (TypeError, ValueError, FactsError) as error:
            raise PolicyDataError("vocabulary", f"{words}: {name}", str(error)) from None
    return found


def _check_event(book: Book, raw: Any) -> None:
    specs = book.facts.specs
    for fact in raw["needs"]:
        if fact not in specs or "duties" not in specs[fact].uses:
            raise ValueError(f"unknown fact {fact!r}")
    book.facts.clean(raw["sets"], "duties")


def _check_selecting(book: Book, fact: Any) -> None:
    specs = book.facts.specs
    if fact not in specs or specs[fact].type != "date" or "duties" not in specs[fact].uses:
        raise ValueError(f"{fact!r} is no fact for duties that is a date")


def _calendar(book: Book, raw: Any) -> Calendar:
    for source in raw["sources"]:
        if source not in book.sources:
            raise ValueError(f"unknown source {source!r}")
    return Calendar(raw)


def _ladder(book: Book, raw: Any) -> Ladder:
    steps = tuple(_step(each) for each in raw["steps"])
    missed_tells = tuple(raw["missed_tells"])
    for role in (*missed_tells, *(role for step in steps for role in step.roles)):
        if role != RESPONSIBLE and role not in book.vocabulary["roles"]:
            raise ValueError(f"unknown role {role!r}")
    hours = [step.hours_before for step in steps]
    if hours != sorted(set(hours), reverse=True):
        raise ValueError("each step comes nearer to the due instant")
    return steps, missed_tells


def _step(raw: Mapping[str, Any]) -> Step:
    if set(raw) == {"at_due", "roles"} and raw["at_due"] is True:
        return Step(0, tuple(raw["roles"]))
    if (
        set(raw) != {"hours_before", "roles"}
        or type(raw["hours_before"]) is not int
        or raw["hours_before"] < 1
    ):
        raise ValueError("a step has roles, and either hours_before (from 1) or at_due")
    return Step(raw["hours_before"], tuple(raw["roles"]))
