"""Response rules that hold for every page, and refusals turned into pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sapr.problems import as_refusal, plain_problem


class NoStoreMiddleware:
    """Nothing that a person reads here may stay in a cache. Static files are whitenoise's, before this."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
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
        return render(request, "desk/refused.html", {"refusal": refusal}, status=refusal.status)
