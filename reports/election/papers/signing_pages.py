"""Pages on which a form beside the election is signed, a lost one replaced, and a signed one corrected."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from reports import access
from reports.election import selectors as election
from reports.election.forms import local_date
from reports.election.models import Case
from reports.election.papers import selectors, services
from reports.election.papers.desk_forms import PaperForm, reason_field, remote_field
from reports.election.papers.models import LOST_FORM
from reports.election.papers.sheets import Sheet, of_paper, of_row
from sapr import clock
from sapr.desk.forms import LocalInstantField
from sapr.desk.pages import page, perform, render, sent, status_of


def slug_of(code: str) -> str:
    """A form's code as it stands in an address."""
    return code.lower().replace(" ", "-")


def code_of(slug: str) -> str:
    """The code that stands in an address; a form that there is not is found nowhere later."""
    return slug.upper().replace("-", " ", 1)


@page("case_work")
def sign(request: HttpRequest, case_id: UUID, code: str) -> HttpResponse:
    """Sign a form, of the edition of the day of signing. What was typed stays when something is refused."""
    case = election.case_get(viewer=request.user, case_id=case_id, verb="case_work")
    edition = None
    # Of a day on which there was no such form, today's is shown: the service then says so and what was typed stays.
    for day in (_signing_day(request, case), local_date(case, clock.now())):
        places = selectors.forms_to_sign(case=case, on=day)
        edition = edition or next(
            (each for each in places if each.code == code_of(code) and each.signers), None
        )
    if edition is None:
        messages.info(request, "This form has no place in this case as it stands.")
        return redirect("admin:forms", case_id=case_id)
    lost = edition.code == LOST_FORM
    extra = {"remote": remote_field()} if lost else {}
    form = _form(request, case, of_paper(edition), extra)

    def done() -> HttpResponse:
        if lost:
            services.form_replace_lost(
                actor=request.user, case_id=case_id, remote=form.cleaned_data["remote"], **form.given()
            )
        else:
            services.form_sign(actor=request.user, case_id=case_id, form=edition.code, **form.given())
        messages.success(request, f"{edition.code} is signed.")
        return redirect("admin:forms", case_id=case_id)

    return _shown(request, case, form, done, "Sign a form", "Sign")


@page("case_work")
def correct(request: HttpRequest, case_id: UUID, form_id: UUID) -> HttpResponse:
    """Sign a form anew in place of a version with a mistake. What stood there is not shown; it stays kept."""
    case = election.case_get(viewer=request.user, case_id=case_id)
    row = selectors.form_get(viewer=request.user, case=case, form_id=form_id)
    access.require_on(request.user, row, "case_work")
    form = _form(request, case, of_row(row), {"reason": reason_field()})

    def done() -> HttpResponse:
        services.form_correct(
            actor=request.user,
            case_id=case_id,
            form_id=form_id,
            reason=form.cleaned_data["reason"],
            **form.given(),
        )
        messages.success(request, "The correction is signed. The earlier version stays as it was.")
        return redirect("admin:forms", case_id=case_id)

    return _shown(request, case, form, done, "Correct a form", "Sign the correction", row.election)


def _signing_day(request: HttpRequest, case: Case) -> date:
    """The day of the first signature as typed so far, which selects the edition; today when nothing can be read."""
    field, now = LocalInstantField(required=False), clock.now()
    field.zone = case.installation.zone
    typed = next((value for name, value in request.POST.items() if name.startswith("signed_at-")), "")
    try:
        return local_date(case, min(field.clean(typed) or now, now))
    except (ValidationError, OverflowError):
        # What is wrong with it is the form's or the service's to say.
        return local_date(case, now)


def _form(request: HttpRequest, case: Case, sheet: Sheet, extra: dict[str, Any]) -> PaperForm:
    return PaperForm(sent(request), sheet=sheet, now=clock.now(), zone=case.installation.zone, extra=extra)


def _shown(
    request: HttpRequest, case: Case, form: PaperForm, action, title: str, button: str, election: str = ""
) -> HttpResponse:
    if form.is_bound:
        answer = perform(request, form, action, again=reverse("admin:forms", args=[case.pk]))
        if answer is not None:
            return answer
        # What is read now is this edition, whichever was sent.
        form.data = form.data.copy()
        form.data["edition"] = form.sheet.edition
    context = {"case": case, "form": form, "sheet": form.sheet, "button": button, "election": election}
    return render(request, "desk/paper.html", title, context, status=status_of(form))
