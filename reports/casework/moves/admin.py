"""Pages: the victim moves, an offer to answer, somebody follows on a case, and the hand-over list."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from accounts import selectors as staff
from accounts.models import Role
from reports import access, policy
from reports.casework.models import CaseRole
from reports.casework.moves import leaving, selectors, services
from reports.casework.moves.forms import (
    AnswerForm,
    ChangeForm,
    ConsentForm,
    OfferForm,
    OriginalsForm,
    RelocateForm,
)
from reports.casework.moves.models import MoveState
from reports.election import selectors as election
from sapr import clock
from sapr.desk.demo import zone_of
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


def _steps(request: HttpRequest, here: str, actions) -> HttpResponse | None:
    """Run the step that a POST names; None when the page is to be drawn."""
    do = request.POST.get("do", "")
    if do not in actions:
        if request.method == "POST":
            messages.error(request, "Choose one of the steps on this page.")
        return None
    form, action, said = actions[do]

    def run() -> HttpResponse:
        target = action()
        messages.success(request, said)
        return redirect(target or here)

    return perform(request, form, run, again=here)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


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
        services.move_offer(to=to, installation_id=UUID(place), **asked)

    def withdraw_it() -> None:
        services.move_withdraw(move_id=_id(request.POST.get("id", "")), **asked)

    actions = {
        "moves": (moves, moves_it, "Recorded. Ask now whether the file may follow."),
        "consent": (consent, consent_it, "The victim's answer is recorded."),
        "offer": (offer, offer_it, "It is offered. The case stays yours until it is accepted."),
        "withdraw": (back, withdraw_it, "The offer is withdrawn. Nothing was handed over."),
    }
    done = _steps(request, here, actions)
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
            services.move_accept(actor=viewer, move_id=row.pk, at=now)
            messages.success(request, "The case is yours now. Assign a SAPR VA and see what is due.")
            return redirect("admin:case", case_id=row.case_id)
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


@page("hand_over")
def hand_over(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Somebody follows the SARC or a SAPR VA of the case; and what concerns the victim is handed over."""
    viewer, now = request.user, clock.now()
    case = election.case_get(viewer=viewer, case_id=case_id, verb="hand_over")
    here, do, data = reverse("admin:hand_over", args=[case_id]), request.POST.get("do", ""), sent(request)
    on_case = list(selectors.on_case(viewer=viewer, case=case))
    roles = {CaseRole.SARC: Role.SARC, CaseRole.VA: Role.VA}
    people = [
        (own, user)
        for own, role in roles.items()
        for user in staff.holders_under(case.installation, role, now)
    ]
    change = ChangeForm(
        data if do == "change" else None, on_case=on_case, people=people, auto_id="id_change_%s"
    )
    handed = DeskForm(data if do == "handed" else None, auto_id="id_handed_%s")

    def change_it() -> str | None:
        given = change.cleaned_data
        role, gone = given["leaves"].split()
        next_role, came = given["follows"].split()
        follows = {(own, str(user.pk)): user for own, user in people}[next_role, came]
        leaves = next(row.user for row in on_case if (row.role, str(row.user_id)) == (role, gone))
        leaving.advocate_change(
            actor=viewer,
            case_id=case_id,
            role=role,
            leaves=leaves,
            follows=follows,
            originals=given["originals"],
            at=now,
        )
        # Who handed over their own case sees it no more.
        return reverse(HOME) if leaves.pk == viewer.pk else None

    def handed_it() -> None:
        leaving.victim_hand_over(actor=viewer, case_id=case_id, at=now)

    actions = {
        "change": (
            change,
            change_it,
            "The case has passed on. A second person confirms where the originals lie.",
        ),
        "handed": (
            handed,
            handed_it,
            "Recorded: what concerns the victim is with whoever is on the case now.",
        ),
    }
    done = _steps(request, here, actions)
    if done is not None:
        return done
    changes = list(selectors.handovers_of(viewer=viewer, case=case))
    context = {
        "case": case,
        "zone": case.installation.zone,
        "changes": changes,
        "change": change,
        "form": handed,
    }
    status = max(status_of(change), status_of(handed))
    return render(request, "desk/hand_over.html", "Handing over", context, status=status)


@page("see_handovers")
def handovers(request: HttpRequest) -> HttpResponse:
    """Who leaves soon and holds open cases, cases without a SARC, offers and originals that wait. Numbers only."""
    viewer, now = request.user, clock.now()
    here, do = reverse(HOME), request.POST.get("do", "")
    take = DeskForm(sent(request) if do == "take" else None)

    def take_it() -> str:
        taken = leaving.case_take_over(actor=viewer, installation_id=_id(request.POST.get("id", "")), at=now)
        return reverse("admin:case", args=[taken])

    done = _steps(request, here, {"take": (take, take_it, "The case is yours now. See what is due in it.")})
    if done is not None:
        return done
    context = {
        "days": policy.access_rules(now.date()).limits["handover_days"],
        "leaving": selectors.leaving(viewer=viewer, at=now),
        "without": selectors.without_sarc(viewer=viewer),
        "may_take": access.may(viewer, "take_over", now),
        "offers": selectors.offers(viewer=viewer),
        "to_confirm": selectors.to_confirm(viewer=viewer)[:200],
        "form": take,
        "zone": zone_of(viewer),
    }
    return render(request, "desk/handovers.html", "Hand-over", context, status=status_of(take))


@page("confirm_originals")
def handover(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """The second person confirms where the originals of a case lie; they see its number and nothing else of it."""
    row, now = selectors.handover_get(viewer=request.user, handover_id=handover_id), clock.now()
    access.require_on(request.user, row, "confirm_originals")
    form = OriginalsForm(sent(request))

    def confirm() -> HttpResponse:
        originals = form.cleaned_data["originals"]
        leaving.originals_confirm(actor=request.user, handover_id=row.pk, originals=originals, at=now)
        messages.success(request, "Confirmed. The case can be recorded as handed over.")
        return redirect(HOME)

    if request.method == "POST":
        done = perform(request, form, confirm, again=reverse(HOME))
        if done is not None:
            return done
    intro = (
        f"{row.leaves.display_name} left case {row.number} at {row.installation.name}; {row.follows.display_name} "
        "follows. Look for the originals yourself, then say where they lie (MV-06)."
    )
    if row.confirmed_at is not None:
        intro = "Where the originals of this case lie is confirmed already."
    context = {
        "form": form,
        "button": "Confirm",
        "intro": intro,
        "back": reverse(HOME),
        "back_label": "Hand-over",
    }
    return render(request, "desk/form.html", "Originals", context, status=status_of(form))


urls = [
    path("cases/<uuid:case_id>/relocate/", relocate, name="relocate"),
    path("cases/<uuid:case_id>/hand-over/", hand_over, name="hand_over"),
    path("moves/<uuid:move_id>/", move, name="move"),
    path("handovers/", handovers, name="handovers"),
    path("handovers/<uuid:handover_id>/", handover, name="handover"),
]
