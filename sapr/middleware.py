"""Response rules that hold for every page, and refusals turned into pages."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from whitenoise.middleware import WhiteNoiseFileResponse

from sapr.problems import as_refusal, plain_problem, retry_headers

# Also on what Django's own middleware answers before a view is chosen: a wrong host, the step to HTTPS.
EVERYWHERE = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


# What pages answer to; operations under /api/ name their own.
METHODS = ("GET", "HEAD", "POST")


class EveryAnswerMiddleware:
    """Nothing that a person reads here may stay in a cache; only whitenoise's own files may."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = request.method in METHODS or request.path.startswith("/api/")
        response = self.get_response(request) if known else HttpResponseNotAllowed(METHODS)
        if not isinstance(response, WhiteNoiseFileResponse):
            response.headers["Cache-Control"] = "no-store"
        for name, value in EVERYWHERE.items():
            response.headers.setdefault(name, value)
        return response


class DomainErrorMiddleware:
    """A refusal that no view turned into its own page becomes one sentence, with the right status."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        refusal = as_refusal(exception)
        if refusal is None:
            return None
        if request.path.startswith("/api/"):
            return plain_problem(refusal)
        page = render(request, "desk/refused.html", {"refusal": refusal}, status=refusal.status)
        for name, value in retry_headers(refusal).items():
            page[name] = value
        return page
