"""Reads of meetings, as seen by a viewer: the lines of one's own cases, all of them for chair and co-chair."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import QuerySet

from accounts.models import Location, Role, User
from accounts.selectors import holders_of, holders_under, installations_of
from reports import access, policy
from reports.casework.cmg.models import AgendaLine, Attendance, Meeting, MeetingKind, Minutes, Outcome
from reports.ruled import ruled
from sapr.errors import NotFoundError


def meetings(*, viewer) -> QuerySet[Meeting]:
    """The meetings of the installations where the viewer belongs to the group, the latest first."""
    rows = access.rows(viewer, "cmg_attend", Meeting).select_related("installation", "chair", "co_chair")
    return rows.order_by("-month", "kind", "id")


def meeting_get(*, viewer, meeting_id: UUID) -> Meeting:
    """One of them, or NotFoundError."""
    found = meetings(viewer=viewer).filter(pk=meeting_id).first()
    if found is None:
        raise NotFoundError
    return found


def lines(*, viewer) -> QuerySet[AgendaLine]:
    """The lines that the viewer may see (CMG-12, CMG-13), those carried over first (DB-10)."""
    mine = access.rows(viewer, "case_view", AgendaLine)
    seated = access.rows(viewer, "cmg_attend", AgendaLine)
    rows = AgendaLine.objects.filter(pk__in=mine.values("pk").union(seated.values("pk")))
    return rows.select_related("meeting__installation").order_by("-carried_over", "number")


def case_lines(*, viewer, case) -> QuerySet[AgendaLine]:
    """The meetings on whose agenda one of the viewer's cases stood, the latest first; no line that was dropped."""
    rows = access.of_case(viewer, "case_view", AgendaLine, case).exclude(outcome=Outcome.DROPPED)
    return rows.select_related("meeting").order_by("-meeting__scheduled_at", "id")


def line_get(*, viewer, line_id: UUID) -> AgendaLine:
    """One line, or NotFoundError: whether it is of others or of nobody."""
    found = lines(viewer=viewer).filter(pk=line_id).first()
    if found is None:
        raise NotFoundError
    return found


def agenda(*, viewer, meeting: Meeting) -> tuple[list[AgendaLine], int]:
    """The lines of a meeting that the viewer sees, and how many more there are."""
    seen = list(lines(viewer=viewer).filter(meeting=meeting).exclude(outcome=Outcome.DROPPED))
    with connection.cursor() as cursor:
        cursor.execute("SELECT sapr_agenda_count(%s)", [meeting.pk])
        return seen, cursor.fetchone()[0] - len(seen)


def attendance(*, viewer, meeting: Meeting) -> QuerySet[Attendance]:
    """Who came to the meeting, and which SARC did not."""
    rows = access.rows(viewer, "cmg_attend", Attendance).filter(meeting=meeting)
    return rows.select_related("user").order_by("-present", "member", "user__display_name")


def minutes_of(*, viewer, line: AgendaLine) -> Minutes | None:
    """The minutes of a line, for who works on its case; None when there are none, or not for the viewer."""
    rows = access.rows(viewer, "case_view", Minutes).filter(line=line)
    return rows.select_related("kept_by").first()


def questions(line: AgendaLine, at: datetime) -> tuple[policy.Saying, ...]:
    """What the rules want to be asked about this case in the group (CMG-18 to CMG-29), and who is to see to it."""
    if line.limited:
        facts: Mapping[str, Any] = {"state": "OPEN_LIMITED_INFO"}
    else:
        facts = {"election": "unrestricted", "works_on_this_case": True} | line.known
    said = ruled("cmg_agenda", facts, at=at, zone=line.meeting.installation.zone)
    return tuple(each for each in said.says if each.effect == "require")


def quarterly(at: datetime, zone: str) -> policy.Saying | None:
    """What is known of a quarterly meeting: that there is one (CMG-30); None before the rule."""
    said = ruled("cmg_agenda", {"quarterly_meeting": True}, at=at, zone=zone).says
    return next((each for each in said if each.effect == "tell"), None)


def may_chair(meeting: Meeting, at: datetime) -> QuerySet[User]:
    """Who may chair: whoever holds the post of the installation's commander now (CMG-01, CMG-02)."""
    return holders_of(meeting.chair_post, at).order_by("display_name")


def sarcs(installation: Location, at: datetime) -> QuerySet[User]:
    """Every SARC of the installation: all are expected (CMG-07)."""
    return holders_under(installation, Role.SARC, at)


class Standing(NamedTuple):
    """How an installation stands this month. `meeting`: None when none was called."""

    installation: Location
    meeting: Meeting | None


def this_month(*, viewer, at: datetime) -> list[Standing]:
    """For each installation whose SARC the viewer is, where this month's meeting is not held yet (CK-05)."""
    found = []
    for place in installations_of(viewer, at, [Role.SARC]):
        month = at.astimezone(ZoneInfo(place.zone)).date().replace(day=1)
        row = (
            meetings(viewer=viewer).filter(installation=place, kind=MeetingKind.MONTHLY, month=month).first()
        )
        if row is None or row.held_at is None:
            found.append(Standing(place, row))
    return found
