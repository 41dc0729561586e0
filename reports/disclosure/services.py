"""The steps of an exception to confidentiality, in their order (DX-1 to DX-5). The report stays Restricted (TR-17)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from reports import access
from reports.disclosure import asking, selectors
from reports.disclosure.deciders import decider, require_uninvolved
from reports.disclosure.models import (
    Advice,
    Decided,
    Disclosure,
    DisclosureState,
    Exceptions,
    ExceptionStatement,
    Office,
    Privilege,
    Recipient,
)
from reports.disclosure.standing import require_restricted
from reports.election.contacts import locked
from reports.recording import record
from reports.validation import instant
from sapr.errors import DomainError, NotFoundError


@access.service
def exception_propose(
    *,
    actor,
    case_id: UUID,
    exception: str,
    answers: dict[str, Any],
    scope: list[str],
    recipient: str,
    at: datetime,
) -> Disclosure:
    """Record which exception is proposed (DX-1): what it covers, for whom, and what its own condition asks.

    `exception`: EX-1 to EX-5. `answers`: facts by name, as `asking.conditions` lists them. `scope`: record fields.
    Refuses an exception whose condition is not met, and any but EX-2 of a civilian employee's report (EX-C).
    """
    case = access.case_for(actor, case_id, "disclose")
    at = instant(at, "at")
    require_restricted(case, at, rule="DX-1")
    _choice(exception, Exceptions, "exception")
    row = Disclosure(
        case=case,
        exception=exception,
        answers=asking.checked_answers(exception, answers, at),
        scope=asking.known_fields(scope, "scope"),
        recipient=_choice(recipient, Recipient, "recipient"),
        proposed_by=actor,
        proposed_at=at,
    )
    asking.require_possible(row, asking.of_the_person(actor=actor, case=case, at=at), case, at)
    row.save(force_insert=True)
    data = _about(row) | {"recipient": row.recipient, "scope": row.scope, "answers": row.answers}
    record(case=case, kind="exception_proposed", actor=actor, at=at, data=data, about=row.pk)
    return row


@access.service
def exception_advise(
    *, actor, case_id: UUID, disclosure_id: UUID, office: str, advice: str, privilege: str, at: datetime
) -> Disclosure:
    """Record what the legal office said, on MRE 514 too (DX-2). `at`: when it was consulted.

    When it agrees the minimum may be disclosed. In doubt or disagreement the question goes to the installation
    commander, on a statement that identifies nobody (DX-3).
    """
    case, row = _row(actor, case_id, disclosure_id, [DisclosureState.PROPOSED])
    at = instant(at, "at")
    require_restricted(case, at, rule="DX-2")
    _not_before(at, row.proposed_at, "The exception was proposed later than this. Check the time.")
    row.office, row.advice = _choice(office, Office, "office"), _choice(advice, Advice, "advice")
    row.privilege, row.advised_at = _choice(privilege, Privilege, "privilege"), at
    agrees = row.advice == Advice.AGREE
    row.state = DisclosureState.ADVISED if agrees else DisclosureState.UNDECIDED
    if not agrees:
        row.post = decider(actor=actor, case=case, at=at)
    row.save(update_fields=["office", "advice", "privilege", "advised_at", "state", "post"])
    data = _about(row) | {"by": row.office, "answer": row.advice, "privilege": row.privilege}
    record(case=case, kind="exception_advised", actor=actor, at=at, data=data, about=row.pk)
    return row


@access.service
def exception_decide(*, actor, statement_id: UUID, decision: str) -> ExceptionStatement:
    """The commander decides on the statement, once; the database carries it to the case and into its record."""
    access.require(actor, "decide_exception")
    selectors.statement_get(viewer=actor, statement_id=statement_id)
    _choice(decision, Decided, "decision")
    statement = ExceptionStatement.objects.select_for_update().get(pk=statement_id)
    if statement.decision:
        raise DomainError("already_decided", "This was decided before. Nothing was changed.", status=409)
    # The trigger dates it; something must stand here for the column.
    statement.decision, statement.decided_by, statement.decided_at = decision, actor, statement.put_at
    statement.save(update_fields=["decision", "decided_by", "decided_at"])
    statement.refresh_from_db()
    return statement


@access.service
def disclosure_make(
    *,
    actor,
    case_id: UUID,
    disclosure_id: UUID,
    fields: list[str],
    minimum_only: bool,
    recipient_needs_to_know: bool,
    at: datetime,
) -> Disclosure:
    """Record that the minimum was disclosed: what, to whom, why and on whose advice (DX-4). The victim is to be told.

    Refuses whatever goes beyond the exception, or out before its steps (DX-1 to DX-3, DX-7, DX-8, EX-*).
    """
    case, row = _row(actor, case_id, disclosure_id)
    at = instant(at, "at")
    require_restricted(case, at, rule="TR-17")
    told = asking.known_fields(fields, "fields")
    if row.state in (DisclosureState.MADE, DisclosureState.TOLD):
        raise _out_of_turn()
    ticked = {
        "minimum_only": minimum_only is True,
        "recipient_needs_to_know": recipient_needs_to_know is True,
    }
    person = asking.of_the_person(actor=actor, case=case, at=at)
    asking.require_lawful(row, told, ticked, person, case, at)
    if row.post is not None:
        require_uninvolved(actor=actor, case=case, post=row.post, at=at)
    _not_before(at, row.decided_at or row.advised_at, "It was not decided yet at this time. Check the time.")
    row.fields, row.made_by, row.made_at, row.state = told, actor, at, DisclosureState.MADE
    row.save(update_fields=["fields", "made_by", "made_at", "state"])
    data = _about(row) | {"fields": told, "recipient": row.recipient, "by": row.office}
    record(case=case, kind="disclosure_made", actor=actor, at=at, data=data, about=row.pk)
    return row


@access.service
def disclosure_tell(*, actor, case_id: UUID, disclosure_id: UUID, at: datetime) -> Disclosure:
    """The victim was told that a disclosure was made (DX-5). Whoever is on the case may have told them."""
    case, row = _row(actor, case_id, disclosure_id, [DisclosureState.MADE], verb="case_work")
    at = instant(at, "at")
    _not_before(at, row.made_at, "The disclosure was made later than this. Check the time.")
    row.told_by, row.told_at, row.state = actor, at, DisclosureState.TOLD
    row.save(update_fields=["told_by", "told_at", "state"])
    record(case=case, kind="disclosure_told", actor=actor, at=at, data=_about(row), about=row.pk)
    return row


def _about(row: Disclosure) -> dict[str, Any]:
    return {"disclosure": str(row.pk), "exception": row.exception}


def _row(actor, case_id: UUID, disclosure_id: UUID, states: list[str] | None = None, verb: str = "disclose"):
    """The case, held, and its exception as it stands; refused when it is not at this step."""
    case = access.case_for(actor, case_id, "case_work")
    locked(case)
    row = selectors.case_disclosures(viewer=actor, case=case).filter(pk=disclosure_id).first()
    if row is None:
        raise NotFoundError
    access.require_on(actor, row, verb)
    if states is not None and row.state not in states:
        raise _out_of_turn()
    return case, row


def _out_of_turn() -> DomainError:
    return DomainError(
        "out_of_turn", "This exception is not at that step now. Reload the page.", status=409, rule="DX-1"
    )


def _not_before(at: datetime, earlier: datetime, sentence: str) -> None:
    if at < earlier:
        raise DomainError("before_the_step", sentence, path="at")


def _choice(given: object, choices, path: str) -> str:
    if not isinstance(given, str) or given not in choices.values:
        raise DomainError("unknown_value", f"{path}: choose one of the listed answers.", path=path)
    return given
