"""Which reporting options a person has on a day, under a profile, and because of which rules."""

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from typing import Any

from .book import Book
from .decision import Change, Citation, Decision, Missing, OptionOutcome, Override
from .eligibility_rows import Line, Period, build_period, compile_line, thresholds
from .evaluation import find_outcome
from .outcome import OPTIONS, Outcome


class EligibilityTable:
    """The eligibility and block rows of a book, compiled by profile and stretch of time."""

    def __init__(self, book: Book) -> None:
        self.book = book
        rules = [*book.family("eligibility"), *book.family("blocks")]
        lines = {rule: compile_line(rule, book) for rule in rules}
        self._check_complete(lines.values())
        self._thresholds = thresholds(rules)
        # most facts are asked for by one rule; those records are made once
        self._asked_once = {
            (name, line.id): Missing(name, spec.why, (line.id,))
            for name, spec in book.facts.specs.items()
            for line in lines.values()
        }
        turns = {book.facts.earliest}
        turns.update(day for rule in rules for day in (rule.valid_from, rule.valid_to) if day is not None)
        self._starts = sorted(day for day in turns if day >= book.facts.earliest)
        self._periods: dict[str, list[Period]] = {}
        by_layers: dict[tuple[str, ...], list[Period]] = {}
        for profile, layers in sorted(book.profiles.items(), key=lambda item: len(item[1])):
            bases = by_layers.get(layers[:-1], [None] * len(self._starts))
            periods = [
                build_period(book, lines, start, profile, base)
                for start, base in zip(self._starts, bases, strict=True)
            ]
            self._periods[profile] = by_layers[layers] = periods

    def _check_complete(self, lines: Any) -> None:
        granted = {line.status for line in lines if line.status is not None}
        for line in lines:
            if (
                line.effect == "grant"
                and line.rule.valid_to is None
                and not granted.issuperset(self.book.facts.specs["statuses"].values)
            ):
                absent = set(self.book.facts.specs["statuses"].values) - granted
                raise line.rule.error(f"no row answers for status {sorted(absent)[0]!r}")

    def period(self, on: date, profile: str) -> Period:
        """The rows in force on that day."""
        self.book.layers(profile)
        return self._periods[profile][bisect_right(self._starts, on) - 1]

    def decide(self, facts: Any, on: Any, profile: str, explain: bool) -> Decision:
        """See `reports.policy.eligibility`."""
        book = self.book
        on = book.facts.check_date(on, "on")
        period = self.period(on, profile)
        stated = book.facts.clean(facts, "eligibility")
        found = find_outcome(period, stated)
        overridden = self._overridden(period, stated, found)
        options = {option: self._option(option, found, overridden) for option in OPTIONS}
        return Decision(
            on,
            book.rule_set_on(on),
            period.profile,
            found.route,
            found.form,
            options,
            found.statuses,
            tuple([self._missing(fact, rules) for fact, rules in found.missing.items()]),
            tuple(self._changes(period, stated, found)) if explain else (),
            self._citations(found, overridden, period),
            overridden,
            tuple([name for name in stated if name in period.consulted]),
        )

    def _missing(self, fact: str, rules: list[str]) -> Missing:
        if len(rules) == 1:
            return self._asked_once[fact, rules[0]]
        return Missing(fact, self.book.facts.specs[fact].why, tuple(rules))

    def _option(self, option: str, found: Outcome, overridden: tuple[Override, ...]) -> OptionOutcome:
        wording = self.book.wording
        sentences = found.sentences[option]
        if not sentences:
            sentences.append(wording["no_rule"] if found.statuses else wording["need_status"])
        allowed = found.allowed[option]
        if not allowed:
            depends = tuple([fact for _, facts in found.depends[option] for fact in facts])
            if depends:
                sentences.append(wording["depends"].format(facts=self.book.facts.labels(depends)))
            blocks = {line.id for line in found.lines[option] if line.effect == "block"}
            assumed = tuple([fact for fact, rules in found.missing.items() if not blocks.isdisjoint(rules)])
            if assumed:
                sentences.append(wording["assumed"].format(facts=self.book.facts.labels(assumed)))
        for each in overridden:
            if each.option == option:
                sentences.append(self._override_sentence(each))
        rules = tuple([line.id for line in found.lines[option]])
        return OptionOutcome(allowed, rules, " ".join(sentences))

    def _override_sentence(self, each: Override) -> str:
        wording = self.book.wording
        condition = (
            wording["condition"].format(facts=self.book.facts.labels(each.needs)) if each.needs else ""
        )
        key = "later_allows" if each.would_allow else "later_refuses"
        return wording[key].format(rule=each.rule, rule_set=each.rule_set, condition=condition)

    def _overridden(self, period: Period, stated: Mapping[str, Any], found: Outcome) -> tuple[Override, ...]:
        """Where the profile's own layer decided, the options that the layers below would answer otherwise."""
        if period.base is None:
            return ()
        layer = period.own_layer
        own = [line for option in OPTIONS for line in found.lines[option] if line.layer == layer]
        if not own:
            return ()
        below = find_outcome(period.base, stated)
        overrides = []
        for option in OPTIONS:
            needs: tuple[str, ...] = ()
            named = [line for line in below.lines[option] if line not in found.lines[option]]
            would_allow = below.allowed[option]
            if not would_allow and below.depends[option]:
                line, needs = below.depends[option][0]
                named, would_allow = [line], True
            if would_allow != found.allowed[option] and named:
                overrides.append(
                    Override(
                        option,
                        named[0].id,
                        named[0].rule.rule_set,
                        would_allow,
                        own[0].rule.rule_set,
                        needs,
                    )
                )
        return tuple(overrides)

    def _citations(
        self, found: Outcome, overridden: tuple[Override, ...], period: Period
    ) -> tuple[Citation, ...]:
        cited = {line.id: line.citation for option in OPTIONS for line in found.lines[option]}
        if not overridden or period.base is None:
            return tuple(cited.values())
        later = {each.rule: period.base.citations[each.rule] for each in overridden}
        return (*cited.values(), *later.values())

    def _changes(self, period: Period, stated: Mapping[str, Any], found: Outcome) -> list[Change]:
        """Every other value of one stated or missing fact that gives another answer; openings first."""
        now = (found.allowed["restricted"], found.allowed["unrestricted"], found.route)
        changes = []
        contract = self.book.facts
        for name in dict.fromkeys((*stated, *found.missing)):
            if name not in period.consulted:
                continue
            for value in contract.alternatives(name, stated.get(name), self._thresholds):
                changed = {**stated, name: value}
                if contract.clash(changed) is not None:
                    continue
                other = find_outcome(period, changed)
                then = (other.allowed["restricted"], other.allowed["unrestricted"], other.route)
                if then != now:
                    changes.append(Change(name, value, *then))
        changes.sort(key=lambda each: now[0] + now[1] - each.restricted - each.unrestricted)
        return changes


def question_lines(period: Period, name: str) -> list[Line]:
    """The rows whose conditions make up a list of questions."""
    return [
        line for line in (*period.bars, *period.lifts) if line.rule.parameters.get("question_list") == name
    ]
