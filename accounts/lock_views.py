"""Locking the screen, unlocking it, leaving in a hurry, and saying that somebody is still there."""

import re
from urllib.parse import urlsplit

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts import locking
from accounts.factors import services
from accounts.factors.step import attribute
from accounts.signing_views import own_page
from sapr import clock
from sapr.desk.forms import DeskForm
from sapr.desk.pages import page, sent

LOCKED = 423
# Reached while the session is locked; signing out, too.
LOCKED_OPEN = frozenset({"/admin/lock/", "/admin/unlock/", "/admin/leave/", "/admin/logout/"})
NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")


class UnlockForm(DeskForm):
    password = forms.CharField(
        required=False,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    credential = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)


def lock_page(request: HttpRequest, *, to: str | None = None, wrong: str = "") -> HttpResponse:
    """The one page of a locked session: no name, no word of what this system is. Unlocking leads `to` an address.

    When something was sent, it says that it was not done, and how the browser sends it again.
    """
    sent_something = to is None and request.method == "POST"
    if to is None:
        to = reverse("admin:index") if sent_something else request.get_full_path()
    context = {
        "form": UnlockForm(),
        "next": own_page(request, to),
        "not_done": sent_something,
        "wrong": wrong,
        "options": attribute(services.passkey_request(request.user)),
    }
    return render(request, "desk/locked.html", context, status=LOCKED)


# Whoever locks or must leave at once is not held up by a page that is out of date; a stranger's site could but lock a
# screen.
@csrf_exempt
@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Lock one's own screen. The page that was shown is asked for again, and answers locked."""
    if request.user.is_authenticated:
        locking.lock(request.session)
    # Browsers name it to pages of one site; no page has to carry its own address for this.
    return redirect(own_page(request, urlsplit(request.headers.get("Referer", "")).path))


@require_POST
def unlock(request: HttpRequest) -> HttpResponse:
    """Open the screen with password or passkey and go on where it was locked."""
    to = own_page(request, request.POST.get("next", ""))
    if not request.user.is_authenticated or not locking.is_locked(request.session):
        return redirect(to)
    form = UnlockForm(sent(request))
    given = form.cleaned_data if form.is_valid() else {}
    if given and locking.unlocked(
        request.session,
        request.user,
        password=given["password"],
        credential=given["credential"],
        at=clock.keyboard_now(),
    ):
        return redirect(to)
    wrong = _(
        "This did not open it. After three failures in fifteen minutes nothing is taken for fifteen minutes."
    )
    return lock_page(request, to=to, wrong=wrong)


@csrf_exempt
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Leave in a hurry: the session is locked, and an empty page stands where this one was."""
    if request.user.is_authenticated:
        locking.lock(request.session)
    return redirect("blank")


def blank(request: HttpRequest) -> HttpResponse:
    """An empty page that names nothing and loads nothing."""
    return render(request, "blank.html")


@page()
def here(request: HttpRequest) -> HttpResponse:
    """Somebody typed or pressed something lately: the session was used. Answers the key for what this tab keeps."""
    nonce = request.POST.get("nonce", "")
    if request.method != "POST" or not NONCE.fullmatch(nonce):
        return HttpResponseBadRequest()
    return JsonResponse({"key": locking.key_for(request.user, nonce)})


open_urls = [
    path("lock/", lock, name="lock"),
    path("unlock/", unlock, name="unlock"),
    path("leave/", leave, name="leave"),
]
urls = [path("here/", here, name="here")]
