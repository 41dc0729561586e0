"""Form editions as data: what each asks to be initialled, and what is to be considered before choosing."""

from datetime import date
from typing import Any, NamedTuple

from .book import Book
from .errors import FactsError
from .rows import Rule


class Acknowledgement(NamedTuple):
    """One line to be initialled, and the options for which it must be."""

    key: str
    sentence: str
    options: tuple[str, ...]


class Statement(NamedTuple):
    """One printed line that is not initialled."""

    key: str
    sentence: str


class FormEdition(NamedTuple):
    """One edition of a form. `edition` is the date from which this model of it applies."""

    code: str
    edition: str
    title: str
    sections: tuple[str, ...]
    acknowledgements: tuple[Acknowledgement, ...]
    statements: tuple[Statement, ...]
    confidence: str
    note: str | None

    def required_for(self, option: str) -> tuple[str, ...]:
        """Keys of the acknowledgements that must be initialled for this option."""
        return tuple(each.key for each in self.acknowledgements if option in each.options)


class Considerations(NamedTuple):
    """What speaks for an option and where its limits are."""

    option: str
    rule: str
    benefits: tuple[str, ...]
    limits: tuple[str, ...]


class FormTable:
    """The form rows of a book."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._editions: dict[str, list[tuple[Rule, FormEdition]]] = {}
        self._considerations: list[Rule] = []
        for rule in book.family("forms"):
            if not rule.enabled or "paper" in rule.parameters:
                continue
            if "considerations" in rule.parameters:
                self._considerations.append(rule)
            else:
                self._editions.setdefault(rule.id, []).append((rule, self._edition(rule)))

    def _edition(self, rule: Rule) -> FormEdition:
        try:
            raw = rule.parameters["form"]
            lines = tuple(
                Acknowledgement(each["key"], each["sentence"], tuple(each["options"]))
                for each in raw["acknowledgements"]
            )
            if len({each.key for each in lines}) != len(lines):
                raise rule.error("an acknowledgement stands twice")
            for option in (option for each in lines for option in each.options):
                if option not in self.book.vocabulary["options"]:
                    raise rule.error(f"unknown option {option!r}")
            if rule.id not in self.book.vocabulary["forms"]:
                raise rule.error("unknown form")
            statements = tuple(Statement(each["key"], each["sentence"]) for each in raw["statements"])
            return FormEdition(
                rule.id, raw["edition"], raw["title"], tuple(raw["sections"]), lines, statements,
                rule.confidence, rule.note,
            )  # fmt: skip
        except KeyError as error:
            raise rule.error(f"{error.args[0]} is missing") from None

    def edition(self, code: Any, on: Any) -> FormEdition:
        """See `reports.policy.form_edition`."""
        day = self.book.facts.check_date(on, "on")
        if not isinstance(code, str) or code not in self._editions:
            raise FactsError("unknown_value", "code", f"This must be one of: {', '.join(self._editions)}.")
        for rule, edition in self._editions[code]:
            if rule.in_force(day):
                return edition
        raise FactsError("date_out_of_range", "on", "This form did not exist on this date.")

    def by_name(self, code: Any, edition: Any) -> FormEdition:
        """See `reports.policy.form_named`."""
        for _, each in self._editions.get(code, ()) if isinstance(code, str) else ():
            if each.edition == edition:
                return each
        raise FactsError("unknown_value", "edition", "There is no such edition of this form.")

    def considerations(self, option: Any, on: date | None) -> Considerations:
        """See `reports.policy.considerations`."""
        if not isinstance(option, str) or option not in self.book.vocabulary["options"]:
            raise FactsError(
                "unknown_value",
                "option",
                f"This must be one of: {', '.join(self.book.vocabulary['options'])}.",
            )
        for rule in self._considerations:
            if rule.in_force(on or date.max):
                raw = rule.parameters["considerations"][option]
                return Considerations(option, rule.id, tuple(raw["benefits"]), tuple(raw["limits"]))
        raise FactsError("date_out_of_range", "on", "No considerations are recorded for this date.")
