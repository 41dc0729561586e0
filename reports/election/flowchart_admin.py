"""Pages to print and hand over: what follows from each option (R24). They hold the rules of the day and no case."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from reports.adoption.selectors import basis
from reports.election.flow import flow_of
from reports.election.flowchart import draw
from reports.election.models import Election
from sapr import clock
from sapr.desk.pages import page, render


@page("ask_rules")
def restricted(request: HttpRequest) -> HttpResponse:
    """The flow of a Restricted report, by the rules and policy settings in force now."""
    return _chart(request, Election.RESTRICTED)


@page("ask_rules")
def unrestricted(request: HttpRequest) -> HttpResponse:
    """The flow of an Unrestricted report, likewise."""
    return _chart(request, Election.UNRESTRICTED)


def _chart(request: HttpRequest, option: Election) -> HttpResponse:
    now = clock.now()
    flow = flow_of(option.value, at=now, basis=basis(service=None, on=now.date(), at=now))
    context = {
        "flow": flow,
        "picture": draw(flow),
        "name": option.label,
        "on": now.date(),
        "others": [(value, words) for value, words in Election.choices if value != option],
    }
    return render(request, "desk/flowchart.html", "What follows", context)


urls = [
    path("flowchart/restricted/", restricted, name="flowchart_restricted"),
    path("flowchart/unrestricted/", unrestricted, name="flowchart_unrestricted"),
]
