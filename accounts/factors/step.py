"""The second step of signing in, and the choice of a first factor for somebody who has none."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods

from accounts import lockout, signing
from accounts.factors import forms, services
from sapr import clock
from sapr.desk.pages import render, sent, status_of

METHODS = require_http_methods(["GET", "HEAD", "POST"])
WRONG = (
    "This did not work. The code may be of another moment or used already; after three failures in fifteen minutes "
    "nothing is taken for fifteen minutes."
)


@METHODS
def second_factor(request: HttpRequest) -> HttpResponse:
    """After the password: an app's code, a passkey or a recovery code. Somebody without any adds one first."""
    at = clock.keyboard_now()
    user = signing.half_way(request.session, at)
    if user is None:
        return redirect("admin:login")
    if not services.has_factor(user):
        return redirect("admin:factor_first")
    form = forms.SecondFactorForm(sent(request))
    if request.method == "POST" and form.is_valid():
        code, credential = form.cleaned_data["code"], form.cleaned_data["credential"]

        def passes() -> bool:
            if credential:
                return services.passkey_fits(user, credential)
            return services.code_fits(user, code)

        if lockout.tried(name=user.username, user=user, passes=passes, at=at):
            to = signing.going_to(request.session)
            signing.sign_in(request, user, second="passkey" if credential else "code", at=at)
            return redirect(to or "admin:index")
        form.add_error(None, WRONG)
    context = {
        "form": form,
        "who": user,
        "demo_code": services.demo_code(user),
        "options": attribute(services.passkey_request(user)),
    }
    return render(request, "desk/second_factor.html", "Second factor", context, status=status_of(form))


def attribute(options: dict[str, Any] | None) -> str:
    """Options for the browser's passkey script, as the value of an attribute: no script stands in a page."""
    return json.dumps(options) if options else ""


@METHODS
def first_factor(request: HttpRequest) -> HttpResponse:
    """Somebody who has only a password chooses which factor to add; nothing else can be reached before."""
    user = half_way_without(request)
    if user is None:
        return redirect("admin:login")
    return render(request, "desk/factor_first.html", "Add a second factor", {"who": user})


def half_way_without(request: HttpRequest):
    """Who passed the password step and has no second factor; nobody else adds one there."""
    user = signing.half_way(request.session, clock.keyboard_now())
    return user if user and not services.has_factor(user) else None


open_urls = [
    path("second-factor/", second_factor, name="second_factor"),
    path("second-factor/first/", first_factor, name="factor_first"),
]
