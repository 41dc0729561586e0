"""A page to print and hand over: what follows from each option (R24). It holds the rules of the day and no case."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from reports.adoption.selectors import basis
from reports.election.flow import flow_of
from reports.election.flowchart import draw
from reports.election.models import Election
from sapr import clock
from sapr.desk.pages import page, render
from sapr.errors import DomainError


@page("ask_rules")
def flowchart(request: HttpRequest, option: str) -> HttpResponse:
    """The flow of one option, by the rules and policy settings in force now."""
    if option not in Election.values:
        raise DomainError("unknown_option", "Choose Restricted or Unrestricted.", status=404)
    now = clock.now()
    flow = flow_of(option, at=now, basis=basis(service=None, on=now.date(), at=now))
    context = {
        "flow": flow,
        "picture": draw(flow),
        "name": Election(option).label,
        "on": now.date(),
        "others": [(value, words) for value, words in Election.choices if value != option],
    }
    return render(request, "desk/flowchart.html", "What follows", context)


urls = [path("flowchart/<slug:option>/", flowchart, name="flowchart")]
