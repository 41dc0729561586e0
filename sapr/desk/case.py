"""The case page: where it stands, what to do next, every clock, notice, kit and event."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from accounts import selectors as staff
from notifications import selectors as notices
from notifications.acknowledging.selectors import proofs
from notifications.models import Notice, NoticeKind, NoticeState
from reports import access
from reports.breakglass import admin as emergency
from reports.breakglass.selectors import of_case
from reports.casework.selectors import assigned, closed_from_above
from reports.election import selectors as election
from reports.election.models import Case, CaseState
from reports.evidence.selectors import case_kits
from reports.ledger.selectors import case_events
from reports.obligations import admin as duties
from reports.obligations.models import DutyState
from reports.obligations.selectors import case_duties
from sapr import clock
from sapr.desk.case_links import links
from sapr.desk.forms import DeskForm
from sapr.desk.pages import page, render
from sapr.desk.spoken import worded
from sapr.desk.words import label

# Plain vocabulary of an event's data that is worth a reader's time; ids and digests are not.
TOLD = (
    "kind",
    "rule",
    "from",
    "answer",
    "care",
    "means",
    "by",
    "election",
    "form",
    "edition",
    "purpose",
    "reason",
    "letter",
    "service",
    "outcome",
    "updater",
    "topic",
    "category",
    "reported",
)
# Bookkeeping of the house itself: kept and shown on request, out of the way of what happened.
BOOKKEEPING = frozenset(
    {"sealed_opened", "duty_opened", "duty_discharged", "duty_ended", "notice_composed", "sarc_assigned"}
)
SAME = timedelta(minutes=1)
# Nothing is asked of these but what is due: inquiries, limited information, closed.
_RESTING = frozenset({CaseState.SRI, CaseState.SRI_CATCH, CaseState.OPEN_LIMITED_INFO, CaseState.CLOSED})


@dataclass(frozen=True)
class Next:
    """The one thing to do next."""

    text: str
    button: str
    url: str
    why: str = ""


@page("case_view")
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The case without its sealed parts."""
    found = election.case_get(viewer=request.user, case_id=case_id)
    return _case(request, found, opened=None)


