"""The page on which an election is signed, also when a paper form is entered late."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from reports import policy
from reports.election import selectors, services
from reports.election.desk_forms import SignForm
from reports.election.drafts.models import Step
from reports.election.drafts.pages import Drafting
from reports.election.forms import SIGNED_HERE, decide, local_date
from reports.election.models import Case, Election
from reports.election.signatures import HEIGHT, WIDTH
from reports.election.steps import steps
from reports.obligations import hooks
from reports.obligations.services import late_rows
from sapr import clock
from sapr.desk.forms import LocalInstantField
from sapr.desk.pages import page, perform, render, sent, status_of
from sapr.errors import DomainError


@page("sign")
def sign(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Initials, signatures, date and time. What was typed stays when something is refused."""
    case = selectors.case_get(viewer=request.user, case_id=case_id, verb="sign")
    now = clock.now()
    decided = selectors.decision_latest(viewer=request.user, case=case, at=now)
    if decided is None:
        messages.info(request, "The questions come first; then the rules answer which options there are.")
        return redirect("admin:questions", case_id=case_id)
    if getattr(case, "report", None) is not None:
        messages.info(request, "An election is signed already.")
        return redirect("admin:case", case_id=case_id)
    facts, zone = decided["facts"], case.installation.zone
    signed_at = _signed_at(request, now, zone)
    on, decision = local_date(case, signed_at), decide(case, facts, signed_at)
    if decision.form not in SIGNED_HERE:
        messages.info(request, "The rules give this person no form to sign here. The reasons stand below.")
        return redirect("admin:options", case_id=case_id)
    paper = policy.form_edition(decision.form, on)
    form = SignForm(sent(request), form=paper, now=now, zone=zone)
    draft = Drafting(request, Step.SIGN, case)
    draft.fill(form)
    if form.is_bound:
        form.is_valid()
        _ask_when_late(form, case, facts, now)
        done = perform(
            request,
            form,
            lambda: _signed(request, form, case_id),
            again=reverse("admin:case", args=[case_id]),
        )
        if done is not None:
            return done
        _show_edition(form, paper)
    context = {
        "case": case,
        "form": form,
        "paper": paper,
        "options": _options(form, decision),
        "minimal": hooks.minimal_words(on) if form.asks_confirmation else "",
        "draft": draft,
        "intake": steps("sign", viewer=request.user, case=case),
        "zone": zone,
        "box": (WIDTH, HEIGHT),
    }
    form.focus_on("election")
    return render(request, "desk/sign.html", "Sign", context, status=status_of(form))


def _signed_at(request: HttpRequest, now: datetime, zone: str) -> datetime:
    """The instant of the victim's signature as typed so far; it selects settings, rules and edition."""
    field = LocalInstantField(required=False)
    field.zone = zone
    try:
        at = field.clean(request.POST.get("victim_signed_at", "")) or now
        at = min(at, now)
        policy.eligibility({}, on=at.astimezone(ZoneInfo(zone)).date(), explain=False)
    except (ValidationError, policy.FactsError, OverflowError):
        # What is wrong with it is the form's or the service's to say.
        return now
    return at


def _ask_when_late(form: SignForm, case: Case, facts: dict[str, Any], now: datetime) -> None:
    """Set what a late paper form must be asked: the words placed at once, and the reason."""
    option, at = form.cleaned_data.get("election"), form.cleaned_data.get("victim_signed_at")
    if not option or at is None or at > now:
        return
    try:
        last = policy.last_slot(at, case.installation.zone)
        late = late_rows(case=case, kind="report_signed", at=at, facts=facts | {"election": option})
    except policy.FactsError:
        # A date outside the rules; the service says so.
        return
    form.asks_confirmation = option == Election.RESTRICTED and last <= now
    form.asks_reason = form.fields["late_reason"].required = bool(late)


def _signed(request: HttpRequest, form: SignForm, case_id: UUID) -> HttpResponse:
    given = form.cleaned_data
    if form.asks_confirmation and not given["confirm_minimal"]:
        raise DomainError(
            "confirmation_needed",
            "No slot is left for this form: these words will be placed at once. Read them and tick the box.",
            path="confirm_minimal",
        )
    services.report_sign(
        actor=request.user,
        case_id=case_id,
        election=given["election"],
        initials=form.initials(),
        victim_signature=given["victim_signature"],
        victim_signed_at=given["victim_signed_at"],
        advocate_signature=given["advocate_signature"],
        advocate_signed_at=given["advocate_signed_at"],
        edition=given["edition"],
        late_reason=given["late_reason"],
        victim_drawn=given["victim_drawn"],
        advocate_drawn=given["advocate_drawn"],
    )
    messages.success(request, "The election is signed and the report exists. The clocks have started.")
    return redirect("admin:receipt", case_id=case_id)


def _show_edition(form: SignForm, paper: policy.FormEdition) -> None:
    """Put the edition of the typed date into the form that is shown again: that is what is read now."""
    form.data = form.data.copy()
    form.data["edition"] = paper.edition


def _options(form: SignForm, decision: policy.Decision) -> list[dict[str, Any]]:
    chosen, wrong = form["election"].value(), form.is_bound and bool(form.errors)
    first = next((value for value in Election.values if decision.allowed(value)), None)
    return [
        {
            "value": value,
            "label": label,
            "allowed": decision.allowed(value),
            "because": decision.options[value].because,
            "rules": decision.options[value].rules,
            "checked": value == chosen,
            "focus": value == first and (not wrong or "election" in form.errors),
        }
        for value, label in Election.choices
    ]
