"""Pages of a case's way after signing: closing, opening again, taking part in the investigation."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from reports.casework import closing, participation
from reports.casework.completeness import recorded
from reports.casework.matters.keeping import keeping_open
from reports.election import selectors as election
from reports.election.models import CaseState
from reports.obligations.models import DutyState
from reports.obligations.selectors import case_duties
from sapr import clock
from sapr.desk.forms import DeskForm, LocalInstantField
from sapr.desk.pages import page, perform, render, sent, status_of
from sapr.desk.words import label

ASKED = {
    "referrals_complete": "Are all referrals and services complete?",
    "under_cmg_review": "Is the case still under review by the Case Management Group?",
    "investigation_complete": "Is all investigation complete?",
}


class CloseForm(DeskForm):
    """The questions that the case's own record does not answer, and when it was closed."""

    at = LocalInstantField(label="Closed at", required=False)

    def __init__(self, *args, asked, now, zone: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].starts_at(now, zone)
        for name in asked:
            self.fields[name] = forms.ChoiceField(
                choices=[("", "Choose"), ("yes", "Yes"), ("no", "No")], required=False, label=ASKED[name]
            )
        self.order_fields([*asked, "at"])

    def answers(self) -> dict[str, bool | None]:
        """What was answered, by fact."""
        words = {"yes": True, "no": False}
        return {name: words.get(self.cleaned_data[name]) for name in ASKED if name in self.fields}


class ReopenForm(DeskForm):
    reason = forms.ChoiceField(
        choices=[("", "Choose"), *((reason, label(reason)) for reason in closing.REOPEN_REASONS)],
        label="Why it is opened again",
    )


class ParticipationForm(DeskForm):
    """What the rules ask of a victim who declines."""

    letter = forms.ChoiceField(
        choices=[("", "None"), *((each, label(each)) for each in participation.LETTERS)],
        required=False,
        label="Letter signed by the victim",
    )
    investigation = forms.ChoiceField(
        choices=[
            ("", "Choose"),
            *((each, label(each, "investigation")) for each in participation.INVESTIGATIONS),
        ],
        required=False,
        label="Investigation by others, as far as you know",
        help_text="Asked of a Restricted report only; the case records none.",
    )
    at = LocalInstantField(label="When the victim said so", required=False)

    def __init__(self, *args, restricted: bool, now, zone: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].starts_at(now, zone)
        if not restricted:
            del self.fields["investigation"]


def _back(case_id: UUID) -> str:
    return reverse("admin:case", args=[case_id])


@page("move_case")
def close(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What the case records of the tests for closing, what is asked, and which duties stay open all the same."""
    case, now = election.case_get(viewer=request.user, case_id=case_id, verb="move_case"), clock.now()
    known = recorded(case)
    asked = [name for name in closing.ASKED if name not in known]
    form = CloseForm(sent(request), asked=asked, now=now, zone=case.installation.zone)

    def done() -> HttpResponse:
        at = form.cleaned_data["at"] or now
        closing.case_close(actor=request.user, case_id=case_id, at=at, answers=form.answers())
        messages.success(request, "The case is closed. Duties that are still open stay open.")
        return redirect("admin:case", case_id=case_id)

    if request.method == "POST":
        answered = perform(request, form, done, again=_back(case_id))
        if answered is not None:
            return answered
    context = {
        "case": case,
        "form": form,
        "known": [(ASKED[name], value) for name, value in known.items()],
        "keeping": keeping_open(case),
        "waiting": case_duties(viewer=request.user, case=case).filter(state=DutyState.OPEN).count(),
    }
    return render(request, "desk/close.html", "Close the case", context, status=status_of(form))


@page("move_case")
def reopen(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """A reason opens a closed case again, as what it was."""
    case = election.case_get(viewer=request.user, case_id=case_id, verb="move_case")
    form = ReopenForm(sent(request))

    def done() -> HttpResponse:
        reason = form.cleaned_data["reason"]
        closing.case_reopen(actor=request.user, case_id=case_id, reason=reason, at=clock.now())
        messages.success(request, "The case is open again.")
        return redirect("admin:case", case_id=case_id)

    if request.method == "POST":
        answered = perform(request, form, done, again=_back(case_id))
        if answered is not None:
            return answered
    context = {
        "case": case,
        "form": form,
        "intro": "The case will be what it was before it was closed (rule TR-26). Reviews and updates that closing "
        "ended go on by their day of the month, unless the final disposition is decided.",
        "button": "Open again",
        "back": _back(case_id),
        "back_label": case.number,
    }
    return render(request, "desk/form.html", "Open the case again", context, status=status_of(form))


@page("case_work")
def take_part(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The victim declines to take part in the investigation, or takes part again. Either is honoured as said."""
    case, now = election.case_get(viewer=request.user, case_id=case_id, verb="case_work"), clock.now()
    declined = participation.declined(case)
    restricted = case.state == CaseState.RESTRICTED_OPEN
    form = ParticipationForm(sent(request), restricted=restricted, now=now, zone=case.installation.zone)
    if declined:
        del form.fields["letter"]
        form.fields.pop("investigation", None)

    def done() -> HttpResponse:
        given = form.cleaned_data
        at = given["at"] or now
        if declined:
            participation.participation_resume(actor=request.user, case_id=case_id, at=at)
            messages.success(request, "Recorded: the victim takes part again.")
        else:
            participation.participation_decline(
                actor=request.user,
                case_id=case_id,
                at=at,
                letter=given["letter"],
                investigation=given.get("investigation", ""),
            )
            messages.success(request, "Recorded: the victim declines. Care and services go on as they were.")
        return redirect("admin:case", case_id=case_id)

    if request.method == "POST":
        answered = perform(request, form, done, again=_back(case_id))
        if answered is not None:
            return answered
    context = {
        "case": case,
        "form": form,
        "intro": "The victim declines now. They may take part again at any time."
        if declined
        else "The victim may decline at any time and everybody honours it. Nothing changes in care and services; the "
        "investigation may go on without them (TR-22 to TR-24).",
        "button": "The victim takes part again" if declined else "The victim declines",
        "back": _back(case_id),
        "back_label": case.number,
    }
    return render(request, "desk/form.html", "Taking part", context, status=status_of(form))


urls = [
    path("cases/<uuid:case_id>/close/", close, name="close"),
    path("cases/<uuid:case_id>/reopen/", reopen, name="reopen"),
    path("cases/<uuid:case_id>/participation/", take_part, name="participation"),
]
