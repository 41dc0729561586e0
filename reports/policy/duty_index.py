"""Duty templates sorted so that an event finds its own: by event, by the date that selects, by stretch of time.

Within one stretch they are sorted once more, by the value of the one fact that most of them ask for (on a
signature: the election), so that a question looks only at those that can still open.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from .conditions import Condition
from .duty_rows import Template
from .facts import FactSpec

# what is left to be asked of a template; None: nothing
Opening = tuple[Template, Condition | None]
Changes = dict[date, tuple[list[Template], list[str]]]

_ALWAYS: Condition = ((),)


class Stretch(NamedTuple):
    """What an event opens and which kinds it ends, between two changes of the rules."""

    fact: str | None
    by_value: Mapping[Any, tuple[Opening, ...]]
    ends: tuple[str, ...]

    def openings(self, facts: Mapping[str, Any]) -> tuple[Opening, ...]:
        """The templates that these facts do not rule out by the one fact."""
        return self.by_value[facts.get(self.fact)]


class Part(NamedTuple):
    """The stretches of one event by the rows that one date selects.

    `fact`: the fact that holds this date where it is stated; None: it is the day of the event.
    """

    fact: str | None
    starts: list[date]
    stretches: list[Stretch]

    def on(self, day: date) -> Stretch:
        """The stretch to which that day belongs; a day before the first belongs to the first."""
        return self.stretches[max(0, bisect_right(self.starts, day) - 1)]


def sort_templates(
    by_start: Iterable[tuple[date, Iterable[Template]]],
    selecting: Mapping[str, str],
    specs: Mapping[str, FactSpec],
) -> dict[str, tuple[Part, ...]]:
    """The parts of every event, from the templates in force from each date on."""
    starts = []
    found: dict[tuple[str, str | None], Changes] = {}
    for start, templates in by_start:
        starts.append(start)
        for each in templates:
            fact = selecting.get(each.rule.selected_by)
            for event in sorted(each.opens_on | each.ends_on):
                opens, ends = found.setdefault((event, fact), {}).setdefault(start, ([], []))
                if event in each.opens_on:
                    opens.append(each)
                if event in each.ends_on:
                    ends.append(each.kind)
    parts: dict[str, tuple[Part, ...]] = {}
    for (event, fact), changes in found.items():
        parts[event] = (*parts.get(event, ()), _part(fact, starts, changes, specs))
    return parts


def _part(fact: str | None, starts: list[date], changes: Changes, specs: Mapping[str, FactSpec]) -> Part:
    part = Part(fact, [], [])
    before = None
    for start in starts:
        now = changes.get(start, ([], []))
        if now != before:
            part.starts.append(start)
            part.stretches.append(_stretch(*now, specs))
        before = now
    return part


def _stretch(opens: list[Template], ends: list[str], specs: Mapping[str, FactSpec]) -> Stretch:
    kinds = tuple(dict.fromkeys(ends))
    asked = Counter(
        entry[0]
        for each in opens
        if len(each.when) == 1
        for entry in each.when[0]
        if specs[entry[0]].type in ("choice", "boolean")
    )
    if not asked:
        return Stretch(None, {None: tuple((each, _rest(each.when)) for each in opens)}, kinds)
    fact = asked.most_common(1)[0][0]
    values = specs[fact].values or (True, False)
    return Stretch(fact, {value: _openings(opens, fact, value) for value in (*values, None)}, kinds)


def _openings(opens: list[Template], fact: str, value: Any) -> tuple[Opening, ...]:
    """The templates that this value (None: nobody stated it) leaves possible."""
    found = []
    for each in opens:
        when = each.when
        if len(when) == 1:
            asked = [entry for entry in when[0] if entry[0] == fact]
            if any(not (if_missing if value is None else test(value)) for _, test, if_missing, _ in asked):
                continue
            when = (tuple(entry for entry in when[0] if entry[0] != fact),)
        found.append((each, _rest(when)))
    return tuple(found)


def _rest(when: Condition) -> Condition | None:
    return None if when == _ALWAYS else when
