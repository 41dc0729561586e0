"""Pages of contact and eligibility: who came, what the rules answer, and leaving without signing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from accounts import selectors as staff
from reports import access, policy
from reports.adoption.selectors import basis_for
from reports.election import contacts, selectors, services
from reports.election.desk_forms import ContactForm, SealedForm
from reports.election.doors import door, doors
from reports.election.drafts.models import Step
from reports.election.drafts.pages import Drafting
from reports.election.drafts.selectors import contacts_begun
from reports.election.fact_forms import NOBODY, FactsForm, asked_facts
from reports.election.forms import local_date
from reports.election.signing import sign
from reports.election.steps import steps
from sapr import clock
from sapr.desk.forms import ConfirmForm
from sapr.desk.pages import page, perform, render, sent, status_of


@page("open_contact")
def contact_new(request: HttpRequest) -> HttpResponse:
    """A first contact. All of it may stay empty; what is filled in is sealed at once."""
    now = clock.now()
    installations = staff.installations_of(request.user, now, access.VERBS["open_contact"])
    first = {"installation": installations[0]} if installations else {}
    form = ContactForm(sent(request), installations=installations, initial=first)
    draft = Drafting(request, Step.CONTACT)
    draft.fill(form)

    def create() -> HttpResponse:
        case = contacts.contact_open(
            actor=request.user,
            at=now,
            installation=form.cleaned_data["installation"],
            identity=form.identity(),
            narrative=form.narrative(),
            source=form.cleaned_data["source"],
        )
        draft.done()
        messages.success(request, f"Contact {case.number} is open. Nobody has been told.")
        for duty in door(form.cleaned_data["source"], at=now, zone=case.installation.zone).duties:
            if not duty.election:
                messages.info(request, f"{duty.sentence} ({duty.rule})")
        return redirect("admin:questions", case_id=case.pk)

    if request.method == "POST":
        done = perform(request, form, create, again=reverse("admin:index"))
        if done is not None:
            return done
    zone = installations[0].zone if installations else "UTC"
    context = {
        "form": form,
        "doors": doors(at=now, zone=zone),
        "draft": draft,
        "begun": [] if draft.row or form.is_bound else contacts_begun(viewer=request.user),
        "intake": steps("contact_edit", viewer=request.user),
        "zone": zone,
    }
    form.focus_on("source")
    return render(request, "desk/contact.html", "New contact", context, status=status_of(form))


@page("case_work")
def contact_edit(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Add to the sealed contents. What stands there is not shown; an empty field leaves it as it is."""
    case = selectors.case_get(viewer=request.user, case_id=case_id, verb="case_work")
    form = SealedForm(sent(request), installations=[case.installation], initial={"place": None})
    draft = Drafting(request, Step.DETAILS, case)
    draft.fill(form)

    def complete() -> HttpResponse:
        contacts.contact_complete(
            actor=request.user,
            case_id=case_id,
            at=clock.now(),
            identity=form.identity(),
            narrative=form.narrative(),
        )
        draft.done()
        messages.success(request, "The sealed part is completed.")
        return redirect("admin:case", case_id=case_id)

    if request.method == "POST":
        done = perform(request, form, complete, again=reverse("admin:case", args=[case_id]))
        if done is not None:
            return done
    context = {
        "form": form,
        "case": case,
        "draft": draft,
        "intake": steps("contact_edit", viewer=request.user, case=case),
        "zone": case.installation.zone,
    }
    form.focus_on("name")
    return render(request, "desk/contact.html", "Sealed details", context, status=status_of(form))


