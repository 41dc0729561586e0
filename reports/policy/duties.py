"""What becomes due, for whom and by when, once something has happened; and what is thereby done."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .book import Book
from .conditions import Condition, compile_condition, evaluate
from .delays import DELAYS, check_instant, check_zone
from .errors import FactsError
from .rows import Rule


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing that is due. `discharged_by` is the event that does it; `repeats` is `monthly` or None.

    `immediate`: due at its trigger. No rule says how many minutes that may take, so none makes it late.
    """

    rule: str
    kind: str
    role: str
    due_at: datetime
    opened_by: str
    discharged_by: str
    sentence: str
    late_reason_needed: bool
    repeats: str | None
    immediate: bool
    see_also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """A duty that the rule does not extend to this person, and why."""

    rule: str
    kind: str
    because: str


@dataclass(frozen=True, slots=True)
class DutyPlan:
    """What an event opens, what it would open for others, and the kinds of duty that it ends."""

    opened: tuple[Duty, ...]
    not_applicable: tuple[NotApplicable, ...]
    discharged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Template:
    rule: Rule
    kind: str
    role: str
    opens_on: frozenset[str]
    when: Condition
    applies_when: Condition | None
    otherwise: str
    delay: str
    amount: int
    discharged_by: str
    ends_on: frozenset[str]
    sentence: str
    late_reason_needed: bool
    repeats: str | None
    see_also: tuple[str, ...]


class DutyTable:
    """The duty rows of a book, compiled."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._templates: dict[Rule, tuple[_Template, ...]] = {
            rule: tuple(self._template(rule, raw) for raw in rule.parameters.get("duties", ()))
            for rule in book.family("duties")
        }
        turns = {book.facts.earliest}
        turns.update(day for rule in self._templates for day in (rule.valid_from, rule.valid_to) if day)
        self._starts = sorted(day for day in turns if day >= book.facts.earliest)
        self._periods = {
            profile: [
                tuple(
                    each for rule in book.active("duties", start, profile) for each in self._templates[rule]
                )
                for start in self._starts
            ]
            for profile in book.profiles
        }

    def _template(self, rule: Rule, raw: Mapping[str, Any]) -> _Template:
        try:
            return self._compile(rule, raw)
        except KeyError as error:
            raise rule.error(f"{error.args[0]} is missing") from None
        except ValueError as error:
            raise rule.error(str(error)) from None

    def _compile(self, rule: Rule, raw: Mapping[str, Any]) -> _Template:
        words = self.book.vocabulary
        specs = self.book.facts.specs
        events = {raw["discharged_by"], *raw["opens_on"], *raw["ended_by"]}
        for event in sorted(events - set(words["events"])):
            raise ValueError(f"unknown event {event!r}")
        if raw["role"] not in words["roles"]:
            raise ValueError(f"unknown role {raw['role']!r}")
        kind = raw["delay"]["kind"]
        if kind not in DELAYS or kind not in words["delays"]:
            raise ValueError(f"unknown delay {kind!r}")
        known = {each.id for each in self.book.rules}
        for other in raw["see_also"]:
            if other not in known:
                raise ValueError(f"dangling reference to {other!r}")
        if raw["repeats"] not in (None, "monthly"):
            raise ValueError(f"unknown repetition {raw['repeats']!r}")
        amount_name = DELAYS[kind][0]
        amount = raw["delay"][amount_name] if amount_name else 0
        if type(amount) is not int or amount < 0:
            raise ValueError("the amount of the delay is a whole number")
        applies = raw.get("applies_when")
        return _Template(
            rule=rule,
            kind=raw["kind"],
            role=raw["role"],
            opens_on=frozenset(raw["opens_on"]),
            when=compile_condition(raw["when"], specs),
            applies_when=compile_condition(applies, specs) if applies else None,
            otherwise=raw["otherwise"] if applies else "",
            delay=kind,
            amount=amount,
            discharged_by=raw["discharged_by"],
            ends_on=frozenset({raw["discharged_by"], *raw["ended_by"]}),
            sentence=raw["sentence"],
            late_reason_needed=raw["late_reason_needed"],
            repeats=raw["repeats"],
            see_also=tuple(raw["see_also"]),
        )

    def plan(self, event: Any, facts: Any, at: Any, zone: Any, profile: str) -> DutyPlan:
        """See `reports.policy.duties`."""
        book = self.book
        events = book.vocabulary["events"]
        if not isinstance(event, str) or event not in events:
            raise FactsError("unknown_value", "event", f"This must be one of: {', '.join(events)}.")
        place = check_zone(zone)
        instant = check_instant(at, "at", book.facts.earliest, book.facts.latest)
        stated = book.facts.clean(facts, "duties")
        for name, value in events[event]["sets"].items():
            if stated.setdefault(name, value) != value:
                raise FactsError("impossible_facts", name, "This does not fit what has happened.")
        for name in events[event]["needs"]:
            if name not in stated:
                raise FactsError("missing_fact", name, f"{book.facts.specs[name].why} Record it first.")
        book.layers(profile)
        day = instant.astimezone(place).date()
        opened, spared, done = [], [], []
        for each in self._periods[profile][bisect_right(self._starts, day) - 1]:
            if event in each.ends_on:
                done.append(each.kind)
            if event not in each.opens_on or not evaluate(each.when, stated)[0]:
                continue
            if each.applies_when is not None and not evaluate(each.applies_when, stated)[0]:
                spared.append(NotApplicable(each.rule.id, each.kind, each.otherwise))
                continue
            due_at = DELAYS[each.delay][1](instant, place, each.amount)
            opened.append(
                Duty(
                    each.rule.id,
                    each.kind,
                    each.role,
                    due_at,
                    event,
                    each.discharged_by,
                    each.sentence,
                    each.late_reason_needed,
                    each.repeats,
                    each.delay == "immediately",
                    each.see_also,
                )
            )
        return DutyPlan(tuple(opened), tuple(spared), tuple(dict.fromkeys(done)))
