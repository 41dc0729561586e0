"""Forms beside the election, as dated data: what each asks, who signs, and in which report it has its place."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from .book import Book
from .errors import FactsError
from .forms import Statement
from .rows import Rule

# In which case a form has its place, beside the options: one in which nothing is signed.
UNSIGNED = "none"


class PaperQuestion(NamedTuple):
    """One thing a form asks. `values`: what can be answered, with the words for each (choice and choices only)."""

    key: str
    sentence: str
    type: str
    required: bool
    values: Mapping[str, str]


class PaperEdition(NamedTuple):
    """One edition of a form. `edition` is the date from which this model of it applies.

    `use`: `signed`, or `given` (a hand-out). `elections`: the options, and `none`, in which it has its place.
    `asks`: the ruling that has to allow it, with the answers that are its facts. `given_to`: whom a hand-out goes to.
    """

    code: str
    edition: str
    title: str
    use: str
    elections: tuple[str, ...]
    signers: tuple[str, ...]
    remote: bool
    questions: tuple[PaperQuestion, ...]
    acknowledgements: tuple[Statement, ...]
    statements: tuple[Statement, ...]
    asks: Mapping[str, Any]
    given_to: Mapping[str, str]
    confidence: str
    note: str | None


class PaperTable:
    """The rows of the family `forms` that describe a form beside the election."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._editions: dict[str, list[tuple[Rule, PaperEdition]]] = {}
        for rule in book.family("forms"):
            if "paper" in rule.parameters:
                edition = self._edition(rule)
                if rule.enabled:
                    self._editions.setdefault(rule.id, []).append((rule, edition))

    def _edition(self, rule: Rule) -> PaperEdition:
        words = self.book.vocabulary
        _known(rule, {rule.id}, words["papers"], "form")
        try:
            raw = rule.parameters["paper"]
            _known(rule, {raw["use"]}, words["paper_uses"], "use")
            _known(rule, raw["elections"], (UNSIGNED, *words["options"]), "election")
            _known(rule, raw["signers"], words["paper_signers"], "signer")
            asks, given_to = raw.get("asks", {}), raw.get("given_to", {})
            edition = PaperEdition(
                rule.id, raw["edition"], raw["title"], raw["use"], tuple(raw["elections"]),
                tuple(raw["signers"]), raw["remote"], self._questions(rule, raw["questions"]),
                _statements(rule, raw["acknowledgements"]), _statements(rule, raw["statements"]),
                MappingProxyType(asks), MappingProxyType(given_to), rule.confidence, rule.note,
            )  # fmt: skip
            if asks:
                _known(rule, {asks["topic"]}, words["topics"], "topic")
                _known(rule, asks["facts"], self.book.facts.specs, "fact")
                _known(rule, asks["facts"].values(), {each.key for each in edition.questions}, "question")
        except KeyError as error:
            raise rule.error(f"{error.args[0]} is missing") from None
        if (edition.use == "signed") is not bool(edition.signers) or (edition.use == "given") is not bool(
            given_to
        ):
            raise rule.error("a form is signed by somebody, or given to somebody")
        return edition

    def _questions(self, rule: Rule, raw: list[Mapping[str, Any]]) -> tuple[PaperQuestion, ...]:
        found = tuple(
            PaperQuestion(
                each["key"],
                each["sentence"],
                each["type"],
                each["required"],
                MappingProxyType(each.get("values", {})),
            )
            for each in raw
        )
        _known(rule, {each.type for each in found}, self.book.vocabulary["answer_types"], "type of answer")
        if any(each.type.startswith("choice") is not bool(each.values) for each in found):
            raise rule.error("values are for what is chosen, and needed there")
        _once(rule, found)
        return found

    def edition(self, code: Any, on: Any) -> PaperEdition:
        """See `reports.policy.paper_edition`."""
        day = self.book.facts.check_date(on, "on")
        if not isinstance(code, str) or code not in self._editions:
            raise FactsError("unknown_value", "code", f"This must be one of: {', '.join(self._editions)}.")
        for rule, edition in self._editions[code]:
            if rule.in_force(day):
                return edition
        raise FactsError("date_out_of_range", "on", "This form did not exist on this date.")

    def in_force(self, on: date) -> tuple[PaperEdition, ...]:
        """See `reports.policy.papers`."""
        return tuple(
            edition for rows in self._editions.values() for rule, edition in rows if rule.in_force(on)
        )

    def by_name(self, code: Any, edition: Any) -> PaperEdition:
        """See `reports.policy.paper_named`."""
        for _, each in self._editions.get(code, ()) if isinstance(code, str) else ():
            if each.edition == edition:
                return each
        raise FactsError("unknown_value", "edition", "There is no such edition of this form.")


def _statements(rule: Rule, raw: list[Mapping[str, Any]]) -> tuple[Statement, ...]:
    found = tuple(Statement(each["key"], each["sentence"]) for each in raw)
    _once(rule, found)
    return found


def _once(rule: Rule, found: tuple[Any, ...]) -> None:
    if len({each.key for each in found}) != len(found):
        raise rule.error("a key stands twice")


def _known(rule: Rule, found: Any, known: Any, what: str) -> None:
    for each in found:
        if each not in known:
            raise rule.error(f"unknown {what} {each!r}")
