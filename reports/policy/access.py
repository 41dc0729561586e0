"""Who may do what with what: roles × objects × verbs × states × scope, as rows. What no row grants is refused."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from .book import DEFAULT_PROFILE, Book
from .rows import Rule

# Of so many days the rules are kept as found; every request asks for today's, several times.
MOST_DAYS = 400


class Grant(NamedTuple):
    """One role may do one thing with one kind of object within a scope; `states` is empty where no case is."""

    role: str
    scope: str
    verb: str
    object: str
    states: frozenset[str]
    rule: Rule


class AccessRules:
    """The rows in force on a day. `verbs`: the roles that a verb is granted to at all, whatever the scope."""

    def __init__(
        self, grants: Iterable[Grant], limits: Mapping[str, int], all_states: frozenset[str]
    ) -> None:
        self.limits, self.all_states = limits, all_states
        self._by_act: dict[tuple[str, str], list[Grant]] = {}
        verbs: dict[str, set[str]] = {}
        for grant in grants:
            self._by_act.setdefault((grant.verb, grant.object), []).append(grant)
            verbs.setdefault(grant.verb, set()).add(grant.role)
        self.verbs: Mapping[str, frozenset[str]] = {verb: frozenset(roles) for verb, roles in verbs.items()}

    def grants(self, verb: str, object_: str) -> tuple[Grant, ...]:
        """Everything that grants this verb on this kind of object."""
        return tuple(self._by_act.get((verb, object_), ()))

    def find(
        self, held: Mapping[str, Iterable[str]], verb: str, object_: str, state: str | None
    ) -> Grant | None:
        """The first grant for somebody who holds these roles in these scopes; None refuses."""
        for grant in self.grants(verb, object_):
            if self.in_state(grant, state) and grant.role in held.get(grant.scope, ()):
                return grant
        return None

    def in_state(self, grant: Grant, state: str | None) -> bool:
        """Whether a grant holds for an object in that state; one for every state asks for none."""
        return not grant.states or grant.states == self.all_states or state in grant.states


class AccessTable:
    """The access rows of a book, compiled. They are the same in every profile's first layers."""

    def __init__(self, book: Book) -> None:
        self.book = book
        words = book.vocabulary
        self._known = {
            "roles": frozenset(words.get("access_roles", ())),
            "scope": frozenset(words.get("access_scopes", ())),
            "verbs": frozenset(words.get("access_verbs", ())),
            "objects": frozenset(words.get("access_objects", ())),
            "states": frozenset(words.get("access_states", ())),
        }
        self._of_case = {name for name, each in words.get("access_objects", {}).items() if each["of_case"]}
        self._grants: dict[Rule, tuple[Grant, ...]] = {}
        self._rules = tuple(book.family("access"))
        for rule in self._rules:
            try:
                self._grants[rule] = tuple(self._compiled(rule))
                self._check_limits(rule)
            except (KeyError, TypeError) as error:
                raise rule.error(f"malformed: {error!r}") from None
            except ValueError as error:
                raise rule.error(str(error)) from None
        self._compiled_for: dict[tuple[Rule, ...], AccessRules] = {}
        self._on_day: dict[date, AccessRules] = {}

    def _compiled(self, rule: Rule) -> Iterable[Grant]:
        if bool("access" in rule.parameters) is bool("limits" in rule.parameters):
            raise ValueError("a row either grants access or states limits")
        for raw in rule.parameters.get("access", ()):
            for key in ("roles", "verbs", "objects"):
                if not raw[key]:
                    raise ValueError(f"{key} is empty")
                self._words(raw[key], key)
            self._words([raw["scope"]], "scope")
            self._words(raw.get("states", ()), "states")
            for object_ in raw["objects"]:
                if bool(raw.get("states")) is not (object_ in self._of_case):
                    raise ValueError(
                        f"states go with what belongs to a case, and with nothing else: {object_!r}"
                    )
            for role in raw["roles"]:
                for verb in raw["verbs"]:
                    for object_ in raw["objects"]:
                        states = frozenset(raw.get("states", ()))
                        yield Grant(role, raw["scope"], verb, object_, states, rule)

    def _words(self, words: Iterable[Any], key: str) -> None:
        for word in words:
            if not isinstance(word, str) or word not in self._known[key]:
                raise ValueError(f"unknown word in {key}: {word!r}")

    @staticmethod
    def _check_limits(rule: Rule) -> None:
        for name, number in rule.parameters.get("limits", {}).items():
            if type(number) is not int or number < 1:
                raise ValueError(f"{name} is a whole number above zero")

    def on(self, day: date) -> AccessRules:
        """The rules in force on a day; the same object for as long as they are the same rows."""
        found = self._on_day.get(day)
        if found is None:
            if len(self._on_day) >= MOST_DAYS:
                self._on_day.clear()
            found = self._on_day[day] = self._in_force(day)
        return found

    def _in_force(self, day: date) -> AccessRules:
        book = self.book
        rows = book.select(self._rules, day, book.layers(DEFAULT_PROFILE), frozenset())
        if rows not in self._compiled_for:
            limits = {name: n for row in rows for name, n in row.parameters.get("limits", {}).items()}
            grants = [grant for row in rows for grant in self._grants[row]]
            self._compiled_for[rows] = AccessRules(grants, limits, self._known["states"])
        return self._compiled_for[rows]
