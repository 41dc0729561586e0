"""Response rules that hold for every page, and refusals turned into pages."""

from csp.constants import HEADER as POLICY
from csp.utils import build_policy
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.base import BaseHandler
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, UnreadablePostError
from django.shortcuts import render
from whitenoise.middleware import WhiteNoiseFileResponse

from sapr.problems import AWAY, as_refusal, plain_problem, retry_headers

API = "/api/v1/"
# Also on what Django's own middleware answers before a view is chosen: a wrong host, the step to HTTPS.
EVERYWHERE = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


# Of what a refused request sent beyond its head: bytes that are taken at once, and at most. No operation takes more.
PART, MOST_LEFT = 65_536, 8 << 20
# What pages answer to; operations under /api/ name their own.
METHODS = ("GET", "HEAD", "POST")


class EveryAnswerMiddleware:
    """Nothing that a person reads here may stay in a cache; only whitenoise's own files may."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response
        # One policy for all pages (settings.CONTENT_SECURITY_POLICY): it is put into words once.
        self.headers = EVERYWHERE | {POLICY: build_policy()}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = request.method in METHODS or request.path.startswith("/api/")
        response = self.get_response(request) if known else HttpResponseNotAllowed(METHODS)
        if not isinstance(response, WhiteNoiseFileResponse):
            response.headers["Cache-Control"] = "no-store"
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        _take_the_rest(request)
        return response


def _take_the_rest(request: HttpRequest) -> None:
    """Take what was sent and never read, as of a request that is refused by its key alone.

    A connection that the server closes with something unread in it is reset, and the answer is lost on its way: the
    sender would not know whether the write was done.
    """
    left = MOST_LEFT
    try:
        while left > 0 and (part := request.read(min(left, PART))):
            left -= len(part)
    except UnreadablePostError:
        return


class DomainErrorMiddleware:
    """A refusal that no view turned into its own page becomes one sentence, with the right status."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        refusal = as_refusal(exception)
        if refusal is None or refusal is AWAY:
            return None
        if request.path.startswith("/api/"):
            return plain_problem(refusal)
        page = render(request, "desk/refused.html", {"refusal": refusal}, status=refusal.status)
        for name, value in retry_headers(refusal).items():
            page[name] = value
        return page


class ByKeyMiddleware:
    """Who comes to an operation with an API key and no cookie is led straight to it, past sessions and their pages.

    The operation itself asks whose key it is (accounts.apis); until then the request is nobody's. Whatever stands
    before this one in settings.MIDDLEWARE holds here, too, and the answer is the same as with a cookie.
    """

    def __init__(self, get_response) -> None:
        self.get_response = get_response
        straight = BaseHandler()
        straight._view_middleware = straight._template_response_middleware = []
        straight._exception_middleware = [DomainErrorMiddleware(get_response).process_exception]
        self.straight = convert_exception_to_response(straight._get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        said = request.META
        if (
            said.get("HTTP_COOKIE")
            or said.get("HTTP_AUTHORIZATION", "")[:7].lower() != "bearer "
            or not request.path_info.startswith(API)
        ):
            return self.get_response(request)
        # Refuses a host that is not ours.
        request.get_host()
        request.user = AnonymousUser()
        response = self.straight(request)
        if not response.streaming:
            response.headers.setdefault("Content-Length", str(len(response.content)))
        response.headers.setdefault("Vary", "Cookie")
        return response