@page("case_work")
def walk_away(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The person leaves without signing; the POST closes the contact for good."""
    case = selectors.case_get(viewer=request.user, case_id=case_id, verb="case_work")
    form = ConfirmForm(sent(request))

    def leave() -> HttpResponse:
        contacts.contact_walk_away(actor=request.user, case_id=case_id, at=clock.now())
        messages.success(request, "The contact is closed. No report exists and nobody is told.")
        return redirect("admin:case", case_id=case_id)

    if request.method == "POST":
        done = perform(request, form, leave, again=reverse("admin:case", args=[case_id]))
        if done is not None:
            return done
    context = {
        "form": form,
        "case": case,
        "final": "walk_away",
        "button": "Close the contact",
        "intro": "The person leaves without signing. No report exists and nobody may be told (BL-11). This contact "
        "cannot be opened again; if the person comes back, a new contact is opened.",
        "back": reverse("admin:case", args=[case_id]),
        "back_label": case.number,
    }
    return render(request, "desk/form.html", "Leaving without signing", context, status=status_of(form))


@page("case_work")
def questions(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Ask what the rules need. Each question may be skipped; the rules then say what is missing."""
    case = selectors.case_get(viewer=request.user, case_id=case_id, verb="case_work")
    if "load" in request.POST:
        decided = selectors.decision_latest(viewer=request.user, case=case, at=clock.now())
        form = FactsForm(initial=_as_initial(decided["facts"]) if decided else {})
    else:
        form = FactsForm(sent(request))
    draft = Drafting(request, Step.QUESTIONS, case)
    draft.fill(form)

    def decide() -> HttpResponse:
        services.options_decide(actor=request.user, case_id=case_id, facts=form.facts(), at=clock.now())
        draft.done()
        return redirect("admin:options", case_id=case_id)

    if form.is_bound:
        done = perform(request, form, decide, again=reverse("admin:options", args=[case_id]))
        if done is not None:
            return done
    context = {
        "case": case,
        "form": form,
        "decided": selectors.has_decision(viewer=request.user, case=case),
        "draft": draft,
        "intake": steps("questions", viewer=request.user, case=case),
        "zone": case.installation.zone,
    }
    form.focus_on("statuses")
    return render(request, "desk/questions.html", "Questions", context, status=status_of(form))


def _as_initial(facts: dict[str, Any]) -> dict[str, Any]:
    words = {True: "yes", False: "no"}
    return {
        name: words[value] if isinstance(value, bool) else [NOBODY] if value == [] else value
        for name, value in facts.items()
    }


@page("case_view")
def options(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The rules' answer side by side, with reasons and citations. Opening it is recorded: it holds the facts."""
    case = selectors.case_get(viewer=request.user, case_id=case_id, verb="case_work")
    decided = selectors.decision_latest(viewer=request.user, case=case, at=clock.now())
    if decided is None:
        messages.info(request, "The questions come first; then the rules answer.")
        return redirect("admin:questions", case_id=case_id)
    answer, signed = decided["decision"], getattr(case, "report", None) is not None
    for each in (*answer["missing"], *answer["would_change"]):
        each["asked"] = _fact_label(each["fact"])
    context = {
        "case": case,
        "facts": [(name, _fact_label(name), value) for name, value in decided["facts"].items()],
        "answer": answer,
        "decided_at": decided["decided_at"],
        "options": [_option(name, answer) for name in answer["options"]],
        "later": [each | _rule_words(each) for each in answer["overridden_by"]],
        "signed": signed,
        "outdated": not signed and _settings_changed(case, decided),
        "intake": steps("options", viewer=request.user, case=case),
    }
    return render(request, "desk/options.html", "Options", context)


def _settings_changed(case, decided: dict[str, Any]) -> bool:
    """Whether the policy settings that would decide now are others than those that decided then."""
    now, answer = clock.now(), decided["decision"]
    found = basis_for(decided["facts"], on=local_date(case, now), at=now)
    return (found.profile, found.adopted) != (decided["profile"], frozenset(answer.get("adopted", ())))


def _fact_label(name: str) -> str:
    """The policy's own words for a fact."""
    spec = asked_facts().get(name)
    return spec.label[:1].upper() + spec.label[1:] if spec else name.replace("_", " ").capitalize()


def _option(name: str, answer: dict[str, Any]) -> dict[str, Any]:
    outcome = answer["options"][name]
    cited = [each for each in answer["citations"] if each["rule"] in outcome["rules"]]
    return outcome | {
        "name": name,
        "considerations": policy.considerations(name),
        "cited": [each | _rule_words(each) for each in cited],
    }


def _rule_words(cited: dict[str, Any]) -> dict[str, str]:
    found = [r for r in policy.rules() if r.id == cited["rule"] and r.rule_set == cited["rule_set"]]
    return {"sentence": found[-1].sentence, "law": found[-1].authority} if found else {}


urls = [
    path("contacts/new/", contact_new, name="contact_new"),
    path("cases/<uuid:case_id>/contact/", contact_edit, name="contact_edit"),
    path("cases/<uuid:case_id>/walk-away/", walk_away, name="walk_away"),
    path("cases/<uuid:case_id>/questions/", questions, name="questions"),
    path("cases/<uuid:case_id>/options/", options, name="options"),
    path("cases/<uuid:case_id>/sign/", sign, name="sign"),
]
