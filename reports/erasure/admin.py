"""Pages: keeping a case (holds, proposing that its keys be destroyed), and deciding on what was proposed."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from accounts.selectors import is_second_person
from reports.election import selectors as election
from reports.erasure import selectors, services
from reports.erasure.models import STANDING, ErasureState, HoldReason
from sapr import clock
from sapr.desk import undo
from sapr.desk.demo import zone_of
from sapr.desk.forms import ConfirmForm, DeskForm
from sapr.desk.pages import page, perform, render, sent, status_of


class HoldForm(DeskForm):
    """Why nothing of the case may be destroyed."""

    reason = forms.ChoiceField(label="Reason", choices=[("", "Choose …"), *HoldReason.choices])


class ProposeForm(DeskForm):
    """What the person who proposes it answers for."""

    nothing_open = forms.BooleanField(
        label="No legal proceeding, appeal or CATCH entry is open in this case.",
        error_messages={"required": "Nothing may be destroyed while one of them is open."},
    )
    for_ever = forms.BooleanField(
        label="I know that nobody can ever open the sealed part again.",
        error_messages={"required": "Tick the box to say that you have read this."},
    )


class DecideForm(ConfirmForm):
    """The second person's answer."""

    decision = forms.ChoiceField(
        label="Decision", choices=[("approve", "Approve"), ("refuse", "Refuse")], widget=forms.RadioSelect
    )


@page("hold_case")
def keeping(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Holds of the case, and what was proposed. `do` names the step that a POST means."""
    case = election.case_get(viewer=request.user, case_id=case_id, verb="hold_case")
    now = clock.now()
    here, do, data = reverse("admin:keeping", args=[case_id]), request.POST.get("do", ""), sent(request)
    place = HoldForm(data if do == "place" else None, auto_id="id_place_%s")
    propose = ProposeForm(data if do == "propose" else None, auto_id="id_propose_%s")
    back = DeskForm(data if do in ("lift", "withdraw") else None, auto_id="id_back_%s")

    def place_it() -> None:
        given = {"case_id": case_id, "reason": place.cleaned_data["reason"]}
        undo.offer(request, here, do="lift", id=services.hold_place(actor=request.user, at=now, **given).pk)

    def propose_it() -> None:
        row = services.erasure_propose(actor=request.user, case_id=case_id, at=now)
        undo.offer(request, here, do="withdraw", id=row.pk)

    def lift_it() -> None:
        services.hold_lift(actor=request.user, case_id=case_id, hold_id=_id(request), at=now)

    def withdraw_it() -> None:
        services.erasure_withdraw(actor=request.user, case_id=case_id, erasure_id=_id(request), at=now)

    actions: dict[str, tuple[DeskForm, Callable[[], None], str]] = {
        "place": (place, place_it, "The hold is open. Nothing of this case can be destroyed."),
        "lift": (back, lift_it, "The hold is lifted."),
        "propose": (propose, propose_it, "It waits for a programme manager. Nothing is destroyed yet."),
        "withdraw": (back, withdraw_it, "It is withdrawn. Nothing was destroyed."),
    }
    if do in actions:
        form, action, said = actions[do]

        def run() -> HttpResponse:
            action()
            messages.success(request, said)
            return redirect(here)

        done = perform(request, form, run, again=here)
        if done is not None:
            return done
    elif request.method == "POST":
        messages.error(request, "Choose one of the steps on this page.")
    rows = list(selectors.case_erasures(viewer=request.user, case=case))
    context = {
        "case": case,
        "holds": selectors.case_holds(viewer=request.user, case=case),
        "erasures": rows,
        "kept": selectors.kept_because(viewer=request.user, case=case, at=now),
        "may_propose": not any(row.state in STANDING for row in rows),
        "place": place,
        "propose": propose,
        "form": back,
    }
    status = max(status_of(form) for form in (place, propose, back))
    return render(request, "desk/keeping.html", "Keeping", context, status=status)


def _id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError:
        return UUID(int=0)


@page("decide_erasure")
def erasures(request: HttpRequest) -> HttpResponse:
    """Every proposal with what became of it; nothing of the cases but their numbers."""
    rows = selectors.erasures(viewer=request.user)[:200]
    context = {"erasures": rows, "zone": zone_of(request.user)}
    return render(request, "desk/erasures.html", "Erasures", context)


@page("decide_erasure")
def erasure(request: HttpRequest, erasure_id: UUID) -> HttpResponse:
    """One proposal: what keeps it from being done, and the second person's answer."""
    row, now = selectors.erasure_get(viewer=request.user, erasure_id=erasure_id), clock.now()
    form = DecideForm(sent(request))

    def decide() -> HttpResponse:
        step, said = {
            "approve": (services.erasure_approve, "Approved. Whoever runs the system destroys the keys now."),
            "refuse": (services.erasure_refuse, "Refused. Nothing is destroyed."),
        }[form.cleaned_data["decision"]]
        step(actor=request.user, erasure_id=erasure_id, at=now)
        messages.success(request, said)
        return redirect("admin:erasures")

    if request.method == "POST":
        done = perform(request, form, decide, again=reverse("admin:erasures"))
        if done is not None:
            return done
    context = {
        "erasure": row,
        "form": form,
        "zone": zone_of(request.user),
        "on_hold": selectors.is_on_hold(row.case_id),
        "waits": row.state == ErasureState.PROPOSED,
        "second": is_second_person(row, request.user),
    }
    return render(request, "desk/erasure.html", "Erasure", context, status=status_of(form))


urls = [
    path("cases/<uuid:case_id>/keeping/", keeping, name="keeping"),
    path("erasures/", erasures, name="erasures"),
    path("erasures/<uuid:erasure_id>/", erasure, name="erasure"),
]
