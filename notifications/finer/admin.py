"""Pages: proposing that a notice say more than its rung, withdrawing it, and the second person's decision."""

from typing import NamedTuple
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from notifications.finer import scoring, selectors, services
from notifications.finer.desk_forms import DecideForm, ProposeForm, StepsForm
from notifications.finer.models import STANDING, FinerState, FinerWording
from notifications.models import NoticeKind, NoticeState
from notifications.selectors import notice_for
from notifications.strength.labels import reader_label
from sapr import clock
from sapr.desk import undo
from sapr.desk.demo import zone_of
from sapr.desk.forms import DeskForm
from sapr.desk.pages import page, perform, render, sent, status_of
from sapr.errors import DomainError

SHOWN = 100
WHOM = {"victim": "The victim", "offender": "The alleged offender", "pair": "Both together"}


class Score(NamedTuple):
    """How many people could be meant, before and after, in the eyes of the reader for whom they are fewest."""

    whom: str
    before: str
    after: str
    reader: str


def scores(before: dict, after: dict) -> list[Score]:
    """One line for the victim, the alleged offender, and both together."""
    found = []
    for whom, label in WHOM.items():
        was, now = (
            {name: float(k) for name, k in each.items() if name.startswith(f"{whom}:")}
            for each in (before, after)
        )
        if was and now:
            reader = min(now, key=now.__getitem__)
            thinks = reader_label(reader).partition(": ")[2]
            found.append(
                Score(label, f"{min(was.values()):,.0f}", f"{now[reader]:,.0f}", thinks)
            )  # fmt: skip
    return found


@page("propose_finer")
def notice_finer(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """What was proposed for a notice, and the steps; a POST shows the exact words and numbers, another proposes."""
    row, now = notice_for(request.user, notice_id, "propose_finer"), clock.now()
    waits = row.kind == NoticeKind.RESTRICTED and row.state == NoticeState.COMPOSED and row.last_slot > now
    waits = waits and row.unit_rung is not None
    here, do = reverse("admin:notice_finer", args=[notice_id]), request.POST.get("do", "")
    ways = {"zone": row.case.installation.zone, "exceptions": []}
    steps = {"steps": scoring.steps(row) if waits else {}, "auto_id": "id_show_%s"}
    first = StepsForm(sent(request) if do == "show" else None, **steps)
    back = DeskForm(sent(request) if do == "withdraw" else None, auto_id="id_back_%s")
    form, found = ProposeForm(**ways), None
    if do == "propose" or (do == "show" and first.is_valid()):
        key = request.POST.get("rung", "") if do == "propose" else scoring.asked_for(row, first.cleaned_data)
        try:
            with transaction.atomic():
                found = services.finer_prepare(actor=request.user, notice_id=notice_id, rung=key, at=now)
        except DomainError as refusal:
            first = StepsForm({}, **steps)
            first.refuse(refusal)
        else:
            covering = scoring.covering(row.case, found.rung, row, at=now)
            ways["exceptions"] = [(str(each.pk), each.get_exception_display()) for each in covering]
            given = {"rung": found.rung, "bytes_seen": found.sha256}
            form = ProposeForm(sent(request) if do == "propose" else None, initial=given, **ways)

    def propose() -> HttpResponse:
        told = {name: form.cleaned_data[name] for name in (
            "rung", "bytes_seen", "reason", "ground", "victim_signature", "victim_signed_at", "until",
        )}  # fmt: skip
        chosen = form.cleaned_data["disclosure_id"]
        told["disclosure_id"] = UUID(chosen) if chosen else None
        made = services.finer_propose(actor=request.user, notice_id=notice_id, at=now, **told)
        undo.offer(request, here, do="withdraw", id=made.pk)
        messages.success(
            request,
            "It waits for a programme manager. Until then nothing changes: without a release MINIMAL goes.",
        )
        return redirect(here)

    def withdraw() -> HttpResponse:
        services.finer_withdraw(actor=request.user, finer_id=_id(request), at=now)
        messages.success(
            request, "Withdrawn. These words do not go out; if they were released, MINIMAL goes."
        )
        return redirect(here)

    if do == "withdraw" or (do == "propose" and found is not None):
        chosen_form, action = (back, withdraw) if do == "withdraw" else (form, propose)
        done = perform(request, chosen_form, action, again=here)
        if done is not None:
            return done
    elif request.method == "POST" and do not in ("show", "propose"):
        messages.error(request, "Choose one of the steps on this page.")
    rows = list(selectors.of_notice(viewer=request.user, notice=row))
    context = {
        "notice": row,
        "case": row.case,
        "zone": row.case.installation.zone,
        "rows": [(each, each.state in STANDING and row.state != NoticeState.PLACED) for each in rows],
        "waits": waits and not any(each.state in STANDING for each in rows),
        "first": first,
        "form": form,
        "back": back,
        "found": found,
        "scores": scores(found.before, found.after) if found else [],
        "rule": scoring.RULE,
    }
    status = max(status_of(each) for each in (first, form, back))
    return render(request, "desk/notice_finer.html", "Say more in this notice", context, status=status)


def _id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError:
        return UUID(int=0)


@page("decide_finer")
def finer_list(request: HttpRequest) -> HttpResponse:
    """What waits for the second person, and what they decided; nothing of the cases."""
    rows: list[FinerWording] = list(selectors.decidable(viewer=request.user)[:SHOWN])
    context = {"rows": rows, "zone": zone_of(request.user), "now": clock.now()}
    return render(request, "desk/finer_list.html", "Finer words", context)


@page("decide_finer")
def finer(request: HttpRequest, finer_id: UUID) -> HttpResponse:
    """One proposal: its exact bytes, its ground, what they leave; and the second person's answer."""
    row, now = selectors.finer_get(viewer=request.user, finer_id=finer_id), clock.now()
    form = DecideForm(sent(request), initial={"bytes_seen": row.sha256})

    def decide() -> HttpResponse:
        if form.cleaned_data["decision"] == "approve":
            services.finer_approve(
                actor=request.user, finer_id=finer_id, bytes_seen=form.cleaned_data["bytes_seen"], at=now
            )
            messages.success(request, "Approved. The SARC of the case may release exactly these words now.")
        else:
            services.finer_refuse(actor=request.user, finer_id=finer_id, at=now)
            messages.success(request, "Refused. The notice says no more than it would have said.")
        return redirect("admin:finer_list")

    if request.method == "POST":
        done = perform(request, form, decide, again=reverse("admin:finer_list"))
        if done is not None:
            return done
    context = {
        "row": row,
        "form": form,
        "zone": zone_of(request.user),
        "waits": row.state == FinerState.PROPOSED,
        "over": row.expires_at <= now,
        "second": selectors.is_second_person(row, request.user),
        "scores": scores(row.numbers_before, row.numbers),
        "rule": scoring.RULE,
    }
    return render(request, "desk/finer.html", "Finer words of a notice", context, status=status_of(form))


urls = [
    path("notices/<uuid:notice_id>/finer/", notice_finer, name="notice_finer"),
    path("finer/", finer_list, name="finer_list"),
    path("finer/<uuid:finer_id>/", finer, name="finer"),
]
