"""The pages that describe the REST door: for everybody signed in, from this system alone, without a script."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from sapr.contract import reading
from sapr.desk.pages import page, render


@page()
def operations(request: HttpRequest) -> HttpResponse:
    """All operations, by the first word of their address."""
    return render(request, "desk/api.html", _("REST API"), {"groups": reading.groups()})


@page()
def operation(request: HttpRequest, operation: str) -> HttpResponse:
    """One operation: what it takes, what it gives, how it refuses, and its curl line."""
    found = reading.operation(operation)
    if found is None:
        raise Http404
    return render(request, "desk/api_operation.html", _("REST API: one operation"), {"operation": found})


urls = [path("api/", operations, name="api"), path("api/<slug:operation>/", operation, name="api_operation")]
