"""Pages: what runs in a case and what can be begun, and one matter with its steps."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from accounts import selectors as staff
from reports.casework.matters import disposition, selectors, services
from reports.casework.matters.checking import observed
from reports.casework.matters.forms import MatterOpenForm, MatterStepForm
from reports.casework.matters.kinds import EXCUSES, KINDS
from reports.casework.matters.models import Matter
from reports.casework.matters.reading import Kind
from reports.casework.told import told
from reports.election import selectors as election
from reports.election.models import Case
from reports.election.standing import election_of
from reports.ledger.models import Event
from reports.ledger.selectors import case_events
from sapr import clock
from sapr.desk.forms import DeskForm
from sapr.desk.pages import page, perform, render, status_of
from sapr.desk.words import label

CHOOSE_ONE = "This does not fit the case as it stands now. Choose one from the list."


@page("case_work")
def matters(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What runs, what was told and is still to tell, and a form for whatever can be begun in this case."""
    case, now = election.case_get(viewer=request.user, case_id=case_id, verb="case_work"), clock.now()
    here = reverse("admin:matters", args=[case_id])
    rows = selectors.case_matters(viewer=request.user, case=case)
    forms = _opening_forms(request, case, rows, now)
    for form in forms:
        if form.is_bound:
            done = perform(request, form, lambda form=form: _opened(request, form, case_id, now), again=here)
            if done is not None:
                return done
    if request.method == "POST" and not any(form.is_bound for form in forms):
        messages.error(request, CHOOSE_ONE)
    context = {
        "case": case,
        "now": now,
        "running": [_line(row) for row in rows if row.ended_at is None],
        "ended": [_line(row) for row in rows if row.ended_at is not None],
        "told": told(case, case_events(viewer=request.user, case=case)),
        "dispositions": disposition.standing(case) if any(row.kind == "subject" for row in rows) else None,
        "openings": [(form, form.of) for form in forms],
    }
    status = max((status_of(form) for form in forms), default=200)
    return render(request, "desk/matters.html", "Care, orders and requests", context, status=status)


def _opening_forms(
    request: HttpRequest, case: Case, rows: list[Matter], now: datetime
) -> list[MatterOpenForm]:
    signed = election_of(case)
    wanted = request.POST.get("kind", ""), request.POST.get("step", "")
    forms = []
    for kind in KINDS.values():
        parents = [row for row in rows if row.kind == kind.parent and row.ended_at is None]
        if signed not in kind.elections or (kind.parent and not parents):
            continue
        forms += [
            MatterOpenForm(
                request.POST if wanted == (kind.kind, step.step) else None,
                of=kind, taking=step, election=signed, now=now, zone=case.installation.zone, parents=parents,
            )
            for step in kind.open_steps()
        ]  # fmt: skip
    return forms


def _opened(request: HttpRequest, form: MatterOpenForm, case_id: UUID, now: datetime) -> HttpResponse:
    row = services.matter_open(actor=request.user, case_id=case_id, kind=form.of.kind, **form.given(now))
    messages.success(request, f"Recorded: {form.title}.")
    return redirect("admin:matter", case_id=case_id, matter_id=row.pk)


@page("case_work")
def matter(request: HttpRequest, case_id: UUID, matter_id: UUID) -> HttpResponse:
    """One matter: where it stands, what happened, what the rules ask, the steps that follow, its sealed part."""
    case, now = election.case_get(viewer=request.user, case_id=case_id, verb="case_work"), clock.now()
    row = selectors.matter_get(viewer=request.user, case=case, matter_id=matter_id)
    kind, here = KINDS[row.kind], reverse("admin:matter", args=[case_id, matter_id])
    wanted, signed, opened = request.POST.get("step", ""), election_of(case), None
    forms = [
        MatterStepForm(
            request.POST if wanted == step.step else None,
            of=kind, taking=step, election=signed, now=now, zone=case.installation.zone,
        )
        for step in kind.steps_from(row.state)
    ]  # fmt: skip
    for form in forms:
        if form.is_bound:
            done = perform(request, form, lambda form=form: _taken(request, form, row, now), again=here)
            if done is not None:
                return done
    if request.method == "POST" and request.POST.get("do") == "open":
        opened = selectors.matter_sealed(viewer=request.user, matter=row, at=now)
    elif request.method == "POST" and not any(form.is_bound for form in forms):
        messages.error(request, CHOOSE_ONE)
    events = selectors.matter_events(viewer=request.user, matter=row)
    names = staff.names_of(event.actor_id for event in events)
    rules = dict(pair for step in kind.steps for pair in observed(case, step, now))
    context = {
        "case": case,
        "line": _line(row),
        "parts": [
            _line(part)
            for part in selectors.case_matters(viewer=request.user, case=case)
            if part.parent_id == row.pk
        ],
        "forms": forms,
        "rules": list(rules.items()),
        "events": [_told(kind, event, names) for event in reversed(events)],
        "has_sealed": row.name is not None or row.content is not None,
        "opened": opened,
        "open_form": DeskForm(),
    }
    status = max((status_of(form) for form in forms), default=200)
    return render(request, "desk/matter.html", kind.label, context, status=status)


def _taken(request: HttpRequest, form: MatterStepForm, row: Matter, now: datetime) -> HttpResponse:
    services.matter_step(actor=request.user, case_id=row.case_id, matter_id=row.pk, **form.given(now))
    messages.success(request, f"Recorded: {form.title}.")
    return redirect("admin:matter", case_id=row.case_id, matter_id=row.pk)


def _line(row: Matter) -> dict[str, Any]:
    kind = KINDS[row.kind]
    state = kind.states[row.state]
    return {
        "row": row,
        "kind": kind,
        "what": words_of(kind, kind.what, row.what),
        "state": state,
        "owner": label(state.owner),
    }


def words_of(kind: Kind, detail: str, word: str) -> str:
    """A word of a detail as its forms show it."""
    for step in kind.steps:
        for each in step.details:
            if each.name == detail and word in each.words:
                return each.words[word] or label(word, detail)
    return label(word, detail) if word else ""


def _told(kind: Kind, event: Event, names: dict[UUID, str]) -> dict[str, Any]:
    """An event of the matter in words: its step, its answers, and whether its date was known."""
    own = KINDS.get(event.data.get("matter_kind", ""), kind)
    answers = [
        (each.ask, _answer(own, each.name, event.data[each.name]))
        for step in own.steps
        if step.event == event.kind
        for each in step.details
        if each.name in event.data and not each.moment
    ]
    excuse = EXCUSES.get(event.data.get("not_dated", ""), "")
    return {
        "event": event,
        "who": names.get(event.actor_id, "the system"),
        "answers": list(dict.fromkeys(answers)),
        "excuse": excuse,
        "on": event.data.get("on") and datetime.fromisoformat(event.data["on"]),
    }


def _answer(kind: Kind, detail: str, value: Any) -> str:
    words = value if isinstance(value, list) else [value]
    return ", ".join(words_of(kind, detail, word) for word in words)


urls = [
    path("cases/<uuid:case_id>/matters/", matters, name="matters"),
    path("cases/<uuid:case_id>/matters/<uuid:matter_id>/", matter, name="matter"),
]
