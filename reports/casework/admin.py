"""Pages of casework: recording steps, assigning the SAPR VA, counts by option."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from accounts import selectors as staff
from accounts.models import Role
from reports.casework import one_year, services
from reports.casework.events import STEPS, Step
from reports.casework.moves.leaving import REASONS, advocate_change
from reports.casework.selectors import assigned, vas_on
from reports.election import selectors as election
from reports.election.models import CaseState
from reports.election.standing import election_of
from reports.ledger.kinds import EventKind
from reports.obligations.selectors import case_duties
from sapr import clock
from sapr.desk.forms import DeskForm, LocalInstantField
from sapr.desk.pages import page, perform, render, sent, status_of
from sapr.desk.words import QUESTIONS, label
from sapr.errors import DomainError


class StepForm(DeskForm):
    """One kind of step: its details from their vocabulary, and when it happened."""

    kind = forms.CharField(widget=forms.HiddenInput, max_length=60)
    at = LocalInstantField(label="When it happened", required=False)

    def __init__(self, *args, step: Step, now, zone: str, **kwargs) -> None:
        super().__init__(*args, auto_id=f"id_{step.kind}_%s", **kwargs)
        self.step, self.title = step, EventKind(step.kind).label
        self.fields["kind"].initial = step.kind
        self.fields["at"].starts_at(now, zone)
        for name, values in step.details.items():
            self.fields[name] = forms.ChoiceField(
                choices=[("", "Choose"), *((value, label(value, name)) for value in values)],
                label=QUESTIONS.get(name, name.capitalize()),
            )
        self.order_fields([*step.details, "at"])


class AssignForm(DeskForm):
    """The SAPR VA to assign; once there is one, in whose place and why, if it is a change."""

    va = forms.ModelChoiceField(queryset=None, label="SAPR VA", empty_label="Choose")

    def __init__(self, *args, people, on_case, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["va"].queryset = people
        self.fields["va"].label_from_instance = lambda user: user.display_name
        if on_case:
            self.fields["old"] = forms.ModelChoiceField(
                queryset=on_case,
                label="In place of",
                required=False,
                empty_label="Nobody: both are on the case",
            )
            self.fields["old"].label_from_instance = lambda user: user.display_name
            self.fields["reason"] = forms.ChoiceField(
                label="Why, if it is a change",
                required=False,
                choices=[("", "Choose"), *REASONS.items()],
            )


@page("case_work")
def steps(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Every step that fits the case as it stands, what is due first; each is a small form of its own."""
    case, now = election.case_get(viewer=request.user, case_id=case_id, verb="case_work"), clock.now()
    due = {
        duty.discharged_by: duty for duty in case_duties(viewer=request.user, case=case).filter(state="open")
    }
    fitting = [
        step
        for step in STEPS.values()
        # A closed case takes what is still due in it, and nothing else.
        if election_of(case) in step.elections and (case.state != CaseState.CLOSED or step.kind in due)
    ]
    asked_at = one_year.asked_at(viewer=request.user, case=case)
    if asked_at is not None:
        fitting = [step for step in fitting if step.kind != one_year.KIND]
    kind = request.POST.get("kind", "")
    shown = []
    for step in fitting:
        data = request.POST if kind == step.kind else None
        form = StepForm(data, step=step, now=now, zone=case.installation.zone)
        if form.is_bound:
            done = perform(
                request, form, lambda form=form: _recorded(request, form, case_id, now), again=_back(case_id)
            )
            if done is not None:
                return done
        shown.append(form)
    if request.method == "POST" and kind not in {step.kind for step in fitting}:
        messages.error(
            request, "This step does not fit this case as it stands now. Choose one from the list."
        )
    shown.sort(key=lambda form: (not form.errors, form.step.kind not in due))
    status = max((status_of(form) for form in shown), default=200)
    context = {"case": case, "forms": shown, "due": due, "now": now, "asked_at": asked_at}
    return render(request, "desk/steps.html", "Record a step", context, status=status)


def _back(case_id: UUID) -> str:
    return reverse("admin:case", args=[case_id])


def _recorded(request: HttpRequest, form: StepForm, case_id: UUID, now) -> HttpResponse:
    given = form.cleaned_data
    services.step_record(
        actor=request.user,
        case_id=case_id,
        kind=form.step.kind,
        at=given["at"] or now,
        details={name: given[name] for name in form.step.details},
    )
    messages.success(request, f"Recorded: {form.title}.")
    return redirect("admin:case", case_id=case_id)


@page("assign_va")
def assign(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The SARC chooses among those who hold a SAPR VA post at the installation now."""
    case, now = election.case_get(viewer=request.user, case_id=case_id, verb="assign_va"), clock.now()
    people = staff.holders_under(case.installation, Role.VA, now)
    form = AssignForm(sent(request), people=people, on_case=vas_on(viewer=request.user, case=case))

    def save() -> HttpResponse:
        given, at = form.cleaned_data, clock.now()
        if given.get("old") and not given["reason"]:
            raise DomainError("missing", "Say why somebody else takes their place.", path="reason")
        if given.get("old"):
            advocate_change(
                actor=request.user,
                case_id=case_id,
                role=Role.VA,
                leaves=given["old"],
                follows=given["va"],
                reason=given["reason"],
                at=at,
            )
        else:
            services.va_assign(actor=request.user, case_id=case_id, va=given["va"], at=at)
        messages.success(request, "The SAPR VA is assigned and can open the case now.")
        return redirect("admin:case", case_id=case_id)

    if request.method == "POST":
        done = perform(request, form, save, again=_back(case_id))
        if done is not None:
            return done
    on_case = [name for name, role in assigned(viewer=request.user, case=case) if role == Role.VA]
    intro = f"Assigned now: {', '.join(on_case)}." if on_case else "No SAPR VA is assigned yet."
    if not people:
        intro += (
            f" Nobody holds a SAPR VA post at {case.installation.name}; a programme manager can appoint one."
        )
    context = {
        "form": form,
        "case": case,
        "intro": intro,
        "button": "Assign",
        "back": _back(case_id),
        "back_label": case.number,
    }
    return render(request, "desk/form.html", "Assign a SAPR VA", context, status=status_of(form))


@page("counts")
def counts(request: HttpRequest) -> HttpResponse:
    """Counts by option over the viewer's own cases; compiling them is recorded, so it takes a click."""
    form, found = DeskForm(sent(request)), None
    if request.method == "POST" and form.is_valid():
        found = services.counts_by_option(actor=request.user, at=clock.now())
    return render(request, "desk/counts.html", "Counts", {"form": form, "counts": found})


urls = [
    path("cases/<uuid:case_id>/steps/", steps, name="steps"),
    path("cases/<uuid:case_id>/advocate/", assign, name="assign"),
    path("counts/", counts, name="counts"),
]
