"""Hand-outs that are given, and copies of forms that the victim asks for (CK-20)."""

from datetime import datetime
from uuid import UUID

from reports import access, policy
from reports.election.forms import local_date
from reports.election.papers.models import CopyRequest, Delivery, HandOut
from reports.election.papers.places import require_place
from reports.election.papers.selectors import forms_to_copy
from reports.election.standing import require_open
from reports.recording import record
from reports.validation import instant
from sapr.errors import DomainError, NotFoundError


@access.service
def hand_out_give(*, actor, case_id: UUID, form: str, given_to: str, at: datetime) -> HandOut:
    """Record that a paper was given which nobody signs (DD 2701, DD 2873). A Restricted report has neither (PO-02)."""
    case = access.case_for(actor, case_id, "case_work")
    at = instant(at, "at")
    require_open(case)
    day = local_date(case, at)
    try:
        edition = policy.paper_edition(form, day)
    except policy.FactsError:
        raise DomainError("unknown_form", "There is no such form on this day.", path="form") from None
    if edition.signers:
        raise DomainError("not_given", f"{form} is signed, not handed out.", path="form")
    require_place(case, edition, {}, on=day, at=at)
    if not isinstance(given_to, str) or given_to not in edition.given_to:
        raise DomainError("unknown_value", "given_to: choose to whom it was given.", path="given_to")
    row = HandOut(
        case=case, form=form, edition=edition.edition, given_to=given_to, given_at=at, given_by=actor
    )
    row.save(force_insert=True)
    data = {"hand_out": str(row.pk), "form": form, "edition": edition.edition, "to": given_to}
    record(case=case, kind="hand_out_given", actor=actor, at=at, data=data)
    return row


@access.service
def copy_request(*, actor, case_id: UUID, form: str, delivery: str, at: datetime) -> CopyRequest:
    """The victim asks for a copy of a form; it is due in seven business days (CK-20).

    Also in a closed case, and for somebody who has left the Service (EL-13): only a report has to be there.
    """
    case = access.case_for(actor, case_id, "case_work")
    at = instant(at, "at")
    if not isinstance(form, str) or form not in forms_to_copy(viewer=actor, case=case):
        raise DomainError(
            "no_such_form",
            "No such form was signed in this case, so there is no copy of it.",
            status=409,
            path="form",
            rule="CK-20",
        )
    if not isinstance(delivery, str) or delivery not in Delivery.values:
        raise DomainError("unknown_value", "delivery: choose how the copy is given.", path="delivery")
    if at < case.report.signed_at:
        raise DomainError(
            "before_the_report", "The report was signed later than that. Check the time.", path="at"
        )
    row = CopyRequest(case=case, form=form, delivery=delivery, requested_at=at, requested_by=actor)
    row.save(force_insert=True)
    data = {"request": str(row.pk), "form": form, "means": delivery}
    record(case=case, kind="copy_requested", actor=actor, at=at, data=data, about=row.pk)
    return row


@access.service
def copy_give(*, actor, case_id: UUID, request_id: UUID, at: datetime) -> CopyRequest:
    """The copy is given: the request's own duty is discharged, no other's. Once."""
    case = access.case_for(actor, case_id, "case_work")
    at = instant(at, "at")
    row = access.of_case(actor, "case_work", CopyRequest, case).filter(pk=request_id).first()
    if row is None:
        raise NotFoundError
    if at < row.requested_at:
        raise DomainError("before_the_request", "The copy was asked for later than this.", path="at")
    changed = CopyRequest.objects.filter(pk=row.pk, given_at=None).update(given_at=at, given_by=actor)
    if changed != 1:
        raise DomainError("given_already", "This copy was given already.", status=409)
    data = {"request": str(row.pk), "form": row.form, "means": row.delivery}
    record(case=case, kind="copy_given", actor=actor, at=at, data=data, about=row.pk)
    row.refresh_from_db()
    return row
