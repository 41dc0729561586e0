"""Pages of cases that are no report: logging an inquiry, opening a case with limited information."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from accounts import selectors as staff
from accounts.models import Role
from reports.election import inquiries, selectors
from reports.election.desk_forms import ContactForm
from sapr import clock
from sapr.desk.forms import ConfirmForm
from sapr.desk.pages import page, perform, render, sent, status_of


class LimitedForm(ContactForm):
    """A case with limited information: what the MCIO says. Nobody referred anybody."""

    source = None


@page("move_case")
def inquiry(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The person wants no more than an inquiry on record; the POST logs it."""
    case = selectors.case_get(viewer=request.user, case_id=case_id, verb="move_case")
    form = ConfirmForm(sent(request))
    back = reverse("admin:case", args=[case_id])

    def log() -> HttpResponse:
        inquiries.inquiry_log(actor=request.user, case_id=case_id, at=clock.now())
        messages.success(request, "The inquiry is logged. It is no report and nobody is told.")
        return redirect("admin:case", case_id=case_id)

    if request.method == "POST":
        done = perform(request, form, log, again=back)
        if done is not None:
            return done
    context = {
        "form": form,
        "case": case,
        "button": "Log the inquiry",
        "intro": "The person chose to leave no more than an inquiry (TR-03). It is no report and is not counted as "
        "one. They may still report later, here.",
        "back": back,
        "back_label": case.number,
    }
    return render(request, "desk/form.html", "Log an inquiry", context, status=status_of(form))


@page("move_case")
def limited_new(request: HttpRequest) -> HttpResponse:
    """A case of its own of what an MCIO says. It takes no other case and asks for none."""
    now = clock.now()
    installations = staff.installations_of(request.user, now, frozenset({Role.SARC.value}))
    first = {"installation": installations[0]} if installations else {}
    form = LimitedForm(sent(request), installations=installations, initial=first)

    def create() -> HttpResponse:
        case = inquiries.limited_case_open(
            actor=request.user,
            at=now,
            installation=form.cleaned_data["installation"],
            identity=form.identity(),
            narrative=form.narrative(),
        )
        messages.success(request, f"Case {case.number} is open with limited information.")
        return redirect("admin:case", case_id=case.pk)

    if request.method == "POST":
        done = perform(request, form, create, again=reverse("admin:index"))
        if done is not None:
            return done
    context = {
        "form": form,
        "button": "Open the case",
        "intro": "An MCIO investigates and no Unrestricted report is signed (TR-14). Enter only what the MCIO says, "
        "never anything from an earlier Restricted report (TR-15). Nothing joins it to another case.",
        "back": reverse("admin:index"),
        "back_label": "Today",
    }
    return render(request, "desk/form.html", "Case with limited information", context, status=status_of(form))


urls = [
    path("cases/<uuid:case_id>/inquiry/", inquiry, name="inquiry"),
    path("limited/new/", limited_new, name="limited_new"),
]
