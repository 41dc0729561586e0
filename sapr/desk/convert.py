"""Converting: first what will be told to whom, then a new signature. One way."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from notifications import previews
from reports import access
from reports.election import selectors, services
from reports.election.desk_forms import ConvertForm
from reports.election.models import Election
from sapr import clock
from sapr.desk.pages import page, perform, render, sent, status_of
from sapr.errors import DomainError


@page("convert")
def convert(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Shows each office and every word it will be told; the POST converts, for ever."""
    case = selectors.case_get(viewer=request.user, case_id=case_id, verb="convert")
    now = clock.now()
    report = getattr(case, "report", None)
    if report is None or report.election != Election.RESTRICTED:
        messages.info(request, "Only a Restricted report can be converted.")
        return redirect("admin:case", case_id=case_id)
    form = ConvertForm(sent(request), now=now, zone=case.installation.zone)

    def turn() -> HttpResponse:
        names = (
            "victim_signature",
            "victim_signed_at",
            "advocate_signature",
            "advocate_signed_at",
            "late_reason",
        )
        services.report_convert(
            actor=request.user, case_id=case_id, **{name: form.cleaned_data[name] for name in names}
        )
        messages.success(request, "The report is Unrestricted now. The offices have been told.")
        return redirect("admin:case", case_id=case_id)

    if request.method == "POST":
        done = perform(request, form, turn, again=reverse("admin:case", args=[case_id]))
        if done is not None:
            return done
    told, spared, obstacle = [], [], None
    try:
        told, spared = previews.conversion(viewer=request.user, case=case, at=now)
    except DomainError as refusal:
        if refusal.code == access.STOPPED:
            raise
        obstacle = refusal
    context = {"case": case, "form": form, "told": told, "spared": spared, "obstacle": obstacle}
    return render(request, "desk/convert.html", "Convert", context, status=status_of(form))


urls = [path("cases/<uuid:case_id>/convert/", convert, name="convert")]
