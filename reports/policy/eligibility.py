"""Which reporting options a person has on a day, under a profile, and because of which rules."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from .book import Book
from .decision import Change, Citation, Decision, Missing, OptionOutcome, Override
from .eligibility_rows import Line, Period
from .evaluation import find_outcome
from .missing import find_missing
from .outcome import Outcome, Side
from .overrides import Overrides, find_overrides
from .periods import NOTHING_ADOPTED, Periods


class EligibilityTable:
    """Decisions from the eligibility and block rows of a book."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.periods = Periods(book)
        self.turns = sorted({*self.periods.starts, *book.rule_set_starts()})
        self._service: str = book.service_layers["fact"]
        # most facts are asked for by one rule; those records are made once
        self._asked_once = {
            (name, (line.id,)): Missing(name, book.facts.specs[name].why, (line.id,))
            for line in self.periods.lines.values()
            for name in line.facts
        }

    def decide(
        self, facts: Any, on: Any, profile: Any, explain: bool, adopted: Iterable[str] = ()
    ) -> Decision:
        """See `reports.policy.eligibility`."""
        book = self.book
        on = book.facts.check_date(on, "on")
        taken = NOTHING_ADOPTED if adopted == () else book.adopted(adopted)
        stated = book.facts.clean(facts, "eligibility")
        period = self.periods.at(on, profile, stated.get(self._service), taken)
        found = find_outcome(period, stated)
        missing = find_missing(found)
        if self.periods.services and self._service not in stated:
            missing |= self._services_that_matter(stated, found, on, profile, taken)
        overrides = find_overrides(period, stated, found)
        restricted, unrestricted = found.sides
        read = self._facts_read(period, stated, found)
        return Decision(
            on,
            book.rule_set_on(on, profile),
            profile,
            tuple(sorted(taken)) if taken else (),
            found.route,
            found.form,
            {
                "restricted": self._option("restricted", restricted, found, overrides),
                "unrestricted": self._option("unrestricted", unrestricted, found, overrides),
            },
            found.statuses,
            tuple([self._missing(fact, rules) for fact, rules in missing.items()]),
            self._changes(stated, found, missing, read, on, profile, taken) if explain else (),
            _citations(restricted.lines, unrestricted.lines, overrides),
            tuple([each for each, _ in overrides]) if overrides else (),
            tuple([name for name in stated if name in read]),
        )

    def _services_that_matter(
        self, stated: Mapping[str, Any], found: Outcome, on: date, profile: str, taken: frozenset[str]
    ) -> dict[str, tuple[str, ...]]:
        """The fact that names the Service, with the rows of Services under which the answer is another one."""
        rules: dict[str, None] = {}
        for service, layer in self.periods.services.items():
            other = find_outcome(
                self.periods.at(on, profile, service, taken), {**stated, self._service: service}
            )
            if (other.answer(), other.form) != (found.answer(), found.form):
                rules |= {line.id: None for side in other.sides for line in side.lines if line.layer == layer}
        return {self._service: tuple(rules)} if rules else {}

    def _facts_read(self, period: Period, stated: Mapping[str, Any], found: Outcome) -> frozenset[str]:
        if found.barred:
            read = period.first_read
        elif len(found.statuses) == 1:
            read = period.read.get(found.statuses[0].status, period.first_read)
        else:
            read = period.first_read.union(
                *[period.read.get(each, ()) for each in stated.get("statuses", ())]
            )
        return read | {self._service} if self.periods.services else read

    def _missing(self, fact: str, rules: tuple[str, ...]) -> Missing:
        return self._asked_once.get((fact, rules)) or Missing(fact, self.book.facts.specs[fact].why, rules)

    def _option(self, option: str, side: Side, found: Outcome, overrides: Overrides) -> OptionOutcome:
        sentences = side.sentences
        if not side.allowed:
            self._say_what_is_open(side, found)
        for each, _ in overrides:
            if each.option == option:
                sentences.append(self._override_sentence(each, side))
        return OptionOutcome(side.allowed, tuple([line.id for line in side.lines]), " ".join(sentences))

    def _say_what_is_open(self, side: Side, found: Outcome) -> None:
        """Add to a refusal what recording more could change."""
        wording, labels = self.book.wording, self.book.facts.labels
        if not side.sentences:
            side.sentences.append(wording["no_rule"] if found.statuses else wording["need_status"])
        if found.statuses and side.may_open():
            if side.depends:
                facts = tuple([fact for _, group in side.depends for fact in group])
                side.sentences.append(wording["depends"].format(facts=labels(facts)))
            if side.assumed:
                side.sentences.append(wording["assumed"].format(facts=labels(side.assumed)))

    def _override_sentence(self, each: Override, side: Side) -> str:
        wording = self.book.wording
        key = "later_allows" if each.would_allow else "later_refuses"
        if each.would_allow == side.allowed and not each.needs:
            key = "later_elsewhere"
        facts = self.book.facts.labels(each.needs)
        condition = wording["condition"].format(facts=facts) if each.needs else ""
        return wording[key].format(rule=each.rule, rule_set=each.rule_set, condition=condition)

    def _changes(
        self,
        stated: Mapping[str, Any],
        found: Outcome,
        missing: Mapping[str, Any],
        read: frozenset[str],
        on: date,
        profile: str,
        taken: frozenset[str],
    ) -> tuple[Change, ...]:
        """Every other value of one stated or missing fact that gives another answer; openings first."""
        now = found.answer()
        changes = []
        contract = self.book.facts
        for name in (*(each for each in stated if each in read), *missing):
            for value in contract.alternatives(name, stated.get(name), self.periods.thresholds):
                changed = {**stated, name: value}
                if contract.clash(changed) is not None:
                    continue
                period = self.periods.at(on, profile, changed.get(self._service), taken)
                then = find_outcome(period, changed, noting=False).answer()
                if then != now:
                    changes.append(Change(name, value, *then))
        changes.sort(key=lambda each: now[0] + now[1] - each.restricted - each.unrestricted)
        return tuple(changes)


def _citations(
    restricted: list[Line], unrestricted: list[Line], overrides: Overrides
) -> tuple[Citation, ...]:
    cited = restricted[:]
    for line in (*unrestricted, *[line for _, line in overrides]):
        if line not in cited:
            cited.append(line)
    return tuple([line.citation for line in cited])


def question_lines(period: Period, name: str) -> list[Line]:
    """The rows whose conditions make up a list of questions."""
    return [
        line for line in (*period.bars, *period.lifts) if line.rule.parameters.get("question_list") == name
    ]
