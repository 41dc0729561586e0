"""Who is told that a duty comes due or stands undone, and how soon a stand-still is noticed. Numbers are dated rows."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from .book import Book
from .duties import DutyTable
from .errors import FactsError
from .rows import Rule

# A step of the ladder that stands for whoever the post before it names as its next higher one.
ALTERNATE = "alternate"
# What was promised, whatever a row says.
LONGEST = timedelta(minutes=5)
PARTS = ("lateness", "watch")


class Telling(NamedTuple):
    """One step of a duty's ladder: at that instant these roles are told, if it still stands."""

    at: datetime
    roles: tuple[str, ...]


class Watch(NamedTuple):
    """How the sweep is watched: how often, after what silence there is an alarm, how long until the next one."""

    look_every: timedelta
    alarm_after: timedelta
    repeat_after: timedelta


class LatenessTable:
    """The rows of a book about being late, beside the ladders of its duties."""

    def __init__(self, book: Book, duties: DutyTable) -> None:
        self.book = book
        self._duties = duties
        self._parts: dict[str, list[Rule]] = {name: [] for name in PARTS}
        for rule in book.family("notices"):
            for name in PARTS:
                if rule.enabled and name in rule.parameters:
                    self._parts[name].append(rule)
        for rule in self._parts["watch"]:
            watch = _watch(rule.parameters["watch"])
            if not timedelta(0) < watch.look_every < watch.alarm_after:
                raise rule.error("the watchdog looks more often than it raises an alarm")
            if watch.alarm_after + watch.look_every > LONGEST:
                raise rule.error("an alarm comes within five minutes")
        for rule in self._parts["lateness"]:
            if rule.parameters["lateness"]["minutes_between"] < 1:
                raise rule.error("there is time between two steps")

    def tellings(
        self, rule: Any, layer: Any, rule_set: Any, kind: Any, role: Any, due_at: datetime
    ) -> tuple[Telling, ...]:
        """See `reports.policy.tellings`."""
        row = self.book.by_layer_and_set.get((rule, layer, rule_set))
        rows = [row] if row else [each for each in self.book.rules if each.id == rule]
        ladder = next((found for each in rows if (found := self._duties.ladder(each, kind, role))), None)
        if ladder is None:
            return ()
        steps, missed_tells = ladder
        late = self._part("lateness", due_at.date())
        after: list[str] = []
        for told in missed_tells:
            after += [told, ALTERNATE] if told in late["alternate_after"] else [told]
        between = timedelta(minutes=late["minutes_between"])
        return (
            *(Telling(due_at - timedelta(hours=step.hours_before), step.roles) for step in steps),
            *(Telling(due_at + between * number, (told,)) for number, told in enumerate(after, start=1)),
        )

    def watch(self, on: date | None) -> Watch:
        """See `reports.policy.watch`."""
        return _watch(self._part("watch", on))

    def _part(self, name: str, on: date | None) -> Any:
        for rule in self._parts[name]:
            if rule.in_force(on or date.max):
                return rule.parameters[name]
        raise FactsError("date_out_of_range", "on", "No rules about being late are in force on this date.")


def _watch(raw: Any) -> Watch:
    return Watch(
        timedelta(seconds=raw["look_every_seconds"]),
        timedelta(minutes=raw["alarm_after_minutes"]),
        timedelta(minutes=raw["repeat_after_minutes"]),
    )
