"""Pages of emergency access: ask, decide as the second person, end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from reports import access, policy
from reports.breakglass import selectors, services
from reports.breakglass.models import BreakGlass
from sapr import clock
from sapr.desk.forms import DeskForm, text_area
from sapr.desk.pages import page, perform, render, sent, status_of

SHOWN = 60
HOME = "admin:emergency"
WORDS = {"waiting": "Waits", "open": "Open", "ended": "Ended", "not_granted": "Not granted"}


@dataclass(frozen=True)
class Line:
    """A request as anybody is told of it."""

    request: BreakGlass
    standing: str
    words: str


def lines(requests: Iterable[BreakGlass], now: datetime) -> list[Line]:
    """The requests with their standing in words."""
    found = [(each, selectors.standing(each, now)) for each in requests]
    return [Line(each, standing, WORDS[standing]) for each, standing in found]


class AskForm(DeskForm):
    case = forms.CharField(
        label="Number of the case", max_length=60, help_text="As in C-7K2M-… Type it whole."
    )
    reason = forms.CharField(
        label="Why you need it now",
        max_length=20_000,
        widget=text_area(),
        help_text="Sealed; read by the second person and by whoever is on the case.",
    )


@page("break_glass_ask", "break_glass_decide")
def emergency(request: HttpRequest) -> HttpResponse:
    """One's own requests, and what waits for one as the second person."""
    now, viewer = clock.now(), request.user
    context = {
        "now": now,
        "may_ask": access.may(viewer, "break_glass_ask", now),
        "may_decide": access.may(viewer, "break_glass_decide", now),
        "own": lines(selectors.own_requests(viewer=viewer)[:SHOWN], now),
        "waiting": selectors.waiting(viewer=viewer, at=now)[:SHOWN],
    }
    return render(request, "desk/emergency.html", "Emergency access", context)


@page("break_glass_ask")
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a case by its number. The answer is the same whether or not there is one."""
    form = AskForm(sent(request))

    def asked() -> HttpResponse:
        given = form.cleaned_data
        services.break_glass_ask(
            actor=request.user, case=given["case"], reason=given["reason"], at=clock.now()
        )
        messages.success(request, "It is asked for. A second person decides; look here for the answer.")
        return redirect(HOME)

    if request.method == "POST":
        done = perform(request, form, asked, again=reverse(HOME))
        if done is not None:
            return done
    context = {
        "form": form,
        "button": "Ask for it",
        "back": reverse(HOME),
        "back_label": "Emergency access",
        "intro": "Whoever is on the case is told. If it is granted, you read the case and change nothing.",
    }
    return render(request, "desk/form.html", "Ask for emergency access", context, status=status_of(form))


@page("break_glass_ask", "break_glass_decide")
def emergency_request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request. `do` says what a POST means: read its reason, approve, refuse or end it."""
    now, viewer = clock.now(), request.user
    found = selectors.request_get(viewer=viewer, request_id=request_id, at=now)
    do = request.POST.get("do", "")
    form = DeskForm(request.POST if do in {"approve", "refuse", "end"} else None)
    if form.is_bound:
        done = perform(request, form, lambda: _done(request, request_id, do, now), again=reverse(HOME))
        if done is not None:
            return done
    reason = selectors.reason(viewer=viewer, request=found, at=now) if do == "read" else None
    others = found.asked_by_id != viewer.pk
    line = lines([found], now)[0]
    decides = others and line.standing == "waiting" and found.state == "asked"
    context = {
        "form": form,
        "line": line,
        "reason": reason,
        "may_read": selectors.may_read(viewer=viewer, request=found, at=now),
        "decides": decides and access.may_on(viewer, "break_glass_decide", found),
        "second": decides and selectors.is_independent(found, viewer),
        "ends": line.standing == "open" and access.may_on(viewer, "break_glass_end", found),
        "hours": policy.access_rules(now.date()).limits["break_glass_hours"],
    }
    title = "Request for emergency access"
    return render(request, "desk/emergency_request.html", title, context, status=status_of(form))


def _done(request: HttpRequest, request_id: UUID, do: str, now: datetime) -> HttpResponse:
    if do == "end":
        services.break_glass_end(actor=request.user, request_id=request_id, at=now)
        messages.success(request, "It has ended.")
    else:
        approve = do == "approve"
        services.break_glass_decide(actor=request.user, request_id=request_id, approve=approve, at=now)
        messages.success(request, "Approved. It ends by itself." if approve else "Refused.")
    return redirect(HOME)


urls = [
    path("emergency/", emergency, name="emergency"),
    path("emergency/ask/", ask, name="emergency_ask"),
    path("emergency/<uuid:request_id>/", emergency_request, name="emergency_request"),
]
