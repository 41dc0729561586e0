"""What was written on a form, checked against the edition that was shown; nothing else gets onto it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from reports import policy
from reports.election.forms import INITIALS_LIMIT
from reports.validation import LONG, SHORT, instant, text
from sapr.errors import DomainError

LIMITS = {"line": SHORT, "text": LONG}


def require_edition(shown: object, code: str, in_force: str) -> None:
    """Refuse answers to another edition than the one they are kept with."""
    if shown != in_force:
        raise DomainError(
            "wrong_edition",
            f"Edition {in_force} of {code} is the one to use. Fill in that one.",
            path="edition",
        )


def answers(questions: tuple[policy.PaperQuestion, ...], given: object, *, on: date) -> dict[str, Any]:
    """Every answer, by the keys of the form's questions; what was left out is '', None or [].

    `on`: the day of signing, after which no date can lie. Refuses unknown keys, other types, words that cannot be
    chosen, what is too long and what is needed and missing, each with its path.
    """
    given = _named(given, "answers", (question.key for question in questions))
    return {each.key: _answer(each, given.get(each.key), on) for each in questions}


def _answer(question: policy.PaperQuestion, value: object, on: date) -> Any:
    path = f"answers.{question.key}"
    if question.type in LIMITS:
        found: Any = text(value, path, limit=LIMITS[question.type])
    elif question.type == "yes_no":
        found = _one_of({True: "", False: "", None: ""}, value, path)
    elif question.type == "date":
        found = _day(text(value, path), path, on)
    elif question.type == "choice":
        found = _one_of({"": "", **question.values}, value or "", path)
    else:
        found = _several(question, value, path)
    if question.required and found in ("", None, []):
        raise DomainError("missing", f"{path}: this is needed. Fill it in.", path=path)
    return found


def _several(question: policy.PaperQuestion, value: object, path: str) -> list[str]:
    if value is None:
        value = []
    if not isinstance(value, list):
        raise DomainError("wrong_type", f"{path}: a list of words is expected here.", path=path)
    chosen = [_one_of(question.values, each, path) for each in value]
    return [word for word in question.values if word in chosen]


def _one_of(values: Mapping[Any, str], value: object, path: str) -> Any:
    # A number equals a boolean to Python; on a form it is neither yes nor no.
    if not isinstance(value, str | bool | None) or value not in values:
        raise DomainError("unknown_value", f"{path}: choose one of the answers on the form.", path=path)
    return value


def _day(value: str, path: str, on: date) -> str:
    if not value:
        return ""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise DomainError("bad_date", f"{path}: write the date as YYYY-MM-DD.", path=path) from None
    if day > on:
        raise DomainError("in_the_future", f"{path}: this lies after the day of signing.", path=path)
    return day.isoformat()


def initials(wanted: Iterable[str], given: object) -> dict[str, str]:
    """The initials at each acknowledgement; refuses a missing and an unknown one."""
    wanted = tuple(wanted)
    given = _named(given, "initials", wanted)
    marks = {key: text(given.get(key), f"initials.{key}", limit=INITIALS_LIMIT) for key in wanted}
    missing = [key for key, mark in marks.items() if not mark]
    if missing:
        raise DomainError(
            "initials_missing",
            f"{len(missing)} acknowledgement(s) are not initialled yet. Each is initialled by itself.",
            path=f"initials.{missing[0]}",
        )
    return marks


def signatures(signers: Iterable[str], given: object, signed_at: object) -> dict[str, dict[str, Any]]:
    """Name and instant of everybody who has to sign, in the order of the form; nobody else signs."""
    signers = tuple(signers)
    names, instants = _named(given, "signatures", signers), _named(signed_at, "signed_at", signers)
    return {
        each: {
            "name": text(names.get(each), f"signatures.{each}", required=True),
            "at": instant(instants.get(each), f"signed_at.{each}"),
        }
        for each in signers
    }


def first_instant(signed_at: object, signers: tuple[str, ...]) -> datetime:
    """The first signer's instant: it selects the edition and the rules."""
    return instant(_named(signed_at, "signed_at", signers).get(signers[0]), f"signed_at.{signers[0]}")


def _named(given: object, path: str, known: Iterable[str]) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise DomainError("wrong_type", f"{path}: one entry for each line of the form.", path=path)
    known = set(known)
    for key in given:
        if key not in known:
            raise DomainError(
                "unknown_field", f"{key}: there is no such line on this form.", path=f"{path}.{key}"
            )
    return given
