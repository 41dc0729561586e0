"""The transition rows as data: from which state to which, by whose act, with which event."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from .book import Book
from .rows import Rule


class Transition(NamedTuple):
    """One way from a state to another. `by`: who acts; `event`: what records it.

    `own_record`: it leads into a record of its own, beside the one it starts from, which does not move (TR-13).
    """

    rule: str
    from_state: str
    to_state: str
    by: tuple[str, ...]
    event: str
    sentence: str
    own_record: bool


def of_rows(rules: Iterable[Rule]) -> list[tuple[Rule, Transition]]:
    """Every way that these rows open, one for each pair of states, beside its row."""
    found = []
    for rule in rules:
        data = rule.parameters.get("data", {})
        if rule.parameters.get("effect") != "allow" or "to" not in data:
            continue
        ends = data["to"] if isinstance(data["to"], list | tuple) else [data["to"]]
        own = data.get("record") == "new"
        found += [
            (rule, Transition(rule.id, start, end, tuple(data["by"]), data["event"], rule.sentence, own))
            for start in data["from"]
            for end in ends
        ]
    return found


def in_force(book: Book, on: date, profile: str, adopted: Iterable[str]) -> tuple[Transition, ...]:
    """The ways open on that day, in the order of the rows."""
    rows = [rule for rule in book.rules if rule.parameters.get("topic") == "transition"]
    day = book.facts.check_date(on, "on")
    chosen = book.select(rows, day, book.layers(profile), book.adopted(adopted))
    return tuple(way for _, way in of_rows(chosen))
