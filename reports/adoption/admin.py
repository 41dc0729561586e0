"""The policy settings: what is in force and since when; proposing a change, and deciding it as the second person."""

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from accounts.selectors import is_second_person, programme_managers
from reports import access
from reports.adoption import meaning, selectors, services
from reports.adoption.checks import change_check
from reports.adoption.forms import AdoptionForm, DecisionForm, ProfileForm, ProposalForm
from reports.adoption.models import ChangeState
from reports.adoption.preview import meant, proposal_of
from sapr import clock
from sapr.desk.demo import zone_of
from sapr.desk.forms import ConfirmForm, DeskForm
from sapr.desk.pages import page, perform, render, sent, status_of
from sapr.errors import DomainError

HOME = "admin:policy"


@page("see_policy")
def settings(request: HttpRequest) -> HttpResponse:
    """What cases are decided under now. Programme managers also see what waits and what was decided."""
    now, viewer = clock.now(), request.user
    profile, change = selectors.profile_in_force(now)
    context: dict[str, Any] = {
        "zone": zone_of(viewer),
        "profile": profile,
        "layers": meaning.layers(profile),
        "change": change,
        "adoptions": selectors.adoptions(now),
        "idle": not meaning.gives_way(profile),
        "today": _today(viewer, now),
        "may_change": access.may(viewer, services.VERB, now),
    }
    if context["may_change"]:
        context |= {"waiting": selectors.waiting(), "decided": selectors.decided()}
    return render(request, "desk/policy.html", "Policy settings", context)


@page(services.VERB)
def profile_propose(request: HttpRequest) -> HttpResponse:
    """Propose another profile; with only one other, what it means is shown at once."""
    in_force, _ = selectors.profile_in_force(clock.now())
    form = ProfileForm(_given(request), in_force=in_force)
    others = form.fields["profile"].choices
    if not form.is_bound and len(others) == 1:
        form = ProfileForm({"profile": others[0][0]}, in_force=in_force)
    return _propose(request, form, "Propose another profile")


@page(services.VERB)
def adoption_propose(request: HttpRequest) -> HttpResponse:
    """Propose that a Service adopts a later rule set from a day on."""
    return _propose(request, AdoptionForm(_given(request)), "Propose an adoption")


def _given(request: HttpRequest):
    """What was sent; a choice to look at comes in the address, since it writes nothing and names nobody."""
    return sent(request) if request.method == "POST" else request.GET or None


def _propose(request: HttpRequest, form: ProposalForm, title: str) -> HttpResponse:
    now = clock.now()
    if request.method == "POST":
        form.fields["confirm"].required = True
        done = perform(request, form, lambda: _proposed(request, form, now), again=reverse(HOME))
        if done is not None:
            return done
    elif form.is_bound and form.is_valid():
        try:
            change_check(at=now, **form.proposal())
        except DomainError as refusal:
            form.refuse(refusal)
    # The choice stands, whether or not the box is ticked yet.
    shown = form.is_bound and not set(form.errors) - {"confirm"}
    context = {
        "form": form,
        "meant": meant(now, _today(request.user, now), **form.proposal()) if shown else None,
        "kept": [(field.name, field.value()) for field in form.chosen()] if shown else [],
    }
    return render(request, "desk/policy_propose.html", title, context, status=status_of(form))


def _proposed(request: HttpRequest, form: ProposalForm, now: datetime) -> HttpResponse:
    services.change_propose(actor=request.user, at=now, **form.proposal())
    messages.success(request, "It is proposed. Nothing changes until another programme manager approves it.")
    return redirect(HOME)


@page(services.VERB)
def change(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """One change. The second person approves or refuses it here; its proposer can take it back."""
    found, now = selectors.change_get(change_id), clock.now()
    own = found.proposed_by_id == request.user.pk
    form = (ConfirmForm if own else DecisionForm)(sent(request))
    if request.method == "POST":
        done = perform(request, form, lambda: _decided(request, form, change_id, now), again=reverse(HOME))
        if done is not None:
            return done
        found = selectors.change_get(change_id)
    waits = found.state == ChangeState.PROPOSED
    context = {
        "zone": zone_of(request.user),
        "change": found,
        "form": form,
        "own": own,
        "waits": waits,
        "meant": meant(now, _today(request.user, now), **proposal_of(found)) if waits else None,
        "second": waits and is_second_person(found, request.user),
        "alone": waits and not any(is_second_person(found, each) for each in programme_managers(now)),
    }
    return render(request, "desk/policy_change.html", "Policy change", context, status=status_of(form))


def _decided(request: HttpRequest, form: DeskForm, change_id: UUID, now: datetime) -> HttpResponse:
    # The proposer's form has no decision; one that is sent all the same is the service's to refuse.
    decide, words = {
        "approve": (services.change_approve, "It is approved. From this moment on it counts."),
        "refuse": (services.change_refuse, "It is refused. Nothing has changed."),
    }.get(
        form.cleaned_data.get("decision") or request.POST.get("decision", ""),
        (services.change_withdraw, "It is withdrawn. Nothing has changed."),
    )
    decide(actor=request.user, change_id=change_id, at=now)
    messages.success(request, words)
    return redirect(HOME)


def _today(viewer, now: datetime) -> date:
    return now.astimezone(ZoneInfo(zone_of(viewer))).date()


urls = [
    path("policy/", settings, name="policy"),
    path("policy/profile/", profile_propose, name="policy_profile"),
    path("policy/adoption/", adoption_propose, name="policy_adoption"),
    path("policy/changes/<uuid:change_id>/", change, name="policy_change"),
]
