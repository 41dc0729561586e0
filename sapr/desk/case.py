"""The case page: where it stands, what to do next, every clock, who knows and has what, what happened, who looked."""

from dataclasses import replace
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from accounts import selectors as staff
from notifications import selectors as notices
from notifications.acknowledging.selectors import proofs
from notifications.models import Notice
from reports import access
from reports.breakglass import admin as emergency
from reports.breakglass.selectors import of_case
from reports.casework.selectors import assignments, closed_from_above
from reports.disclosure.selectors import LEAKS, case_disclosures, leaks_in
from reports.election import selectors as election
from reports.election.models import Case, CaseState
from reports.ledger.models import Event
from reports.ledger.selectors import case_events
from reports.obligations import admin as duties
from reports.obligations.models import Duty, DutyState
from reports.obligations.selectors import case_duties
from sapr import clock, paging
from sapr.desk import case_parts, timeline
from sapr.desk.case_links import links
from sapr.desk.case_next import next_step, steps
from sapr.desk.forms import DeskForm
from sapr.desk.pages import page, render
from sapr.desk.words import label
from sapr.knowing.acts import of_event
from sapr.knowing.admin import drawn
from sapr.knowing.deriving import SPINE, Account
from sapr.knowing.directory import Directory
from sapr.knowing.reading import book

CLOSED_SHOWN, LOOKS_SHOWN = 12, 8
# The few events that tell how the case stood, read whole; all others a page at a time.
STANDING = {*SPINE, *case_parts.WISHES, *LEAKS, "cmg_held"}
LOOKS = frozenset(book().looks())


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
    # Who sees the case in an emergency is offered nothing that they could not do.
    works = access.may_on(viewer, "case_work", found)
    told = list(notices.case_notices(viewer=viewer, case=found))
    read = proofs(viewer=viewer, case=found) if told else {}
    for each in told:
        each.proof = read.get(each.pk)
    lines, older_duties = _duties(request, found, told, now)
    decided = report is not None or _happened(viewer, found, "options_decided")
    context = {
        "case": found,
        "report": report,
        "now": now,
        "zone": found.installation.zone,
        "opened": opened,
        "open_form": DeskForm(),
        "works": works,
        "sees_knowledge": access.may_on(viewer, "see_knowledge", found),
        "closed_above": closed_from_above(viewer=viewer, at=now, case=found)
        if found.state == CaseState.CLOSED
        else [],
        "next": next_step(
            found,
            report,
            told,
            lines,
            decided=decided,
            may_release=access.may(viewer, "release_notice", now),
        )
        if works
        else None,
        "emergencies": emergency.lines(of_case(viewer=viewer, case=found), now),
        "steps": steps(found, report, told, decided=decided),
        "open_duties": [each for each in lines if each.duty.state == DutyState.OPEN],
        "closed_duties": [each for each in lines if each.duty.state != DutyState.OPEN],
        "older_duties": older_duties,
        "people": assignments(viewer=viewer, case=found),
        "consents": case_parts.consents(viewer=viewer, case=found),
        "evidence": case_parts.evidence(viewer=viewer, case=found, report=report, at=now),
        "forms": election.case_forms(viewer=viewer, case=found),
        "disclosures": case_disclosures(viewer=viewer, case=found) if report is not None else [],
        "links": links(viewer, found) if works else [],
    }
    context |= _from_the_record(request, found, told)
    return render(request, "desk/case.html", _("Case"), context)


def _duties(
    request: HttpRequest, found: Case, told: list[Notice], now
) -> tuple[list[duties.DutyLine], str | None]:
    """Every open duty and a page of those that are closed, newest first; and where the older ones begin."""
    of_this = case_duties(viewer=request.user, case=found)
    query = {"cursor": request.GET.get("duties", ""), "limit": CLOSED_SHOWN}
    closed = of_this.exclude(state=DutyState.OPEN).order_by("-due_at", "id")
    rest = paging.page(closed, by="due_at", newest_first=True, query=query, show=_itself)
    drawn_lines = duties.lines([*of_this.filter(state=DutyState.OPEN), *rest["items"]], now)
    return [_with_notice(line, told) for line in drawn_lines], rest["next"]


def _itself(duty: Duty) -> Duty:
    return duty


def _with_notice(line: duties.DutyLine, told: list[Notice]) -> duties.DutyLine:
    """A duty that a notice fulfils leads to that notice."""
    notice = next((each for each in told if each.duty_id == line.duty.pk), None)
    if notice is None:
        return line
    return replace(line, url=reverse("admin:notice", args=[notice.pk]), action=_("Review the notice"))


def _happened(viewer, found: Case, kind: str) -> bool:
    return case_events(viewer=viewer, case=found).filter(kind=kind).exists()


def _from_the_record(request: HttpRequest, found: Case, told: list[Notice]) -> dict[str, object]:
    """What is read from the case's events: its timeline, who looked, who read the notices, wishes, meetings, leaks."""
    viewer, asked = request.user, timeline.asked_for(request.GET)
    events = _read(case_events(viewer=viewer, case=found), asked)
    shown = asked.among(events)
    looks = [each for each in reversed(events) if each.kind in LOOKS]
    standing = [each for each in events if each.kind in STANDING]
    directory = Directory(of_event(each) for each in (*shown, *looks))
    account = Account([of_event(each) for each in standing if each.kind in SPINE], directory)
    held = {each.data["meeting"]: each for each in standing if each.kind == "cmg_held"}
    openings = [each for each in looks if each.data.get("purpose") == "inbox"]
    return {
        "timeline": timeline.drawn(asked, shown, found.installation.zone, directory.name, _("the system")),
        "looks": [drawn(line) for each in looks[:LOOKS_SHOWN] for line in account.lines(of_event(each))],
        "notices": case_parts.notices_told(told, openings, directory),
        "wishes": case_parts.wishes(standing),
        "meetings": case_parts.meetings(viewer=viewer, case=found, held=held) if told or held else [],
        "leaks": leaks_in(standing),
    }


def _read(rows: QuerySet[Event], asked: timeline.Asked) -> list[Event]:
    """In one question, in order: the page that is asked for, the last looks, every reading of an inbox, what stands."""
    looks = rows.filter(kind__in=LOOKS).order_by("-seq").values("pk")[:LOOKS_SHOWN]
    wanted = Q(pk__in=asked.page(rows).values("pk")) | Q(pk__in=looks) | Q(kind__in=STANDING)
    wanted |= Q(kind="sealed_opened", data__purpose="inbox")
    return list(rows.filter(wanted).defer("canonical", "prev_hash"))


urls = [
    path("cases/<uuid:case_id>/", case, name="case"),
    path("cases/<uuid:case_id>/open/", case_open, name="case_open"),
]
