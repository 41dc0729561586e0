"""Default deny: a session belongs to somebody only when both factors were passed in it."""

from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

from accounts import certificates, locking, sessions
from accounts.lock_views import LOCKED_OPEN, lock_page


class OwnCookieMiddleware(SessionMiddleware):
    """The browser's cookie changes only where this request itself gave the session another key, or ended it.

    Pages are asked for side by side, and what they ask for beside themselves goes on while somebody signs out or in:
    an answer that comes late must neither bring the cookie of the session before back nor take the present one away.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response = super().process_response(request, response)
        name = settings.SESSION_COOKIE_NAME
        given = response.cookies.get(name)
        if given is None:
            return response
        same = given.value == request.COOKIES.get(name) if given.value else not request.session.ended_here
        if same:
            del response.cookies[name]
        return response


class BothFactorsMiddleware:
    """Every door behind this one (desk, API, schema) sees nobody until the second factor was passed too."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            if sessions.passed_both(request.session) and self._card_is_there(request):
                sessions.keep_idle_limit(request.session, request.user)
            else:
                request.user = AnonymousUser()
        return self.get_response(request)

    @staticmethod
    def _card_is_there(request: HttpRequest) -> bool:
        """A session that a certificate opened is worth nothing without that certificate: a stolen cookie neither."""
        if sessions.second_factor(request.session) != certificates.BY_CERTIFICATE:
            return True
        return certificates.holder_of(request) == request.user


class LockedMiddleware:
    """A locked session gets the lock page for every page, nothing done for what it sends, and is nobody elsewhere."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in LOCKED_OPEN or not request.user.is_authenticated:
            return self.get_response(request)
        if not locking.is_locked(request.session):
            return self.get_response(request)
        if request.path.startswith("/admin/"):
            return self._refusal(request)
        request.user = AnonymousUser()
        return self.get_response(request)

    @staticmethod
    def _refusal(request: HttpRequest) -> HttpResponse:
        if request.headers.get("Sec-Fetch-Dest") == "empty":
            # A page's own script asks: there is no page to show, and the one that is shown keeps its challenge.
            request.session.only_seen = True
            return HttpResponse(status=HTTPStatus.LOCKED)
        return lock_page(request)
