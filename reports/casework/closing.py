"""Closing a case by its tests (CL-1 to CL-6), opening it again for a reason (TR-26)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction

from reports import access
from reports.casework.completeness import recorded
from reports.casework.matters.keeping import keeping_open
from reports.election.contacts import locked
from reports.election.models import Case, CaseState
from reports.election.moves import before_closing, require_move
from reports.election.standing import require_running
from reports.ledger.models import Event
from reports.obligations.known import CARRIED
from reports.obligations.models import Duty, DutyState
from reports.recording import record
from reports.ruled import asked
from reports.validation import instant
from sapr import clock
from sapr.errors import DomainError

# What the SARC is asked where the case's own record does not say it; each is a fact of the closing rules.
ASKED = ("referrals_complete", "under_cmg_review", "investigation_complete")
REFUSED = "SA002"
REOPEN_REASONS = (
    "victim_asked",
    "new_information",
    "investigation_resumed",
    "referral_resumed",
    "closed_in_error",
)


@dataclass(frozen=True)
class ClosingTests:
    """`facts`: what the rules are asked with. `known`: those of `ASKED` that the case itself records.

    `unmet`: (rule id, sentence) of each test that fails on them; `allowed`: the ruling's answer.
    """

    facts: Mapping[str, Any]
    known: Mapping[str, bool]
    unmet: tuple[tuple[str, str], ...]
    allowed: bool


def closing_tests(*, case: Case, answers: Mapping[str, bool | None], at: datetime) -> ClosingTests:
    """How the tests for closing stand, for the SARC of the case. `answers`: what that person states, by fact.

    What the case records is never overruled by an answer. A fact that neither tells counts against closing.
    """
    known = recorded(case)
    facts: dict[str, Any] = {name: value for name, value in answers.items() if value is not None} | known
    facts["closer"] = "assigned_sarc"
    report = getattr(case, "report", None)
    if report is not None:
        facts["election"] = report.election
    answer = asked(case, "close_case", facts, at)
    unmet = [(each.rule, each.sentence) for each in answer.says if each.effect == "refuse"]
    return ClosingTests(facts, known, (*unmet, *keeping_open(case)), bool(answer.allowed))


@access.service
def case_close(
    *, actor, case_id: UUID, at: datetime, answers: Mapping[str, bool | None] | None = None
) -> Case:
    """Close the case when every test is passed (TR-20). For the SARC of the case.

    `answers`: of `ASKED`, what the case does not record by itself. Refuses with each unmet test and its rule
    (`not_ready_to_close`), and what is no case to close. Duties that the rules end with the case end.
    """
    case = access.case_for(actor, case_id, "move_case")
    at = instant(at, "at")
    answers = answers or {}
    for name, value in answers.items():
        if name not in ASKED or not (value is None or isinstance(value, bool)):
            raise DomainError("unknown_value", f"{name}: answer yes or no.", path=name)
    case = locked(case)
    require_running(case)
    report = getattr(case, "report", None)
    if report is not None and at < (report.converted_at or report.signed_at):
        raise DomainError(
            "before_the_report", "A case is closed after it was reported. Check the time.", path="at"
        )
    _require_no_duty_passed_over(case, at)
    tests = _require_ready(case, answers, at)
    require_move(case, CaseState.CLOSED, at=at, closing_allowed=tests.allowed)
    basis = {
        name: "recorded" if name in tests.known else "stated"
        for name in ASKED
        if tests.facts.get(name) is not None
    }
    try:
        with transaction.atomic():
            record(case=case, kind="case_closed", actor=actor, at=at, data=basis)
    except DatabaseError as error:
        # A referral or a listing was recorded beside this and is seen only now: named like any other.
        if refused_by_database(error):
            _require_ready(case, answers, at)
        raise
    case.refresh_from_db()
    return case


def refused_by_database(error: DatabaseError) -> bool:
    """Whether a rule of the database refused, as it does where a closing passes by what was recorded beside it."""
    return getattr(error.__cause__, "sqlstate", "") == REFUSED


def _require_ready(case: Case, answers: Mapping[str, bool | None], at: datetime) -> ClosingTests:
    tests = closing_tests(case=case, answers=answers, at=at)
    if tests.unmet:
        raise DomainError(
            "not_ready_to_close",
            " ".join(f"{rule}: {sentence}" for rule, sentence in tests.unmet),
            status=409,
            rule=", ".join(rule for rule, _ in tests.unmet),
        )
    return tests


def _require_no_duty_passed_over(case: Case, at: datetime) -> None:
    """A closing is not dated before what fell due since: what was missed stays missed."""
    missed = Duty.objects.filter(case=case, state=DutyState.OPEN, immediate=False)
    first = missed.filter(due_at__gt=at, due_at__lt=clock.now()).order_by("due_at").first()
    if first is not None:
        raise DomainError(
            "duty_passed_over",
            "Something of this case fell due after that time and is still open. Date the closing after it.",
            status=409,
            path="at",
            rule=first.rule,
        )


@access.service
def case_reopen(*, actor, case_id: UUID, reason: str, at: datetime) -> Case:
    """Open a closed case again, as what it was (TR-26). `reason`: one of `REOPEN_REASONS`. For the SARC of the case.

    The reviews and updates that closing ended go on, by the same day of the month, unless the final disposition is
    decided.
    """
    case = access.case_for(actor, case_id, "move_case")
    at = instant(at, "at")
    if reason not in REOPEN_REASONS:
        raise DomainError(
            "unknown_value", f"reason: choose one of {', '.join(REOPEN_REASONS)}.", path="reason"
        )
    case = locked(case)
    if case.state != CaseState.CLOSED:
        raise DomainError("not_closed", "Only a closed case is opened again.", status=409, rule="TR-26")
    # A case that came here closed is opened again after its cut-over.
    kinds = ("case_closed", CARRIED)
    closed = Event.objects.filter(case_id=case.pk, kind__in=kinds).order_by("-seq")[0]
    if at < closed.occurred_at:
        raise DomainError(
            "before_the_closing", "The case was closed later than this. Check the time.", path="at"
        )
    report = getattr(case, "report", None)
    facts = {"election": report.election} if report is not None else {}
    require_move(case, before_closing(case), at=at, reopens=True, **facts)
    record(case=case, kind="case_reopened", actor=actor, at=at, data={"reason": reason}, facts=facts)
    case.refresh_from_db()
    return case
