"""Converting: first what will be told to whom, by a POST of its own; then a new signature, sealed to it. One way."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from reports import access
from reports.election import conversion, selectors
from reports.election.desk_forms import ConvertForm
from reports.election.models import Case, Election
from sapr import clock
from sapr.desk.pages import page, perform, render, sent, status_of
from sapr.errors import DomainError

SIGNED = (
    "victim_signature", "victim_signed_at", "advocate_signature", "advocate_signed_at", "late_reason", "form",
    "remotely", "confirmation",
)  # fmt: skip


@page("convert")
def convert(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Asked for, it says what comes; the first POST shows what each office will see; the second converts, for ever."""
    case = selectors.case_get(viewer=request.user, case_id=case_id, verb="convert")
    report = getattr(case, "report", None)
    if report is None or report.election != Election.RESTRICTED:
        messages.info(request, "Only a Restricted report can be converted.")
        return redirect("admin:case", case_id=case_id)
    first_form = selectors.case_forms(viewer=request.user, case=case).first().form
    ways = {"now": clock.now(), "zone": case.installation.zone, "first_form": first_form}
    if request.method != "POST":
        return _shown(request, case, ConvertForm(**ways), told=False)
    if "prepare" in request.POST:
        return _shown(request, case, ConvertForm(**ways))
    form = ConvertForm(sent(request), **ways)

    def turn() -> HttpResponse:
        given = {name: form.cleaned_data[name] for name in SIGNED}
        conversion.report_convert(actor=request.user, case_id=case_id, **given)
        messages.success(request, "The report is Unrestricted now. The offices have been told.")
        return redirect("admin:case", case_id=case_id)

    done = perform(request, form, turn, again=reverse("admin:case", args=[case_id]))
    return done if done is not None else _shown(request, case, form)


def _shown(request: HttpRequest, case: Case, form: ConvertForm, *, told: bool = True) -> HttpResponse:
    """The page; with `told`, what a conversion would show and tell now, and the form that is sealed to exactly that."""
    status, found, obstacle = status_of(form), None, None
    if told:
        try:
            with transaction.atomic():
                found = conversion.conversion_prepare(actor=request.user, case_id=case.pk, at=clock.now())
        except DomainError as refusal:
            if refusal.code == access.STOPPED:
                raise
            obstacle = refusal
        else:
            form.seal(found.digest)
    context = {"case": case, "form": form, "shown": found, "obstacle": obstacle}
    return render(request, "desk/convert.html", "Convert", context, status=status)


urls = [path("cases/<uuid:case_id>/convert/", convert, name="convert")]
