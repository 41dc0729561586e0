"""Asking for an export, deciding on it, making and fetching it. The file leaves by a POST, once."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import access
from reports.exports import making, selectors, services
from reports.exports.lines import FIELDS
from reports.exports.models import STANDING, Export, ExportPurpose, ExportState
from sapr import clock
from sapr.desk.acts import Acts
from sapr.desk.demo import zone_of
from sapr.desk.forms import ConfirmForm, DeskForm
from sapr.desk.pages import page, perform, render, sent, status_of

ASK, DECIDE = "export_ask", "export_decide"
SHOWN = 40


class AskForm(DeskForm):
    """Why, what of which cases, and for whose key."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("What it is for"), choices=[("", gettext_lazy("Choose")), *ExportPurpose.choices]
    )
    fields_ = forms.MultipleChoiceField(
        label=gettext_lazy("Columns"),
        choices=[(name, each.label) for name, each in FIELDS.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("No names, no contact details and no account: those never leave this way."),
    )
    opened_from = forms.DateField(
        label=gettext_lazy("Cases opened on or after"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    opened_to = forms.DateField(
        label=gettext_lazy("Cases opened on or before"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    recipient = forms.CharField(
        label=gettext_lazy("Public key of whoever shall read it"),
        max_length=100,
        help_text=gettext_lazy(
            "It begins with age1. Its owner makes it with age-keygen and keeps the secret key; without that key "
            "nobody opens the file, this system included."
        ),
    )


class WithdrawForm(DeskForm):
    button = gettext_lazy("Take it back")


class BeginForm(DeskForm):
    button = gettext_lazy("Make the file")


class ApproveForm(ConfirmForm):
    button = gettext_lazy("Approve")


class RefuseForm(DeskForm):
    button = gettext_lazy("Refuse")


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
    """Ask for one; nothing is made before a programme manager approves it."""
    form = AskForm(sent(request), initial={"fields_": list(FIELDS)})

    def ask() -> HttpResponse:
        given = form.cleaned_data
        export = services.export_ask(
            actor=request.user,
            purpose=given["purpose"],
            fields=given["fields_"],
            opened_from=given["opened_from"],
            opened_to=given["opened_to"],
            recipient=given["recipient"],
            at=clock.now(),
        )
        messages.success(request, _("It waits for a programme manager now."))
        return redirect("admin:export", export_id=export.pk)

    if request.method == "POST":
        done = perform(request, form, ask, again=reverse("admin:exports"))
        if done is not None:
            return done
    context = {
        "form": form,
        "intro": _(
            "Lines of your own cases leave as a file that is encrypted for one reader. A programme manager approves "
            "it first; then you have a day to make it and to fetch it, once. Each case says on its record that it "
            "was in an export."
        ),
        "button": _("Ask for it"),
        "back": reverse("admin:exports"),
        "back_label": _("Exports"),
    }
    return render(request, "desk/form.html", _("Ask for an export"), context, status=status_of(form))


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
        "columns": [FIELDS[name].label for name in export.fields if name in FIELDS],
        "steps": steps,
        "standing": export.state in STANDING,
        "over": export.state in STANDING and export.look_at <= now,
        "own": own,
        "job": selectors.job_of(viewer=viewer, export=export) if own else None,
        "lines": selectors.lines_made(viewer=viewer, export=export) if own else None,
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
    if export.asked_by_id == viewer.pk and access.may(viewer, ASK):
        if export.state == ExportState.APPROVED and selectors.job_of(viewer=viewer, export=export) is None:
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
    path("exports/<uuid:export_id>/", export_page, name="export"),
    path("exports/<uuid:export_id>/file/", export_file, name="export_file"),
]
