"""Signing the forms beside the election, correcting any signed form, and replacing a lost one."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from reports import access, policy
from reports.casework.models import CaseRole
from reports.casework.selectors import works_as
from reports.election.earlier import form_kept_here
from reports.election.forms import local_date
from reports.election.models import Case, SignedForm
from reports.election.papers import checking
from reports.election.papers.models import LOST_FORM, CorrectionReason, Paper
from reports.election.papers.places import require_place
from reports.election.papers.selectors import form_get
from reports.election.papers.sheets import Sheet, of_paper, of_row
from reports.election.standing import require_open, require_report
from reports.recording import record
from reports.vault.keys import commitment
from sapr.errors import DomainError


@access.service
def form_sign(
    *,
    actor,
    case_id: UUID,
    form: str,
    edition: str,
    answers: dict[str, Any],
    initials: dict[str, str],
    signatures: dict[str, str],
    signed_at: dict[str, datetime],
) -> Paper:
    """Sign a form beside the election, in person (TR-07). Nothing of it is kept unless all of it is right.

    `edition`: the one that was shown; it has to be the one in force on the day of the first signature. `answers`,
    `initials`, `signatures`, `signed_at`: by the keys of that edition (`policy.paper_edition`). Refuses a form that has
    no place in this case (RE-02, PO-02), and the one that replaces a lost form.
    """
    case = access.case_for(actor, case_id, "case_work")
    require_open(case)
    if form == LOST_FORM:
        raise DomainError("replaces_a_form", "DD 2910-1 is signed where a form is lost.", path="form")
    shown = _shown(case, form, edition, signed_at)
    at = checking.first_instant(signed_at, shown.signers)
    day = local_date(case, at)
    content = _content(of_paper(shown), answers, initials, signatures, signed_at, day)
    require_place(case, shown, content["answers"], on=day, at=at)
    if getattr(case, "report", None) is not None and policy.UNSIGNED not in shown.elections:
        _require_after(case.report.signed_at, at, shown.signers)
    _require_signer(actor, case, shown.signers)
    paper = Paper(case=case, form=form, edition=edition, entered_by=actor)
    return _kept(paper, content, "form_signed", actor)


@access.service
def form_replace_lost(
    *,
    actor,
    case_id: UUID,
    edition: str,
    answers: dict[str, Any],
    initials: dict[str, str],
    signatures: dict[str, str],
    signed_at: dict[str, datetime],
    remote: bool = False,
) -> Paper:
    """DD 2910-1 takes the place of a lost election form; the only form that may be signed from afar (TR-07).

    The election that stands stands on it too: it changes nothing and starts no clock. The lost form's row stays.
    """
    case = access.case_for(actor, case_id, "case_work")
    report = require_report(case, "EL-13")
    original = form_kept_here(case)
    shown = _shown(case, LOST_FORM, edition, signed_at)
    at = checking.first_instant(signed_at, shown.signers)
    content = _content(of_paper(shown), answers, initials, signatures, signed_at, local_date(case, at))
    _require_after(report.signed_at, at, shown.signers)
    if not isinstance(remote, bool):
        raise DomainError("wrong_type", "remote: say yes or no.", path="remote")
    paper = Paper(
        case=case,
        form=LOST_FORM,
        edition=edition,
        original=original,
        election=report.election,
        remote=remote,
        entered_by=actor,
    )
    content |= {"election": report.election, "remote": remote}
    return _kept(paper, content, "form_signed", actor, replaces=str(original.pk))


@access.service
def form_correct(
    *,
    actor,
    case_id: UUID,
    form_id: UUID,
    reason: str,
    edition: str,
    answers: dict[str, Any],
    initials: dict[str, str],
    signatures: dict[str, str],
    signed_at: dict[str, datetime],
) -> Paper:
    """A new version of a signed form, signed anew on the same edition; the version corrected stands for ever.

    `form_id`: the newest version, of a form beside the election or of the election form itself, whose election never
    changes by it. Of two corrections of one version exactly one is made.
    """
    case = access.case_for(actor, case_id, "case_work")
    require_open(case)
    earlier = form_get(viewer=actor, case=case, form_id=form_id)
    if reason not in CorrectionReason.values:
        raise DomainError("unknown_value", "reason: choose why the form is corrected.", path="reason")
    checking.require_edition(edition, earlier.form, earlier.edition)
    sheet = of_row(earlier)
    at = checking.first_instant(signed_at, sheet.signers)
    content = _content(sheet, answers, initials, signatures, signed_at, local_date(case, at))
    first = earlier if isinstance(earlier, SignedForm) else None
    _require_after(first.victim_signed_at if first else earlier.signed_at, at, sheet.signers)
    _require_signer(actor, case, sheet.signers)
    paper = Paper(
        case=case,
        form=earlier.form,
        edition=earlier.edition,
        version=2 if first else earlier.version + 1,
        supersedes=None if first else earlier,
        original=first or earlier.original,
        election=earlier.election,
        reason=reason,
        entered_by=actor,
    )
    if paper.election:
        content["election"] = paper.election
    try:
        with transaction.atomic():
            return _kept(paper, content, "form_superseded", actor, supersedes=str(earlier.pk), reason=reason)
    except IntegrityError:
        raise DomainError(
            "corrected_already", "This version was corrected already. Correct the newest one.", status=409
        ) from None


def _shown(case: Case, form: object, edition: object, signed_at: object) -> policy.PaperEdition:
    """The edition that was shown; refuses one that was not in force on the day of the first signature."""
    try:
        shown = policy.paper_named(form, edition)
    except policy.FactsError:
        raise DomainError("unknown_form", "There is no such edition of such a form.", path="form") from None
    if not shown.signers:
        raise DomainError("not_signed", f"{form} is handed out; nobody signs it.", path="form")
    day = local_date(case, checking.first_instant(signed_at, shown.signers))
    try:
        checking.require_edition(edition, form, policy.paper_edition(form, day).edition)
    except policy.FactsError:
        raise DomainError("wrong_edition", f"{form} did not exist on that day.", path="edition") from None
    return shown


def _content(
    sheet: Sheet, answers: object, initials: object, signatures: object, signed_at: object, day
) -> dict:
    """Everything that is written on the form, checked line by line."""
    return {
        "answers": checking.answers(sheet.questions, answers, on=day),
        "initials": checking.initials((key for key, _ in sheet.acknowledgements), initials),
        "signatures": checking.signatures(sheet.signers, signatures, signed_at),
    }


def _require_after(begun: datetime, at: datetime, signers: tuple[str, ...]) -> None:
    """Refuse a signature earlier than what it belongs to."""
    if at < begun:
        raise DomainError(
            "before_the_form",
            "What this belongs to was signed later than that. Check date and time.",
            path=f"signed_at.{signers[0]}",
        )


def _require_signer(actor, case: Case, signers: tuple[str, ...]) -> None:
    """What only a SARC signs is not signed by a SAPR VA."""
    if signers == ("sarc",) and not works_as(viewer=actor, case=case, role=CaseRole.SARC):
        raise DomainError("not_your_signature", "This form is signed by the SARC of the case.", status=409)


def _kept(paper: Paper, content: dict[str, Any], kind: str, actor, **told: str) -> Paper:
    """Seal the content, write the row and its event."""
    instants = [each["at"] for each in content["signatures"].values()]
    paper.signed_at, paper.countersigned_at = instants[0], (instants[1:] or [None])[0]
    for each in content["signatures"].values():
        each["at"] = each["at"].isoformat()
    sealed = json.dumps({"form": paper.form, "edition": paper.edition} | content, sort_keys=True)
    paper.content = sealed
    paper.save(force_insert=True)
    data = {
        "paper": str(paper.pk),
        "form": paper.form,
        "edition": paper.edition,
        "version": paper.version,
        "content": commitment(paper.case_id, sealed.encode()),
    }
    record(case=paper.case, kind=kind, actor=actor, at=paper.signed_at, data=data | told)
    return paper