@page("case_work", "emergency_open")
def case_open(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The case with its sealed parts in clear; POST only, and recorded."""
    if request.method != "POST":
        return redirect("admin:case", case_id=case_id)
    found = election.case_get(viewer=request.user, case_id=case_id)
    purpose = "case_work" if access.may_on(request.user, "case_work", found) else "emergency"
    parts = election.sealed_parts(viewer=request.user, case=found, purpose=purpose, at=clock.now())
    return _case(request, found, opened=_readable(parts))


def _readable(parts: dict[str, dict[str, str]]) -> list[tuple[str, str]]:
    titles = {str(post.pk): f"{post.title} ({post.location.name})" for post in staff.posts()}
    lines = [(name, value) for part in parts.values() for name, value in part.items()]
    return [
        (
            label(name),
            titles.get(value, value)
            if name.endswith("_post")
            else label(value)
            if name == "place"
            else value,
        )
        for name, value in lines
    ]


def _case(request: HttpRequest, found: Case, *, opened: list[tuple[str, str]] | None) -> HttpResponse:
    viewer, now = request.user, clock.now()
    report = getattr(found, "report", None)
    told = list(notices.case_notices(viewer=viewer, case=found))
    read = proofs(viewer=viewer, case=found) if told else {}
    for each in told:
        each.proof = read.get(each.pk)
    drawn = duties.lines(case_duties(viewer=viewer, case=found), now)
    lines = [_with_notice(line, told) for line in drawn]
    events = list(case_events(viewer=viewer, case=found))
    names = staff.names_of(event.actor_id for event in events)
    kinds = {event.kind for event in events}
    # Who sees the case in an emergency is offered nothing that they could not do.
    works = access.may_on(viewer, "case_work", found)
    context = {
        "case": found,
        "report": report,
        "now": now,
        "zone": found.installation.zone,
        "opened": opened,
        "open_form": DeskForm(),
        "works": works,
        "closed_above": closed_from_above(viewer=viewer, at=now, case=found),
        "next": _next(found, report, told, lines, kinds, access.may(viewer, "release_notice", now))
        if works
        else None,
        "emergencies": emergency.lines(of_case(viewer=viewer, case=found), now),
        "steps": _steps(found, report, told, kinds),
        "open_duties": [each for each in lines if each.duty.state == DutyState.OPEN],
        "closed_duties": [each for each in lines if each.duty.state != DutyState.OPEN],
        "notices": told,
        "kits": case_kits(viewer=viewer, case=found),
        "forms": election.case_forms(viewer=viewer, case=found),
        "people": assigned(viewer=viewer, case=found),
        "events": [_event(event, names) for event in reversed(events) if event.kind not in BOOKKEEPING],
        "records": [_event(event, names) for event in reversed(events)],
        "links": links(viewer, found) if works else [],
    }
    return render(request, "desk/case.html", "Case", context)


def _event(event, names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "event": event,
        "who": names.get(event.actor_id, "the system"),
        "told": ", ".join(worded(event.data[key], key) for key in TOLD if event.data.get(key)),
        "recorded_later": event.recorded_at - event.occurred_at >= SAME,
    }


def _with_notice(line: duties.DutyLine, told: list[Notice]) -> duties.DutyLine:
    """A duty that a notice fulfils leads to that notice."""
    notice = next((each for each in told if each.duty_id == line.duty.pk), None)
    if notice is None:
        return line
    return replace(line, url=reverse("admin:notice", args=[notice.pk]), action="Review the notice")


def _next(
    found: Case, report, told: list[Notice], lines: list[duties.DutyLine], kinds: set[str], may_release: bool
) -> Next | None:
    if found.walked_away_at:
        return None
    # That somebody else is to acknowledge a notice is nothing that the reader could do next.
    ours = (each for each in lines if each.duty.kind != "acknowledge_notice")
    due = next((each for each in ours if each.duty.state == DutyState.OPEN), None)
    if found.state in _RESTING:
        return _of_duty(due) if due else None
    if report is None:
        if "options_decided" not in kinds:
            return Next(
                "Ask the eligibility questions",
                "Ask the questions",
                reverse("admin:questions", args=[found.pk]),
            )
        return Next(
            "Go through the options, then sign", "See the options", reverse("admin:options", args=[found.pk])
        )
    for notice in told:
        if notice.state == NoticeState.COMPOSED and notice.kind == NoticeKind.RESTRICTED and may_release:
            url = reverse("admin:notice", args=[notice.pk])
            return Next("Read the commander notice and release it", "Review the notice", url)
    if due:
        return _of_duty(due)
    return Next(
        "Nothing is due. Record what you do.", "Record a step", reverse("admin:steps", args=[found.pk])
    )


def _of_duty(line: duties.DutyLine) -> Next:
    return Next(
        line.sentence,
        line.action,
        line.url,
        _("Rule %(rule)s: %(sentence)s") % {"rule": line.duty.rule, "sentence": line.rule_sentence},
    )


def _steps(found: Case, report, told: list[Notice], kinds: set[str]) -> list[dict[str, Any]]:
    """The way of a case: (label, done). The first that is not done is the present one."""
    if report is None and found.state in _RESTING:
        return []
    placed = bool(told) and all(notice.state == NoticeState.PLACED for notice in told)
    way = [
        ("Contact opened", True),
        ("Options decided", "options_decided" in kinds),
        ("Election signed", report is not None),
        ("Commander told", placed),
    ]
    first_open = next((name for name, done in way if not done), None)
    closed = bool(found.walked_away_at)
    return [
        {"label": name, "state": "done" if done else "now" if name == first_open and not closed else "later"}
        for name, done in way
    ]


urls = [
    path("cases/<uuid:case_id>/", case, name="case"),
    path("cases/<uuid:case_id>/open/", case_open, name="case_open"),
]
