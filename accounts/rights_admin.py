"""Staff pages about rights: deciding proposed appointments, certifications, ending somebody's sessions."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse

from accounts import forms, selectors, services, sessions, staffing
from accounts.admin import HOME, form_page
from accounts.leaving import left_words
from accounts.models import User
from sapr import clock
from sapr.desk.forms import ConfirmForm
from sapr.desk.pages import page, perform, render, sent, status_of


@page("manage_staff")
def appointment(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """One proposed appointment. The second person approves or refuses it; its proposer can take it back."""
    row = get_object_or_404(selectors.appointments_waiting(), pk=appointment_id)
    stands = selectors.proposer_stands(row, clock.now())
    second = stands and selectors.may_approve(row, request.user)
    chosen = "decision" in request.POST
    form = (forms.DecisionForm if second or chosen else ConfirmForm)(sent(request))

    def decide() -> HttpResponse:
        # Without the choice only a refusal can be meant; the service says who may what.
        approve = form.cleaned_data.get("decision") == "approve"
        act = services.appointment_approve if approve else services.appointment_refuse
        act(appointment_id=row.pk, actor=request.user, at=clock.now())
        messages.success(
            request, "The appointment is approved; access follows at once." if approve else "It is refused."
        )
        return redirect(HOME)

    if request.method == "POST":
        done = perform(request, form, decide, again=reverse(HOME))
        if done is not None:
            return done
    status = status_of(form)
    if chosen and not second:
        # They were independent when the page was drawn: it says why not any more, and offers what is left.
        for message in form.non_field_errors():
            messages.error(request, message)
        form = ConfirmForm()
    context = {
        "row": row,
        "form": form,
        "second": second,
        "stands": stands,
        "own": row.proposed_by_id == request.user.pk,
    }
    context["for_me"] = row.user_id == request.user.pk
    return render(request, "desk/staff_appointment.html", "Proposed appointment", context, status=status)


@page("manage_staff")
def certification_new(request: HttpRequest) -> HttpResponse:
    """Record somebody's D-SAACP certification by its first and last day, in the calendar of their installation."""
    form = forms.CertificationForm(sent(request))

    def record() -> HttpResponse:
        given, now = form.cleaned_data, clock.now()
        starts_at, ends_at = services.span_of_days(given["user"], given["starts_on"], given["ends_on"])
        services.certification_record(
            user=given["user"], starts_at=starts_at, ends_at=ends_at, actor=request.user, at=now
        )
        messages.success(request, "The certification is recorded; access follows its days.")
        return redirect(HOME)

    intro = "SARCs and SAPR VAs reach nothing as such without a certification in force."
    return form_page(request, form, record, "Record a certification", "Record it", intro)


@page("manage_staff")
def certification_end(request: HttpRequest, certification_id: UUID) -> HttpResponse:
    """Show what revoking it means; the POST does it now."""
    row = get_object_or_404(staffing.certifications(clock.now()), pk=certification_id)
    form = ConfirmForm(sent(request))

    def end() -> HttpResponse:
        services.certification_end(certification=row, actor=request.user, at=clock.now())
        messages.success(request, "The certification is revoked.")
        return redirect(HOME)

    intro = (
        f"{row.user.display_name} can no longer act as SARC or SAPR VA. Access to every case ends at once, in running "
        "sessions too; other posts of this person stay. What they work on needs somebody else from now on."
    ) + left_words(row.user)
    return form_page(request, form, end, "Revoke a certification", "Revoke it now", intro)


@page("manage_staff")
def sessions_end(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Show what it means; the POST ends every session of that person."""
    user: User = get_object_or_404(selectors.people(), pk=user_id)
    form = ConfirmForm(sent(request))

    def end() -> HttpResponse:
        count = services.sessions_end(user=user, actor=request.user, at=clock.now())
        messages.success(request, f"{count} session{'' if count == 1 else 's'} ended.")
        return redirect("admin:login" if sessions.signed_out_by_it(request) else HOME)

    intro = f"{user.display_name} ({user.username}) is signed out everywhere and can sign in again."
    return form_page(request, form, end, "End somebody's sessions", "End them now", intro)


urls = [
    path("staff/appointments/<uuid:appointment_id>/", appointment, name="staff_appointment"),
    path("staff/certifications/new/", certification_new, name="staff_certification_new"),
    path(
        "staff/certifications/<uuid:certification_id>/end/",
        certification_end,
        name="staff_certification_end",
    ),
    path("staff/people/<uuid:user_id>/sessions/", sessions_end, name="staff_sessions_end"),
]
