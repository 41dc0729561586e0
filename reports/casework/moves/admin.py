"""Pages: the victim moves, and an offer to answer."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from reports import access
from reports.casework.moves import selectors, services
from reports.casework.moves.forms import (
    AnswerForm,
    ConsentForm,
    OfferForm,
    RelocateForm,
)
from reports.casework.moves.models import MoveState
from reports.casework.moves.steps import id_of, steps
from reports.election import selectors as election
from sapr import clock
from sapr.desk import undo
from sapr.desk.forms import DeskForm
from sapr.desk.pages import page, perform, render, sent, status_of

HOME = "admin:handovers"
SAID = {
    "": "Nobody has recorded that the victim moves.",
    "victim_relocated": "The victim moves. Ask at once whether the file may follow.",
    "move_consent_given": "The victim agreed that the file follows.",
    "move_consent_refused": "The victim refused. The case stays here and nobody elsewhere is given anything.",
    "documents_moved": "The file came here with the victim's consent.",
}


@page("relocate_case")
def relocate(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The victim moves: say so, ask, offer the case to a SARC there, take the offer back."""
    viewer, now = request.user, clock.now()
    case = election.case_get(viewer=viewer, case_id=case_id, verb="relocate_case")
    here, do, data = reverse("admin:relocate", args=[case_id]), request.POST.get("do", ""), sent(request)
    people = selectors.gaining(at=now, case=case)
    moves = RelocateForm(data if do == "moves" else None, auto_id="id_moves_%s")
    consent = ConsentForm(data if do == "consent" else None, auto_id="id_consent_%s")
    offer = OfferForm(data if do == "offer" else None, people=people, auto_id="id_offer_%s")
    back = DeskForm(data if do == "withdraw" else None, auto_id="id_back_%s")
    asked = {"actor": viewer, "case_id": case_id, "at": now}

    def moves_it() -> None:
        services.victim_relocate(reason=moves.cleaned_data["reason"], **asked)

    def consent_it() -> None:
        services.move_consent_record(consents=consent.cleaned_data["answer"] == "yes", **asked)

    def offer_it() -> None:
        place, person = offer.cleaned_data["to"].split()
        to = next(user for where, user in people if (str(where.pk), str(user.pk)) == (place, person))
        row = services.move_offer(to=to, installation_id=UUID(place), **asked)
        undo.offer(request, here, do="withdraw", id=row.pk)

    def withdraw_it() -> None:
        services.move_withdraw(move_id=id_of(request.POST.get("id", "")), **asked)

    actions = {
        "moves": (moves, moves_it, "Recorded. Ask now whether the file may follow."),
        "consent": (consent, consent_it, "The victim's answer is recorded."),
        "offer": (offer, offer_it, "It is offered. The case stays yours until it is accepted."),
        "withdraw": (back, withdraw_it, "The offer is withdrawn. Nothing was handed over."),
    }
    done = steps(request, here, actions)
    if done is not None:
        return done
    said = selectors.consent_stands(viewer=viewer, case=case)
    context = {
        "case": case,
        "zone": case.installation.zone,
        "said": SAID[said],
        "signed": getattr(case, "report", None) is not None,
        # A form that was refused is shown with the reason, whatever the state.
        "may_ask": consent.is_bound or said not in ("", "documents_moved"),
        "may_offer": offer.is_bound or said == "move_consent_given",
        "offers": selectors.moves_of(viewer=viewer, case=case),
        "moves": moves,
        "consent": consent,
        "offer": offer,
        "form": back,
    }
    status = max(status_of(form) for form in (moves, consent, offer, back))
    return render(request, "desk/relocate.html", "The victim moves", context, status=status)


@page("move_answer")
def move(request: HttpRequest, move_id: UUID) -> HttpResponse:
    """An offer made to the viewer: from where, which kind of report; accept or reject. Nothing of the case is shown."""
    viewer, now = request.user, clock.now()
    row = selectors.offer_get(viewer=viewer, move_id=move_id)
    access.require_on(viewer, row, "move_answer")
    form = AnswerForm(sent(request))

    def answer() -> HttpResponse:
        if form.cleaned_data["answer"] == "accept":
            acts = form.cleaned_data["acts_as_va"]
            moved = services.move_accept(actor=viewer, move_id=row.pk, acts_as_va=acts, at=now)
            messages.success(request, "The case is yours now. See what is due in it.")
            return redirect("admin:case", case_id=moved.case_id)
        services.move_reject(actor=viewer, move_id=row.pk, at=now)
        messages.success(request, "You rejected it. The other SARC keeps the case.")
        return redirect(HOME)

    if request.method == "POST":
        done = perform(request, form, answer, again=reverse(HOME))
        if done is not None:
            return done
    context = {
        "row": row,
        "form": form,
        "zone": row.to_installation.zone,
        "waits": row.state == MoveState.OFFERED,
    }
    return render(request, "desk/move.html", "A case is offered", context, status=status_of(form))


urls = [
    path("cases/<uuid:case_id>/relocate/", relocate, name="relocate"),
    path("moves/<uuid:move_id>/", move, name="move"),
]
