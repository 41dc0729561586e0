"""One evening of the Case Management Group, case by case: who stays in the room, and what the meeting opened."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from reports import access, policy
from reports.casework.cmg.models import AgendaLine, Meeting
from reports.casework.models import Assignment
from reports.ledger.models import Event
from reports.obligations.models import Duty, DutyState

# Who is in the room for a case: those who work on it, chair and co-chair; nobody brings privileged talk.
ROOM = ("CMG-12", "CMG-13", "CMG-15")


class Room(NamedTuple):
    """Who works on this case, as far as the viewer may know; who leaves after the case before it, and who comes in."""

    stay: list[str]
    leave: list[str]
    enter: list[str]
    known: bool


def rules(on: datetime) -> list[policy.Rule]:
    """The rules about who is in the room."""
    return [policy.rule(each, on=on.date()) for each in ROOM]


def room(*, viewer, line: AgendaLine, before: AgendaLine | None) -> Room:
    """The people of a line and of the one before it. Names only of cases that the viewer works on (CMG-12)."""
    here = _people(viewer, line)
    there = _people(viewer, before) if before else {}
    both = here.keys() & there.keys()
    return Room(
        sorted(here.values()),
        sorted(name for key, name in there.items() if key not in both) if here else [],
        sorted(name for key, name in here.items() if key not in both),
        bool(here),
    )


def _people(viewer, line: AgendaLine) -> dict:
    rows = access.rows(viewer, "case_view", Assignment).filter(case=line.case_id, ended_at=None)
    return dict(rows.values_list("user_id", "user__display_name"))


def opened(*, viewer, meeting: Meeting) -> QuerySet[Duty]:
    """The duties that stand open because this meeting was held, of the viewer's cases; the first that is due on top."""
    held = access.rows(viewer, "case_view", Event).filter(kind="cmg_held", data__meeting=str(meeting.pk))
    rows = access.rows(viewer, "case_view", Duty).filter(
        opened_event__in=held.values("pk"), state=DutyState.OPEN
    )
    return rows.select_related("case", "case__installation").order_by("due_at", "id")
