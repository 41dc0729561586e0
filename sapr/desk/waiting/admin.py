"""The page *Waiting*: what others wait for from the viewer, and what the viewer waits for from others."""

from collections.abc import Iterable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from reports import access
from sapr import clock
from sapr.desk import even
from sapr.desk.pages import page, render
from sapr.desk.waiting import by_me, for_me, kits
from sapr.desk.waiting.lines import Line, Source, in_order

FOR_ME = (*for_me.SOURCES, *kits.FOR_ME)
BY_ME = (*by_me.SOURCES, *kits.BY_ME)
# Who has anything to wait for at all.
ROLES = frozenset().union(*(access.VERBS[source.verb] for source in (*FOR_ME, *BY_ME)))


def lines(sources: Iterable[Source], viewer, now: datetime) -> list[Line]:
    """The lines of every source whose verb the viewer's posts include."""
    return in_order(
        line
        for source in sources
        if access.may(viewer, source.verb, now)
        for line in source.lines(viewer, now)
    )


@page()
def waiting(request: HttpRequest) -> HttpResponse:
    """Both lists. Its length in bytes comes in whole blocks: some who read it also have an inbox."""
    now, viewer = clock.now(), request.user
    context = {
        "now": now,
        "mine": lines(FOR_ME, viewer, now),
        "asked": lines(BY_ME, viewer, now),
    }
    return even.padded(render(request, "desk/waiting.html", _("Waiting"), context))


urls = [path("waiting/", waiting, name="waiting")]
