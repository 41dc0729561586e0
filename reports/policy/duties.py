"""What becomes due, for whom and by when, once something has happened; and what is thereby done."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from .book import Book
from .clocks import Due, Moment, Tools
from .conditions import evaluate
from .delays import check_instant, check_zone
from .duty_index import Opening, Part, sort_templates
from .duty_plan import Duty, DutyPlan, Extension, NotApplicable
from .duty_rows import DutyRows, Later, Template
from .duty_words import Ladder, check_events, read_calendars
from .errors import FactsError
from .retention import RetentionTable
from .rows import Rule

_NOTHING_ADOPTED: frozenset[str] = frozenset()


class DutyTable:
    """The duty rows of a book, compiled; sorted by event for each set of layers when first asked for."""

    def __init__(self, book: Book, retention: RetentionTable) -> None:
        self.book = book
        check_events(book)
        self._templates = DutyRows(book, Tools(read_calendars(book), retention)).templates
        self._selecting: Mapping[str, str] = book.vocabulary.get("selecting_facts", {})
        self._service = book.service_layers["fact"]
        self._yielded_to = frozenset(name for rule in self._templates for name in rule.yields_to)
        earliest = book.facts.earliest
        turns = {day for rule in self._templates for day in (rule.valid_from, rule.valid_to) if day}
        self._starts = sorted({earliest, *(day for day in turns if day > earliest)})
        self._sorted: dict[tuple[tuple[str, ...], frozenset[str]], dict[str, tuple[Part, ...]]] = {}

    def plan(
        self, event: Any, facts: Any, at: Any, zone: Any, profile: Any, adopted: Iterable[str]
    ) -> DutyPlan:
        """See `reports.policy.duties`."""
        book = self.book
        place = check_zone(zone)
        instant = check_instant(at, "at", book.facts.earliest, book.facts.latest)
        local = instant.astimezone(place)
        day = book.facts.check_date(local.date(), "at")
        stated = self._stated(event, facts)
        taken = _NOTHING_ADOPTED if adopted == () else book.adopted(adopted)
        layers = book.layers(profile, stated.get(self._service))
        opened: list[Duty] = []
        spared: list[NotApplicable] = []
        done: tuple[str, ...] = ()
        for part in self._parts(layers, taken).get(event, ()):
            on = stated.get(part.fact, day)
            stretch = part.on(on)
            done += stretch.ends
            moment = Moment(instant, local, place, stated, on, layers, taken)
            self._open(stretch.openings(stated), event, moment, opened, spared)
        return DutyPlan(
            tuple(opened),
            tuple(spared),
            tuple(dict.fromkeys(done)),
            event,
            instant,
            zone,
            book.rule_set_on(day, profile),
            profile,
        )

    def ladder(self, rule: Rule, kind: Any, role: Any) -> Ladder | None:
        """The steps of the row's duty of that kind and role; None where it has no such duty, or that no ladder."""
        for each in self._templates.get(rule, ()):
            steps, missed_tells = each.rest[-2:]
            if each.head[1:] == (kind, role) and steps:
                return steps, missed_tells
        return None

    def _stated(self, event: Any, facts: Any) -> dict[str, Any]:
        """The facts, checked, with what the event itself says."""
        contract = self.book.facts
        events = self.book.vocabulary["events"]
        if not isinstance(event, str) or event not in events:
            raise FactsError("unknown_value", "event", f"This must be one of: {', '.join(events)}.")
        stated = contract.clean(facts, "duties")
        for name, value in events[event]["sets"].items():
            if stated.setdefault(name, value) != value:
                raise FactsError("impossible_facts", name, "This does not fit what has happened.")
        for name in events[event]["needs"]:
            if name not in stated:
                raise FactsError("missing_fact", name, f"{contract.specs[name].why} Record it first.")
        for name in self._selecting.values():
            if name in stated:
                contract.check_date(stated[name], name)
        return stated

    def _open(
        self,
        openings: tuple[Opening, ...],
        event: str,
        moment: Moment,
        opened: list[Duty],
        spared: list[NotApplicable],
    ) -> None:
        facts = moment.facts
        worked_out: dict[Due, datetime | None] = {}
        for each, rest in openings:
            if rest is not None and not evaluate(rest, facts)[0]:
                continue
            if each.applies_when is not None and not evaluate(each.applies_when, facts)[0]:
                spared.append(_spare(each, each.otherwise))
                continue
            due = each.due
            due_at = worked_out.get(due)
            if due_at is None:
                due_at = worked_out[due] = due(moment)
            if due_at is None:
                spared.append(_spare(each, self.book.wording["no_end_known"]))
                continue
            extension = None if each.later is None else _extension(each.later, moment)
            if extension is not None and extension.granted:
                due_at = max(due_at, extension.due_at)
            duty = Duty._make((*each.head, due_at, event, *each.rest))
            opened.append(duty if extension is None else duty._replace(extension=extension))

    def _parts(self, layers: tuple[str, ...], taken: frozenset[str]) -> dict[str, tuple[Part, ...]]:
        # only what some row yields to makes a difference, so few of these are ever kept
        key = layers, taken & self._yielded_to
        if key not in self._sorted:
            by_start = [(start, self._held(start, *key)) for start in self._starts]
            self._sorted[key] = sort_templates(by_start, self._selecting, self.book.facts.specs)
        return self._sorted[key]

    def _held(self, start: date, layers: tuple[str, ...], taken: frozenset[str]) -> list[Template]:
        rules = self.book.select(self._templates, start, layers, taken)
        return [each for rule in rules for each in self._templates[rule]]


def _spare(template: Template, because: str) -> NotApplicable:
    rule = template.rule
    return NotApplicable(rule.id, template.kind, because, rule.rule_set, rule.layer)


def _extension(later: Later, moment: Moment) -> Extension | None:
    """The extension that the row has, unless a stated fact rules it out."""
    stated = [moment.facts.get(name) for name in later.needs]
    if False in stated:
        return None
    return Extension(later.due(moment), later.needs, later.granted_by, None not in stated)
