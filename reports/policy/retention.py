"""How long a thing is kept: the longest period that any rule gave it before an earlier one ran out.

A rule that begins later lengthens what has not run out by then (unless its row says that it holds for new things
only) and never shortens anything. What no rule read speaks of is kept; a later rule may give it an end.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from .book import Book
from .citing import cite, plain
from .conditions import evaluate
from .decision import Citation
from .errors import FactsError
from .retention_rows import NOTHING, Line, compile_line
from .rows import Rule


class Retention(NamedTuple):
    """How long one item is kept, by the rules known on a day.

    `keep_until`: the last day on which it must still be there; None when there is no such day, because nothing
    is kept at all (`may_destroy`) or because no end is known (not). `held`: its time is over, but something keeps
    it, or nobody has said that nothing does. `missing`: facts not stated that could put the end off or must be
    known before anything is destroyed.
    """

    item: str
    started_on: date
    on: date
    rule_set: str | None
    profile: str
    keep_until: date | None
    may_destroy: bool
    held: bool
    rules: tuple[str, ...]
    see_also: tuple[str, ...]
    because: str
    missing: tuple[str, ...]
    citations: tuple[Citation, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return plain(self)


class _Kept:
    """What is found while the rows speak, in the order in which they came into force."""

    def __init__(self, started_on: date, facts: Mapping[str, Any]) -> None:
        self.started_on = started_on
        self.facts = facts
        self.end: date | None = None
        self.line: Line | None = None
        self.lengthened = False
        self.lines: list[Line] = []
        self._unsettled: list[tuple[bool, date, tuple[str, ...]]] = []

    def take(self, lines: Iterable[Line]) -> None:
        """Let the rows of one time speak. As long a period as before, or a longer, takes its place; none shortens."""
        before = self.end
        for line in lines:
            self.lines.append(line)
            holds, missing = evaluate(line.when, self.facts)
            end = line.end(self.started_on)
            if missing:
                self._unsettled.append((holds, end, missing))
            if holds and (self.end is None or end >= self.end):
                self.end, self.line = end, line
        self.lengthened = self.lengthened or (before is not None and self.end != before)

    def gone_before(self, day: date) -> bool:
        """Whether it may have been destroyed before that day: not while a fact nobody stated could put that off."""
        return self.end is not None and all(end < day for _, end, _ in self._unsettled) and self.end < day

    @property
    def missing(self) -> tuple[str, ...]:
        """Facts not stated on which the end rests, or which could put it off."""
        matter = [
            facts
            for holds, end, facts in self._unsettled
            if self.end is None or end > self.end or (holds and end == self.end)
        ]
        return tuple(fact for facts in matter for fact in facts)


class RetentionTable:
    """The retention rows of a book, by item."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._lines = {rule: compile_line(rule, book) for rule in book.family("retention")}
        self._by_item: dict[str, list[Rule]] = {}
        for rule, line in self._lines.items():
            self._by_item.setdefault(line.item, []).append(rule)
        labels = book.vocabulary.get("items", {})
        self.items: dict[str, str] = {item: labels.get(item, item) for item in self._by_item}

    def keep_until(
        self,
        item: str,
        facts: Mapping[str, Any],
        started_on: date,
        on: date,
        layers: Iterable[str],
        adopted: frozenset[str],
    ) -> date | None:
        """The last day on which an item must be kept, by the rules known on a day; None if there is none."""
        return _day(self._keep(item, facts, started_on, on, layers, adopted).end)

    def answer(
        self, item: Any, facts: Any, started_on: Any, on: Any, profile: Any, adopted: Iterable[str]
    ) -> Retention:
        """See `reports.policy.retention`."""
        book = self.book
        if not isinstance(item, str) or item not in self.items:
            raise FactsError("unknown_value", "item", f"This must be one of: {', '.join(self.items)}.")
        start = book.facts.check_date(started_on, "started_on")
        day = book.facts.check_date(on, "on")
        if day < start:
            raise FactsError("date_out_of_range", "started_on", "This lies after the day asked about.")
        stated = book.facts.clean(facts, "rulings")
        layers = book.layers(profile, stated.get(book.service_layers["fact"]))
        kept = self._keep(item, stated, start, day, layers, book.adopted(adopted))
        over = kept.gone_before(day)
        # only once the time is over does it matter what else holds it
        holds = [evaluate(line.also_until, stated) for line in kept.lines] if over else []
        held = any(each for each, _ in holds)
        unknown = [fact for _, facts_missing in holds for fact in facts_missing]
        return Retention(
            item,
            start,
            day,
            book.rule_set_on(day, profile),
            profile,
            _day(kept.end),
            over and not held,
            held,
            (kept.line.rule.id,) if kept.line else (),
            kept.line.see_also if kept.line else (),
            self._because(kept, held),
            tuple(dict.fromkeys((*kept.missing, *unknown))),
            (cite(kept.line.rule),) if kept.line else (),
        )

    def _keep(
        self,
        item: str,
        facts: Mapping[str, Any],
        started_on: date,
        on: date,
        layers: Iterable[str],
        adopted: frozenset[str],
    ) -> _Kept:
        rules = self._by_item[item]
        turns = {rule.valid_from for rule in rules if started_on < rule.valid_from <= on}
        kept = _Kept(started_on, facts)
        for day in (started_on, *sorted(turns)):
            if kept.gone_before(day):
                break
            lines = [self._lines[rule] for rule in self.book.select(rules, day, layers, adopted)]
            kept.take(line for line in lines if _reaches(line, started_on))
        return kept

    def _because(self, kept: _Kept, held: bool) -> str:
        words = self.book.wording
        if kept.line is None:
            return words["retention_not_let_go" if kept.lines else "retention_unread"]
        sentences = [kept.line.rule.sentence]
        if kept.lengthened:
            sentences.append(words["retention_lengthened"])
        if held:
            sentences.append(words["retention_held"])
        return " ".join(sentences)


def _reaches(line: Line, started_on: date) -> bool:
    """Whether the row speaks for an item of that day: a later row not where its own time would be over already.

    What ran until then is then unknown, and what is unknown is never destroyed.
    """
    since = line.rule.valid_from
    return since <= started_on or (line.lengthens and line.end(started_on) >= since)


def _day(end: date | None) -> date | None:
    return None if end == NOTHING else end
