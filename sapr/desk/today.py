"""The first page: what is due, by role; someone with several posts sees all of it together."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path

from accounts import selectors as staff
from accounts import staffing
from accounts.admin import certification_lines
from accounts.models import LocationKind, Role
from notifications import selectors as notices
from notifications.finer import selectors as finer
from notifications.lateness import beating
from notifications.lateness import selectors as lateness
from notifications.outside import selectors as outside
from reports import access
from reports.adoption import selectors as adoption
from reports.breakglass import admin as emergency
from reports.breakglass import selectors as break_glass
from reports.casework.cmg import selectors as cmg
from reports.casework.moves import selectors as moves
from reports.casework.selectors import closed_from_above
from reports.disclosure.selectors import statements_waiting
from reports.election import selectors as election
from reports.erasure import selectors as erasure
from reports.exports import selectors as exports
from reports.ledger.models import Event
from reports.ledger.selectors import alarms
from reports.obligations import admin as duties
from reports.obligations import selectors as obligations
from sapr import clock
from sapr.desk import even
from sapr.desk.pages import page, render

SHOWN = 60
PER_PAGE = 40


@page()
def today(request: HttpRequest) -> HttpResponse:
    """What needs this person now: notices, duties, new contacts, the inbox, staff; as their posts say."""
    now, viewer = clock.now(), request.user
    roles = staff.roles_of(viewer, now)
    context: dict[str, Any] = {"now": now, "roles": roles, "certification": _certification(viewer, now)}
    if access.VERBS["case_view"] & roles:
        context |= _work(viewer, now)
    if roles - access.VERBS["case_view"] - {Role.PROGRAMME_MANAGER}:
        context["posts"] = staff.posts_of(viewer, now)
        context["inbox"] = notices.inbox_page(viewer=viewer, at=now, first=0, posts=context["posts"])
    if Role.PROGRAMME_MANAGER in roles:
        context |= _programme(viewer, now)
    if access.VERBS["see_reminders"] & roles:
        own = context.get("told_of", {})
        context["told"] = [
            row for row in lateness.told(viewer=viewer, at=now)[:SHOWN] if row.duty_id not in own
        ]
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
    answer = render(request, "desk/today.html", "Today", context)
    return even.padded(answer) if "inbox" in context else answer


def _certification(viewer, now: datetime) -> dict[str, Any] | None:
    """What a SARC or SAPR VA should know of the own certification: that it lapses soon, or is not in force."""
    if staffing.advocates_without(now).filter(pk=viewer.pk).exists():
        return {"missing": True}
    found = staffing.certification_of(viewer, now)
    lines = certification_lines(now, [found] if found else [])
    return lines[0] if lines and lines[0]["soon"] else None


def _work(viewer, now: datetime) -> dict[str, Any]:
    waiting = list(notices.notices_waiting(viewer=viewer)[:SHOWN])
    waiting_for = {notice.duty_id for notice in waiting}
    # A notice that waits stands at the top of the page already.
    shown = [
        duty for duty in obligations.open_duties(viewer=viewer)[: SHOWN * 4] if duty.pk not in waiting_for
    ]
    return {
        "work": True,
        "notices": waiting,
        "reminded": {each.notice_id for each in notices.reminders_shown(viewer=viewer, at=now)},
        "told_of": lateness.told_of(viewer=viewer, duties=[duty.pk for duty in shown]),
        "groups": duties.grouped(duties.lines(shown, now), now),
        "contacts": election.contacts_open(viewer=viewer)[:SHOWN],
        "emergencies": emergency.lines(break_glass.about_my_cases(viewer=viewer, at=now)[:SHOWN], now),
    }


def _programme(viewer, now: datetime) -> dict[str, Any]:
    advocates = staffing.advocates_by_place(now)
    return {
        "programme": True,
        "reminders": notices.reminders_shown(viewer=viewer, at=now),
        "health": beating.health(clock.keyboard_now()),
        "vacant": staffing.vacant_posts(now),
        "lapsing": [line for line in certification_lines(now) if line["soon"]],
        "alarms": _alarms(viewer, now),
        "dead_channels": outside.dead_channels(),
        "strength": [
            (place.name, [advocates.get((place.pk, role), 0) for role in (Role.SARC, Role.VA)])
            for place in staff.locations().filter(kind=LocationKind.INSTALLATION)
        ],
        "numbers": [
            ("People who may sign in", staff.people().filter(is_active=True).count()),
            ("Appointments in force", staff.appointments(now).count()),
            ("Posts that are vacant", staffing.vacant_posts(now).count()),
            ("Appointments that wait for a second person", staff.appointments_waiting().count()),
            ("Advocates without a certification in force", staffing.advocates_without(now).count()),
            ("Policy changes that wait for a second person", adoption.waiting().count()),
            ("Erasures that wait for a second person", erasure.waiting(viewer=viewer).count()),
            ("Exports that wait for a second person", exports.waiting(viewer=viewer).count()),
            ("Finer words that wait for a second person", finer.waiting(viewer=viewer, at=now).count()),
            ("Messages to outside that were given up", outside.letters(viewer=viewer).count()),
            ("Notices whose release is being awaited", notices.reminded_notices(viewer=viewer, at=now)),
        ],
    }


def _alarms(viewer, now: datetime) -> list[tuple[Event, str]]:
    """Who looked, or read, more than a relationship explains: (event, name) of the last days."""
    found = list(alarms(viewer=viewer, at=now))
    names = staff.names_of(event.actor_id for event in found)
    return [(event, names[event.actor_id]) for event in found]


@page("case_view")
def cases(request: HttpRequest) -> HttpResponse:
    """The viewer's cases, newest first, page by page; no seal is opened."""
    found = election.case_list(viewer=request.user)
    total = found.count()
    pages = max(1, -(-total // PER_PAGE))
    number = min(max(_number(request.GET.get("page", "1")), 1), pages)
    rows = found[(number - 1) * PER_PAGE : number * PER_PAGE]
    context = {"now": clock.now(), "cases": rows, "total": total, "number": number, "pages": pages}
    return render(request, "desk/cases.html", "Cases", context)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1


urls = [path("cases/", cases, name="cases")]
