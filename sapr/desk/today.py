"""The first page: what is due, by role; someone with several posts sees all of it together."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts import selectors as staff
from accounts import staffing
from accounts.admin import certification_lines
from accounts.models import Role
from notifications import selectors as notices
from notifications.lateness import selectors as lateness
from reports import access
from reports.breakglass import selectors as break_glass
from reports.casework.cmg import selectors as cmg
from reports.casework.moves import selectors as moves
from reports.casework.selectors import closed_from_above
from reports.disclosure.selectors import statements_waiting
from sapr import clock
from sapr.desk import even
from sapr.desk.pages import page, render
from sapr.desk.today_programme import programme
from sapr.desk.today_work import CAP, counted, work

# How many duties of others are told one by one.
TOLD = 8


@page()
def today(request: HttpRequest) -> HttpResponse:
    """What needs this person now: notices, duties, new contacts, the inbox, staff; as their posts say."""
    now, viewer = clock.now(), request.user
    roles = staff.roles_of(viewer, now)
    context: dict[str, Any] = {"now": now, "roles": roles, "certification": _certification(viewer, now)}
    if access.VERBS["case_view"] & roles:
        context |= work(viewer, now, roles)
    if roles - access.VERBS["case_view"] - {Role.PROGRAMME_MANAGER}:
        context["posts"] = staff.posts_of(viewer, now)
        context["inbox"] = notices.inbox_page(viewer=viewer, at=now, first=0, posts=context["posts"])
    if Role.PROGRAMME_MANAGER in roles:
        context |= programme(viewer, now)
    if access.VERBS["see_reminders"] & roles:
        context |= _told(viewer, now, context.get("told_of", {}))
    if access.VERBS["cmg_keep"] & roles:
        context["standing"] = cmg.this_month(viewer=viewer, at=now)
        context["offers"] = moves.offers(viewer=viewer)
        context["closed_above"] = closed_from_above(viewer=viewer, at=now)
    if access.VERBS["see_handovers"] & roles:
        context["leaving"] = moves.leaving(viewer=viewer, at=now)
        context["without"] = moves.without_sarc(viewer=viewer)
    if access.VERBS["break_glass_decide"] & roles:
        context["decide"] = break_glass.waiting(viewer=viewer, at=now)
    if access.VERBS["decide_exception"] & roles:
        context["statements"] = statements_waiting(viewer=viewer)
    answer = render(request, "desk/today.html", _("Today"), context)
    return even.padded(answer) if "inbox" in context else answer


def _certification(viewer, now: datetime) -> dict[str, Any] | None:
    """What a SARC or SAPR VA should know of the own certification: that it lapses soon, or is not in force."""
    if staffing.advocates_without(now).filter(pk=viewer.pk).exists():
        return {"missing": True}
    found = staffing.certification_of(viewer, now)
    lines = certification_lines(now, [found] if found else [])
    return lines[0] if lines and lines[0]["soon"] else None


def _told(viewer, now: datetime, own: dict) -> dict[str, Any]:
    """The duties of others that the viewer's posts were told of, without those shown as their own."""
    found = [row for row in lateness.told(viewer=viewer, at=now)[: CAP + 1] if row.duty_id not in own]
    return {"told": found[:TOLD], "told_number": counted(found), "told_more": len(found) > TOLD}
