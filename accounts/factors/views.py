"""Pages of one's own second factors: adding one (the first one half way in), recovery codes, removing."""

import base64
from datetime import datetime
from functools import wraps

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from accounts import limits, signing
from accounts.factors import forms, services
from accounts.factors.adapter import Adapter
from accounts.factors.step import METHODS, attribute, half_way_without
from sapr import clock
from sapr.desk.forms import DeskForm
from sapr.desk.pages import page, perform, render, sent, status_of
from sapr.errors import DomainError

HOME = "admin:factors"
# In the session: the secret of an app that is being added (encrypted) and by whom, and when the password was last given
# again.
SECRET, AGAIN = "app_secret", "password_again"


def adding(view):
    """Wrap a page that adds a factor: for somebody signed in whose password is fresh, or for a first factor.

    The view is given the person, and who is half way is signed in once it is added.
    """

    @METHODS
    @wraps(view)
    def run(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            if not _fresh(request):
                return redirect(f"{reverse('admin:factor_again')}?next={request.path}")
            return view(request, request.user)
        user = half_way_without(request)
        return redirect("admin:login") if user is None else view(request, user)

    return run


def _fresh(request: HttpRequest) -> bool:
    given = request.session.get(AGAIN)
    return bool(given) and datetime.fromisoformat(given) + limits.FRESH > clock.keyboard_now()


def _ready(request: HttpRequest, user, kind: str) -> HttpResponse:
    """The factor is there. Who was half way is signed in now, and is led to recovery codes."""
    if request.user.is_authenticated:
        messages.success(request, "It is added. You can sign in with it from now on.")
        return redirect(HOME)
    at = clock.keyboard_now()
    signing.sign_in(request, user, second=kind, at=at)
    request.session[AGAIN] = at.isoformat()
    messages.success(request, "Your second factor is set and you are signed in.")
    return redirect("admin:factor_codes")


def _secret_for(request: HttpRequest, user) -> str:
    """The secret that this page showed this person before, else a new one: somebody else's is known to them."""
    kept = request.session.get(SECRET, {})
    if kept.get("user") == str(user.pk):
        return Adapter().decrypt(kept["secret"])
    secret = generate_totp_secret()
    request.session[SECRET] = {"user": str(user.pk), "secret": Adapter().encrypt(secret)}
    return secret


@adding
def app_add(request: HttpRequest, user) -> HttpResponse:
    """An authenticator app: the secret as a picture and as text, proved by a code."""
    secret = _secret_for(request, user)
    form = forms.AppForm(sent(request))

    def add() -> HttpResponse:
        services.app_add(
            user=user,
            secret=secret,
            code=form.cleaned_data["code"],
            at=clock.now(),
            first=not request.user.is_authenticated,
        )
        del request.session[SECRET]
        return _ready(request, user, "code")

    svg = Adapter().build_totp_svg(Adapter().build_totp_url(user, secret))
    shown = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    context = {"picture": base64.b64encode(svg.encode()).decode(), "secret": " ".join(shown)}
    return _add_page(request, form, add, "desk/factor_app.html", "Add an authenticator app", context)


@adding
def passkey_add(request: HttpRequest, user) -> HttpResponse:
    """A passkey or security key: the browser makes it, we keep its public half."""
    form = forms.PasskeyForm(sent(request))

    def add() -> HttpResponse:
        given = form.cleaned_data
        services.passkey_add(
            user=user,
            name=given["name"],
            credential=given["credential"],
            at=clock.now(),
            first=not request.user.is_authenticated,
        )
        return _ready(request, user, "passkey")

    return _add_page(request, form, add, "desk/factor_passkey.html", "Add a passkey", {}, user=user)


def _add_page(request, form, add, template, title, context, *, user=None) -> HttpResponse:
    if request.method == "POST":
        done = perform(request, form, add, again=reverse(HOME))
        if done is not None:
            return done
    if user is not None:
        # A fresh challenge each time the page is drawn, after the answer to the last one was looked at.
        context["options"] = attribute(services.passkey_options(user))
    return render(request, template, title, context | {"form": form}, status=status_of(form))


@page()
def factors(request: HttpRequest) -> HttpResponse:
    """One's own factors. Nobody sees or changes another person's, managers included."""
    rows = services.factors_of(request.user)
    unused = [len(row.wrap().get_unused_codes()) for row in rows if row.type == services.CODES]
    context = {"rows": rows, "unused": unused[0] if unused else 0}
    return render(request, "desk/factors.html", "Second factors", context)


@page()
def again(request: HttpRequest) -> HttpResponse:
    """The password once more, before anything about a factor is changed."""
    form = forms.PasswordAgainForm(sent(request))
    given = request.GET.get("next", "")
    to = given if given in {reverse(name) for name in AFTER_PASSWORD} else reverse(HOME)
    if request.method == "POST" and form.is_valid():
        at = clock.keyboard_now()
        if signing.password_again(user=request.user, password=form.cleaned_data["password"], at=at):
            request.session[AGAIN] = at.isoformat()
            return redirect(to)
        form.add_error("password", "This is not your password, or there were three failures; wait then.")
    context = {"form": form, "button": "Go on", "back": reverse(HOME), "back_label": "Second factors"}
    context["intro"] = "Before a second factor changes, type your password once more."
    return render(request, "desk/form.html", "Your password", context, status=status_of(form))


def _sure(request: HttpRequest) -> None:
    if not _fresh(request):
        raise DomainError("password_needed", "Type your password again first.", status=409)


@page()
def codes(request: HttpRequest) -> HttpResponse:
    """Recovery codes: made new by the POST and shown once, in its answer."""
    if not _fresh(request):
        return redirect(f"{reverse('admin:factor_again')}?next={request.path}")
    form = DeskForm(sent(request))

    def renew() -> HttpResponse:
        made = services.codes_renew(user=request.user, at=clock.now())
        return render(request, "desk/factor_codes.html", "Recovery codes", {"codes": made})

    if request.method == "POST":
        done = perform(request, form, renew, again=reverse(HOME))
        if done is not None:
            return done
    return render(request, "desk/factor_codes.html", "Recovery codes", {"form": form}, status=status_of(form))


@page()
def remove(request: HttpRequest, factor_id: int) -> HttpResponse:
    """Remove one of one's own factors; POST only. Somebody else's is not there."""
    form = DeskForm(sent(request))

    def take() -> HttpResponse:
        _sure(request)
        services.factor_remove(user=request.user, factor_id=factor_id, at=clock.now())
        messages.success(request, "The factor is removed.")
        return redirect(HOME)

    done = perform(request, form, take, again=reverse(HOME)) if request.method == "POST" else None
    for message in form.non_field_errors() if form.is_bound and done is None else ():
        messages.error(request, message)
    if done is None and request.method == "POST" and not _fresh(request):
        return redirect("admin:factor_again")
    return done or redirect(HOME)


AFTER_PASSWORD = ("admin:factors", "admin:factor_app", "admin:factor_passkey", "admin:factor_codes")

# Reached half way too, so each checks for itself who is there.
open_urls = [
    path("second-factor/app/", app_add, name="factor_app"),
    path("second-factor/passkey/", passkey_add, name="factor_passkey"),
]
urls = [
    path("factors/", factors, name="factors"),
    path("factors/password/", again, name="factor_again"),
    path("factors/codes/", codes, name="factor_codes"),
    path("factors/<int:factor_id>/remove/", remove, name="factor_remove"),
]
