"""What the rules on disclosure are asked, and with which facts."""

from datetime import datetime
from typing import Any

from reports import policy, ruled
from reports.disclosure.models import Advice, Decided, Disclosure
from reports.election import selectors as election
from reports.validation import text
from sapr.errors import DomainError

TOPIC = "disclosure"
# What the steps themselves say; everything else in a row's condition is asked when the exception is proposed.
OF_THE_STEPS = frozenset(
    {
        "disclosure_basis",
        "within_authorisation",
        "recipient_needs_to_know",
        "legal_office_consulted",
        "disclosure_decision",
        "identifying",
    }
)
# Not a condition of the exception, but something to know (DX-9).
TO_KNOW = {"EX-2": ("repeat_offender",)}
# The one field that a row of its own has to open (DX-10).
BARRED = "alleged_offender"


def row_of(exception: str, at: datetime) -> policy.Rule:
    """The exception's rule as it stands on the day."""
    return policy.rule(exception, on=at.date())


def basis_of(exception: str, at: datetime) -> str:
    """The policy's word for the exception."""
    return row_of(exception, at).parameters["when"][0]["disclosure_basis"]["in"][0]


def conditions(exception: str, at: datetime) -> tuple[str, ...]:
    """The names of the facts that this exception's own condition asks for."""
    found = [name for entry in row_of(exception, at).parameters["when"] for name in entry]
    return tuple(name for name in dict.fromkeys(found) if name not in OF_THE_STEPS)


def checked_answers(exception: str, answers: Any, at: datetime) -> dict[str, Any]:
    """The answers that this exception asks for, no others; a truth not stated is false."""
    if not isinstance(answers, dict):
        raise DomainError("wrong_type", "answers: one entry for each question.", path="answers")
    asked = conditions(exception, at) + TO_KNOW.get(exception, ())
    for name in answers:
        if name not in asked:
            raise DomainError(
                "unknown_field", f"{name}: {exception} does not ask this.", path=f"answers.{name}"
            )
    return {name: answers[name] for name in asked if answers.get(name) not in (None, "", False)}


def record_fields() -> dict[str, str]:
    """The kinds of information that a record holds, with their labels."""
    return dict(policy.default_policy().book.vocabulary["record_fields"])


def known_fields(given: object, path: str) -> list[str]:
    """Kinds of information by the policy's list, each once, at least one."""
    words = record_fields()
    if not isinstance(given, list | tuple):
        raise DomainError("wrong_type", f"{path}: a list is expected here.", path=path)
    for each in given:
        if text(each, path) not in words:
            raise DomainError("unknown_value", f"{path}: choose from the list.", path=path)
    if not given:
        raise DomainError("missing", f"{path}: choose at least one kind of information.", path=path)
    return [each for each in words if each in given]


def of_the_person(*, actor, case, at: datetime) -> dict[str, Any]:
    """The facts about the victim that the rules go by: status and form, out of the sealed decision."""
    known = election.decision_latest(viewer=actor, case=case, at=at)
    facts = known["facts"] if known else {}
    form = election.case_forms(viewer=actor, case=case).first()
    found = {name: facts[name] for name in ("statuses", "service") if facts.get(name)}
    if form is not None and form.form in ("DD 2910", "DD 2910-1", "DD 2910-8"):
        found["election_form"] = form.form
    return found


def facts_of(row: Disclosure, person: dict[str, Any], at: datetime, **more: Any) -> dict[str, Any]:
    """The facts of one exception as it stands; `more` adds or replaces."""
    doubt = row.advice not in ("", Advice.AGREE)
    consulted = row.advice != ""
    decision = row.decision or ("pending" if doubt or not consulted else Decided.DISCLOSE.value)
    facts = {
        "disclosure_basis": basis_of(row.exception, at),
        "exception_recorded": True,
        "legal_office_consulted": consulted,
        "legal_doubt": doubt,
        "disclosure_decision": decision,
    }
    return facts | row.answers | person | more


def require_possible(row: Disclosure, person: dict[str, Any], case, at: datetime) -> None:
    """Refuse a proposal that no later step could make lawful: a condition not met, a report never so opened (EX-C)."""
    rest = {
        "legal_office_consulted": True,
        "legal_doubt": False,
        "disclosure_decision": "disclose",
        "within_authorisation": True,
        "minimum_only": True,
        "recipient_needs_to_know": True,
    }
    ruling = _ask(row, person, case, at, **rest)
    ruled.require_allowed(ruling, rule=row.exception, otherwise=_unmet(row, at), path="answers")
    _require_unbarred(row.exception, row.scope, ruling)


def require_lawful(
    row: Disclosure, fields: list[str], ticked: dict[str, bool], person, case, at: datetime
) -> None:
    """Refuse a disclosure that goes out before its steps, beyond its exception, or to somebody who need not know."""
    beyond = [each for each in fields if each not in row.scope]
    ruling = _ask(
        row, person, case, at,
        within_authorisation=not beyond, identifying=True, **ticked,
    )  # fmt: skip
    for each in ruling.says:
        # Steps 1 to 3 come before anything is disclosed; the log and the victim (4 and 5) come with it.
        if each.effect == "require" and each.data.get("step") in (1, 2, 3):
            raise DomainError("step_missing", each.sentence, status=409, rule=each.rule)
    if beyond:
        raise DomainError(
            "beyond_the_exception",
            "fields: the exception does not cover this kind of information. Take it out.",
            path="fields",
            rule=row.exception,
        )
    ruled.require_allowed(ruling, rule=row.exception, otherwise=_unmet(row, at))
    _require_unbarred(row.exception, fields, ruling)


def _ask(row: Disclosure, person: dict[str, Any], case, at: datetime, **more: Any) -> policy.Ruling:
    service = person.get("service")
    return ruled.asked(case, TOPIC, facts_of(row, person, at, **more), at, service=service)


def _unmet(row: Disclosure, at: datetime) -> str:
    return f"The condition of {row.exception} is not met: {row_of(row.exception, at).sentence}"


def _require_unbarred(exception: str, fields: list[str], ruling: policy.Ruling) -> None:
    if BARRED in fields and not any(each.data.get("lifts_bar_on") == BARRED for each in ruling.says):
        raise DomainError(
            "beyond_the_exception",
            "scope: details of the alleged offender are told under the threat exception only. Take them out.",
            path="scope",
            rule="DX-10",
        )
