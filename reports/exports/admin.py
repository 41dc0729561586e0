"""Asking for an export, deciding on it, making and fetching it. The file leaves by a POST, once."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from reports import access
from reports.dsaid.elements import on
from reports.exports import making, selectors, services
from reports.exports.forms import (
    ApproveForm,
    AskForm,
    BeginForm,
    DsaidForm,
    OpenAskForm,
    RefuseForm,
    WithdrawForm,
)
from reports.exports.lines import FIELDS
from reports.exports.models import STANDING, Export, ExportKind, ExportState
from sapr import clock
from sapr.desk.acts import Acts
from sapr.desk.demo import zone_of
from sapr.desk.forms import DeskForm
from sapr.desk.pages import page, perform, render, sent, status_of

ASK, DECIDE = "export_ask", "export_decide"
SHOWN = 40


@page(ASK, DECIDE)
def exports(request: HttpRequest) -> HttpResponse:
    """What one asked for, and what waits for one to decide."""
    viewer = request.user
    context: dict[str, Any] = {"zone": zone_of(viewer)}
    if access.may(viewer, ASK):
        context |= {"asks": True, "own": selectors.own(viewer=viewer)[:SHOWN]}
    if access.may(viewer, DECIDE):
        context |= {"decides": True, "waiting": selectors.waiting(viewer=viewer)[:SHOWN]}
    return render(request, "desk/exports.html", _("Exports"), context)


@page(ASK)
def export_new(request: HttpRequest) -> HttpResponse:
    """Ask for lines; nothing is made before a programme manager approves it."""
    form = AskForm(sent(request), initial={"fields_": list(FIELDS)})
    intro = _(
        "Lines of your own cases leave as a file that is encrypted for one reader. A programme manager approves "
        "it first; then you have a day to make it and to fetch it, once. Each case says on its record that it "
        "was in an export."
    )
    return _asked(
        request, form, lambda given: services.export_ask(fields=given.pop("fields_"), **given), intro
    )


@page(ASK)
def export_dsaid(request: HttpRequest) -> HttpResponse:
    """The same for the elements of the official system."""
    form = DsaidForm(sent(request), initial={"elements": list(on())})
    intro = _(
        "A row for each report of your own cases, with elements that the official system knows, leaves as a file "
        "that is encrypted for one reader. A programme manager approves it first; then you have a day to make it and "
        "to fetch it, once. What it opens stands on each case's record."
    )
    return _asked(request, form, lambda given: services.dsaid_ask(**given), intro)


def _asked(
    request: HttpRequest, form: DeskForm, service: Callable[[dict[str, Any]], Export], intro: str
) -> HttpResponse:
    """The page of a form that asks for an export of own cases."""

    def ask() -> HttpResponse:
        given = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        export = service({**given, "actor": request.user, "at": clock.now()})
        messages.success(request, _("It waits for a programme manager now."))
        return redirect("admin:export", export_id=export.pk)

    if request.method == "POST":
        done = perform(request, form, ask, again=reverse("admin:exports"))
        if done is not None:
            return done
    context = {
        "form": form,
        "intro": intro,
        "button": _("Ask for it"),
        "back": reverse("admin:exports"),
        "back_label": _("Exports"),
    }
    return render(request, "desk/form.html", _("Ask for an export"), context, status=status_of(form))


@page(DECIDE)
def export_open(request: HttpRequest) -> HttpResponse:
    """Ask that everything leaves for another system; another programme manager decides, the operator makes it."""
    form = OpenAskForm(sent(request))

    def ask() -> HttpResponse:
        recipient = form.cleaned_data["recipient"]
        export = services.open_export_ask(actor=request.user, recipient=recipient, at=clock.now())
        messages.success(request, _("It waits for another programme manager now."))
        return redirect("admin:export", export_id=export.pk)

    if request.method == "POST":
        done = perform(request, form, ask, again=reverse("admin:exports"))
        if done is not None:
            return done
    context = {
        "form": form,
        "intro": _(
            "Everything that this system holds leaves as one file, to move to another system: every case, with "
            "identities and accounts in clear inside the encryption. Another programme manager approves it; then "
            "whoever runs the system has a day to make it, by a command. Each case says on its record that it left."
        ),
        "button": _("Ask for it"),
        "back": reverse("admin:exports"),
        "back_label": _("Exports"),
    }
    return render(request, "desk/form.html", _("Export everything"), context, status=status_of(form))


@page(ASK, DECIDE)
def export_page(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """One request, with what its reader can do about it now."""
    now, viewer = clock.now(), request.user
    export = selectors.export_get(viewer=viewer, export_id=export_id)
    acts = Acts(request, reverse("admin:export", args=[export_id]))
    steps = _steps(acts, viewer, export, now)
    if (done := acts.run()) is not None:
        return done
    own = export.asked_by_id == viewer.pk
    context = {
        "export": export,
        "columns": [FIELDS[name].label if name in FIELDS else name for name in export.fields],
        "steps": steps,
        "standing": export.state in STANDING,
        "over": export.state in STANDING and export.look_at <= now,
        "own": own,
        "job": selectors.job_of(viewer=viewer, export=export) if own else None,
        "lines": selectors.lines_made(viewer=viewer, export=export) if own else None,
        "everything": export.kind == ExportKind.OPEN,
        "fetch": DeskForm() if own and export.state == ExportState.MADE and export.look_at > now else None,
        "zone": zone_of(viewer),
    }
    return render(request, "desk/export.html", _("An export"), context, status=acts.status)


def _steps(acts: Acts, viewer, export: Export, now) -> list[DeskForm]:
    """The forms that fit its state and its reader."""
    given = {"actor": viewer, "export_id": export.pk, "at": now}
    found = []
    if export.state == ExportState.ASKED and access.may(viewer, DECIDE):
        approve, refuse = services.export_approve, services.export_refuse
        found.append(acts.add("approve", ApproveForm, lambda _given: approve(**given), _("It is approved.")))
        found.append(acts.add("refuse", RefuseForm, lambda _given: refuse(**given), _("It is refused.")))
    if export.asked_by_id == viewer.pk and access.may(viewer, services.verb_of(export)):
        making_it = export.kind != ExportKind.OPEN and export.state == ExportState.APPROVED
        if making_it and selectors.job_of(viewer=viewer, export=export) is None:
            begin = making.export_begin
            said = _("It is begun. Follow it below.")
            found.append(acts.add("begin", BeginForm, lambda _given: begin(**given), said))
        if export.state in STANDING:
            withdraw, said = services.export_withdraw, _("It is taken back; what was made of it is deleted.")
            found.append(acts.add("withdraw", WithdrawForm, lambda _given: withdraw(**given), said))
    return found


@page(ASK)
def export_file(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """The file itself. Made in memory from what is encrypted already; gone from here when it has left."""
    if request.method != "POST":
        return redirect("admin:export", export_id=export_id)
    form, here = DeskForm(request.POST), reverse("admin:export", args=[export_id])

    def fetch() -> HttpResponse:
        file = services.export_fetch(actor=request.user, export_id=export_id, at=clock.now())
        answer = HttpResponse(file.content, content_type=file.kind)
        answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
        return answer

    done = perform(request, form, fetch, again=here)
    if done is not None:
        return done
    for _id, _label, sentence in form.summary:
        messages.error(request, sentence)
    return redirect(here)


urls = [
    path("exports/", exports, name="exports"),
    path("exports/new/", export_new, name="export_new"),
    path("exports/dsaid/", export_dsaid, name="export_dsaid"),
    path("exports/open/", export_open, name="export_open"),
    path("exports/<uuid:export_id>/", export_page, name="export"),
    path("exports/<uuid:export_id>/file/", export_file, name="export_file"),
]
