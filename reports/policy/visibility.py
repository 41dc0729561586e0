"""Who may see which fields of a record. What no row grants stays hidden, and so does what nobody has stated."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from .book import Book
from .citing import cite, plain
from .conditions import Condition, compile_condition, evaluate
from .decision import Citation
from .errors import FactsError
from .rows import Rule

NOTHING = "none"


@dataclass(frozen=True, slots=True)
class Visibility:
    """What one role sees. `missing`: facts that nobody stated and that could still show something.

    `rules` is empty when nothing was granted and nothing says so; then everything is hidden all the same.
    """

    role: str
    on: date
    rule_set: str | None
    profile: str
    level: str
    fields: tuple[str, ...]
    rules: tuple[str, ...]
    because: str
    missing: tuple[str, ...]
    citations: tuple[Citation, ...]
    known_fields: frozenset[str]

    def shows(self, field: str) -> bool:
        """Whether this field may be shown; FactsError `unknown_value` for a field no rule knows."""
        if not isinstance(field, str) or field not in self.known_fields:
            raise FactsError("unknown_value", "field", "No rule knows a field of this name.")
        return field in self.fields

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        answer = plain(self)
        del answer["known_fields"]
        return answer


class _View(NamedTuple):
    when: Condition
    level: str
    fields: tuple[str, ...]
    because: str


class VisibilityTable:
    """The visibility rows of a book, compiled: one row for each role of a layer."""

    def __init__(self, book: Book) -> None:
        self.book = book
        words = book.vocabulary
        self._roles: Mapping[str, str] = words.get("visibility_roles", {})
        self._levels: Mapping[str, str] = words.get("visibility_levels", {})
        self._fields: Mapping[str, str] = words.get("record_fields", {})
        self._known_fields = frozenset(self._fields)
        self._views: dict[Rule, tuple[_View, ...]] = {}
        self._by_role: dict[str, list[Rule]] = {}
        for rule in book.family("visibility"):
            self._add(rule)

    def _add(self, rule: Rule) -> None:
        try:
            role = rule.parameters["role"]
            self._known(role, self._roles, "role")
            views = tuple(self._view(raw) for raw in rule.parameters["views"])
        except KeyError as error:
            raise rule.error(f"{error.args[0]} is missing") from None
        except ValueError as error:
            raise rule.error(str(error)) from None
        for other in self._by_role.setdefault(role, []):
            if other.layer == rule.layer and other.id != rule.id:
                raise rule.error(f"{other.id} speaks of the same role")
        self._by_role[role].append(rule)
        self._views[rule] = views

    def _view(self, raw: Mapping[str, Any]) -> _View:
        when = compile_condition(raw["when"], self.book.facts.specs)
        if any(if_missing for alternative in when for _, _, if_missing, _ in alternative):
            raise ValueError("a fact that nobody stated cannot show anything")
        self._known(raw["level"], self._levels, "level")
        for field in raw["fields"]:
            self._known(field, self._fields, "field")
        if bool(raw["fields"]) is (raw["level"] == NOTHING):
            raise ValueError(f"level {NOTHING!r} goes with no field, every other with at least one")
        if not raw["because"]:
            raise ValueError("because is missing")
        fields = tuple(field for field in self._fields if field in raw["fields"])
        return _View(when, raw["level"], fields, raw["because"])

    @staticmethod
    def _known(word: Any, register: Mapping[str, str], what: str) -> None:
        if not isinstance(word, str) or word not in register:
            raise ValueError(f"unknown {what} {word!r}")

    def see(self, role: Any, facts: Any, on: Any, profile: Any, adopted: Iterable[str] = ()) -> Visibility:
        """See `reports.policy.visibility`."""
        book = self.book
        if not isinstance(role, str) or role not in self._by_role:
            raise FactsError("unknown_value", "role", f"This must be one of: {', '.join(self._by_role)}.")
        day = book.facts.check_date(on, "on")
        taken = book.adopted(adopted)
        stated = book.facts.clean(facts, "rulings")
        layers = book.layers(profile, stated.get(book.service_layers["fact"]))
        rule, view, missing = self._find(book.select(self._by_role[role], day, layers, taken), stated)
        return Visibility(
            role,
            day,
            book.rule_set_on(day, profile),
            profile,
            view.level if view else NOTHING,
            view.fields if view else (),
            (rule.id,) if rule else (),
            view.because if view else book.wording["hidden_until_stated" if missing else "hidden"],
            tuple(dict.fromkeys(missing)),
            (cite(rule),) if rule else (),
            self._known_fields,
        )

    def _find(
        self, rules: tuple[Rule, ...], stated: Mapping[str, Any]
    ) -> tuple[Rule | None, _View | None, list[str]]:
        """The first view that holds, the latest layer asked first; and the facts that others still wait for."""
        missing: list[str] = []
        for rule in reversed(rules):
            for view in self._views[rule]:
                holds, unsettled = evaluate(view.when, stated)
                if holds:
                    return rule, view, missing
                missing.extend(unsettled)
        return None, None, missing
