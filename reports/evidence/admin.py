"""The evidence page: a number in place of a name, and where the kit is."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from reports.election import selectors as election
from reports.election.models import Case
from reports.evidence import selectors, services
from reports.evidence.desk_forms import KitForm
from reports.evidence.models import KitState
from sapr import clock
from sapr.desk.forms import DeskForm
from sapr.desk.pages import page, perform, render, sent, status_of


@page("case_work")
def evidence(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Issue a number, show one again, seal a kit, hand it to MCIO. `do` names which of them a POST means."""
    case = election.case_get(viewer=request.user, case_id=case_id, verb="case_work")
    now = clock.now()
    do = request.POST.get("do", "")
    zone, data = case.installation.zone, sent(request)
    issue = DeskForm(data if do in {"issue", "show"} else None, auto_id="id_issue_%s")
    seal = KitForm(data if do == "seal" else None, now=now, zone=zone, what="seal")
    hand = KitForm(data if do == "hand" else None, now=now, zone=zone, what="hand")
    actions: dict[str, tuple[DeskForm, Callable[[], HttpResponse]]] = {
        "issue": (issue, lambda: _issued(request, case, now)),
        "show": (issue, lambda: _shown(request, case, now)),
        "seal": (seal, lambda: _moved(request, case, seal, services.kit_seal, "The kit is sealed.")),
        "hand": (hand, lambda: _moved(request, case, hand, services.kit_hand_to_mcio, "MCIO has the kit.")),
    }
    if do in actions:
        form, action = actions[do]
        done = perform(request, form, action, again=reverse("admin:evidence", args=[case_id]))
        if done is not None:
            return done
    elif request.method == "POST":
        messages.error(request, "Choose one of the steps on this page.")
    status = max(status_of(form) for form in (issue, seal, hand))
    context = _context(request, case, now) | {"issue": issue, "seal": seal, "hand": hand}
    return render(request, "desk/evidence.html", "Evidence", context, status=status)


def _context(request: HttpRequest, case: Case, now: datetime) -> dict[str, object]:
    kits = list(selectors.case_kits(viewer=request.user, case=case))
    return {
        "case": case,
        "now": now,
        "report": getattr(case, "report", None),
        "kits": kits,
        "numbered": any(each.state != KitState.DESTROYED for each in kits),
    }


def _issued(request: HttpRequest, case: Case, now: datetime) -> HttpResponse:
    _, number = services.kit_number_issue(actor=request.user, case_id=case.pk, at=now)
    context = {"case": case, "number": number, "fresh": True}
    return render(request, "desk/evidence_number.html", "Evidence number", context)


def _shown(request: HttpRequest, case: Case, now: datetime) -> HttpResponse:
    try:
        kit_id = UUID(request.POST.get("kit", ""))
    except ValueError:
        return redirect("admin:evidence", case_id=case.pk)
    number = selectors.kit_number(viewer=request.user, case=case, kit_id=kit_id, at=now)
    context = {"case": case, "number": number, "fresh": False}
    return render(request, "desk/evidence_number.html", "Evidence number", context)


def _moved(
    request: HttpRequest, case: Case, form: KitForm, move: Callable[..., object], said: str
) -> HttpResponse:
    given = form.cleaned_data
    move(actor=request.user, case_id=case.pk, number=given["number"], at=given["at"] or clock.now())
    messages.success(request, said)
    return redirect("admin:evidence", case_id=case.pk)


urls = [path("cases/<uuid:case_id>/evidence/", evidence, name="evidence")]
