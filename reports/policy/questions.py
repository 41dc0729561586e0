"""The short list of questions that decides between SAPR and the Family Advocacy Program."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from .conditions import facts_of
from .eligibility import EligibilityTable, question_lines


class Question(NamedTuple):
    """One question. `answers` is empty for yes or no; `rules` says which rows use the answer."""

    fact: str
    text: str
    why: str
    answers: tuple[str, ...]
    rules: tuple[str, ...]


def ask_about_family(
    table: EligibilityTable, profile: str, on: date, adopted: Iterable[str] = ()
) -> tuple[Question, ...]:
    """The facts used by the rows marked for this list, in their order, each once."""
    contract = table.book.facts
    day = contract.check_date(on, "on")
    period = table.periods.at(day, profile, None, table.book.adopted(adopted))
    asked: dict[str, list[str]] = {}
    for line in question_lines(period, "fap"):
        for fact in facts_of(line.rule.parameters["when"]):
            rules = asked.setdefault(fact, [])
            if line.id not in rules:
                rules.append(line.id)
    return tuple(
        Question(
            fact,
            contract.specs[fact].question,
            contract.specs[fact].why,
            contract.specs[fact].values,
            tuple(rules),
        )
        for fact, rules in asked.items()
    )
