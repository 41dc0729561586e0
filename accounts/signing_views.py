"""The password step, signing out, and one's own sessions."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from accounts import certificates, services, sessions, signing
from accounts.factors.forms import PasswordStepForm
from sapr import clock
from sapr.desk.forms import DeskForm
from sapr.desk.pages import page, perform, render, sent

HOME = "admin:sessions"
# On sign-out the browser forgets what it keeps of us.
CLEARED = '"cache", "cookies", "storage"'


@require_http_methods(["GET", "HEAD", "POST"])
def password_step(request: HttpRequest) -> HttpResponse:
    """User name and password. One answer for a wrong password and for a name that is unknown, closed or locked."""
    at = clock.keyboard_now()
    if request.method != "POST":
        if request.user.is_authenticated and not request.GET.get("next"):
            return redirect("admin:index")
        if signing.half_way(request.session, at):
            return redirect("admin:second_factor")
    form = PasswordStepForm(sent(request))
    to = own_page(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        user = signing.password_step(username=given["username"], password=given["password"], at=at)
        if user is not None:
            signing.go_half_way(request.session, user, to=to, at=at)
            return redirect("admin:second_factor")
        form.add_error(None, "")
    context = {"form": form, "next": to, "card": bool(certificates.subject_of(request))}
    return render(request, "admin/login.html", "Sign in", context)


@require_http_methods(["POST"])
def certificate(request: HttpRequest) -> HttpResponse:
    """Sign in with the certificate that the front end vouches for. Where certificates are not set up: not there."""
    if not certificates.is_on():
        raise Http404
    holder = certificates.holder_of(request)
    if holder is None:
        messages.error(request, "This certificate is bound to no account here.")
        return redirect("admin:login")
    to = own_page(request, request.POST.get("next", ""))
    at = clock.keyboard_now()
    signing.sign_in(request, holder, second=certificates.BY_CERTIFICATE, at=at)
    return redirect(to)


def own_page(request: HttpRequest, address: str) -> str:
    """Where to go after signing in: a page of this site, or the first one."""
    safe = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if safe and address.startswith("/") else reverse("admin:index")


def cleared(response: HttpResponse) -> HttpResponse:
    """The answer to signing out: the browser drops cache, cookies and storage of this site."""
    response.headers["Clear-Site-Data"] = CLEARED
    return response


def sign_out_page(request: HttpRequest) -> HttpResponse:
    """The button that signs out, and the way back, for whoever only followed the address."""
    response = render(request, "desk/sign_out.html", "Sign out", status=405)
    response.headers["Allow"] = "POST"
    return response


@page()
def own_sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in: when it began and when it was last used. No place and no device is kept."""
    rows = sessions.own(request.user)
    this = [row for row in rows if sessions.is_this_one(row, request.session)]
    return render(
        request, "desk/sessions.html", "Your sessions", {"rows": rows, "this": this[0].pk if this else None}
    )


@page()
def session_end(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """End one of one's own sessions; POST only. Ending the present one leads to sign-in."""
    form = DeskForm(sent(request))

    def end() -> HttpResponse:
        services.sessions_end(user=request.user, actor=request.user, at=clock.now(), only=session_id)
        messages.success(request, "The session has ended.")
        return redirect("admin:login" if sessions.signed_out_by_it(request) else HOME)

    done = perform(request, form, end, again=reverse(HOME)) if request.method == "POST" else None
    return done or redirect(HOME)


urls = [
    path("sessions/", own_sessions, name="sessions"),
    path("sessions/<uuid:session_id>/end/", session_end, name="session_end"),
]
