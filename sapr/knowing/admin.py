"""The page of one case: who knew what, when, by which rule."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from notifications.strength.labels import rung_label
from reports import access
from reports.ledger.selectors import case_events
from sapr import clock
from sapr.desk.pages import page, render
from sapr.knowing import selectors, services
from sapr.knowing.lines import Line
from sapr.knowing.reading import book
from sapr.knowing.words import HOWS, SILENT

# What the list can be narrowed to.
ALL, LOOKS, OUTSIDE = "", "looks", "outside"


@page("see_knowledge")
def knowledge(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The account, newest act first; the look at it is an event of the case, and stands in it."""
    viewer, now = request.user, clock.now()
    case = access.case_for(viewer, case_id, "see_knowledge")
    services.knowledge_shown(actor=viewer, case_id=case.pk, at=now)
    lines = selectors.lines_of(viewer=viewer, case=case)
    only = request.GET.get("only", ALL)
    shown, older = selectors.older_than(
        [each for each in lines if _wanted(each, only)], before_of(request.GET), selectors.ACTS_SHOWN
    )
    last = case_events(viewer=viewer, case=case).last()
    context = {
        "case": case,
        "zone": case.installation.zone,
        "known": selectors.known(lines),
        "shown": [drawn(each) for each in shown],
        "only": only,
        "older": older,
        "filters": [
            (ALL, _("Everybody")),
            (OUTSIDE, _("Posts and bodies outside the case")),
            (LOOKS, _("Looks")),
        ],
        "silent": SILENT.values(),
        "last": last,
        "last_hash": bytes(last.hash).hex(),
    }
    return render(request, "desk/knowledge.html", _("Who knew what"), context)


def drawn(line: Line) -> dict[str, object]:
    """A line with its words."""
    return {
        "line": line,
        "how": HOWS[line.how],
        "rung": rung_label(line.rung) if line.rung else "",
        "why": line.purpose,
    }


def before_of(asked) -> int | None:
    """The number of the event before which the list goes on; None for what is no number."""
    given = asked.get("before", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def _wanted(line: Line, only: str) -> bool:
    if only == LOOKS:
        return book().kinds[line.act.kind].look
    return only != OUTSIDE or line.who.sort != "person"


urls = [path("cases/<uuid:case_id>/who-knew/", knowledge, name="knowledge")]
