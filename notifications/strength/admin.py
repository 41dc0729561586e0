"""Strength tables on the desk: what notices may say this quarter, and recording a table after a look at it."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from accounts.models import Location
from notifications.strength import selectors, services
from notifications.strength.text import COLUMNS, MOST_BYTES
from reports import access
from sapr import clock
from sapr.desk.forms import DeskForm, text_area
from sapr.desk.pages import page, perform, render, sent, status_of
from sapr.errors import DomainError

SHOWN = 50


class TableForm(DeskForm):
    """A strength file as text: there are no uploads here, so its lines are pasted."""

    text = forms.CharField(
        label="The lines of the file",
        max_length=MOST_BYTES,
        strip=False,
        widget=text_area(14),
        help_text=f"CSV as text, its first line {','.join(COLUMNS)}",
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    confirm = forms.BooleanField(
        required=False, label="I have compared these numbers with the source and want them recorded."
    )


@page(selectors.VERB)
def strength(request: HttpRequest) -> HttpResponse:
    """Each addressee of Restricted notices with what a notice to it may say this quarter."""
    now = clock.now()
    context = {
        "addressees": selectors.addressees(viewer=request.user, at=now),
        "coarsened": selectors.coarsened(viewer=request.user, at=now),
    }
    return render(request, "desk/strength.html", "Strength", context)


@page(selectors.VERB)
def strength_place(request: HttpRequest, location_id: UUID) -> HttpResponse:
    """One place: the rungs of a year and what they were chosen by, the tables, the people of today."""
    viewer, now = request.user, clock.now()
    place = selectors.place_for(viewer=viewer, location_id=location_id, at=now)
    context = {
        "place": place,
        "zone": place.zone,
        "rungs": selectors.rungs_published(viewer=viewer, place=place, at=now),
        "tables": selectors.tables_of(viewer=viewer, place=place, at=now),
        "people": selectors.people_on(viewer=viewer, place=place, on=_today(place, now), at=now),
        "may_import": access.may(viewer, services.VERB, now),
    }
    return render(request, "desk/strength_place.html", "Strength of one place", context)


@page(services.VERB)
def strength_import(request: HttpRequest, location_id: UUID) -> HttpResponse:
    """Record a table. What is sent first comes back as a preview; only the same lines with the box ticked are kept."""
    now = clock.now()
    place = selectors.place_for(viewer=request.user, location_id=location_id, at=now)
    form, checked = TableForm(sent(request)), None
    if form.is_bound and form.is_valid():
        try:
            checked = services.strength_check(
                actor=request.user, location=place, text=form.cleaned_data["text"]
            )
        except DomainError as refusal:
            form.refuse(refusal)
    if checked is not None and checked.found is not None and form.cleaned_data["seen"]:
        if not form.cleaned_data["confirm"]:
            form.add_error("confirm", "Tick the box to say that you have compared the numbers.")
        else:
            done = perform(request, form, lambda: _recorded(request, form, place, now), again=_home(place))
            if done is not None:
                return done
    context = {
        "form": form,
        "place": place,
        "checked": checked,
        "faults": checked.faults[:SHOWN] if checked else [],
        "more": max(len(checked.faults) - SHOWN, 0) if checked else 0,
        "totals": services.totals(checked.found) if checked and checked.found else [],
    }
    status = 422 if checked and checked.faults else status_of(form)
    return render(request, "desk/strength_import.html", "Record a strength table", context, status=status)


def _recorded(request: HttpRequest, form: TableForm, place: Location, now: datetime) -> HttpResponse:
    services.strength_import(
        actor=request.user,
        location=place,
        text=form.cleaned_data["text"],
        seen=form.cleaned_data["seen"],
        at=now,
    )
    messages.success(request, "Recorded. It speaks for this place and those below it from now on.")
    return redirect(_home(place))


def _home(place: Location) -> str:
    return reverse("admin:strength_place", args=[place.pk])


def _today(place: Location, now: datetime):
    return now.astimezone(ZoneInfo(place.zone)).date()


urls = [
    path("strength/", strength, name="strength"),
    path("strength/<uuid:location_id>/", strength_place, name="strength_place"),
    path("strength/<uuid:location_id>/record/", strength_import, name="strength_import"),
]
