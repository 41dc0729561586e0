"""Reads of who works on a case, as seen by a viewer."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import QuerySet

from accounts.models import User
from accounts.selectors import names_of
from reports import access, policy
from reports.casework.closing_above import CLOSERS
from reports.casework.models import Assignment, CaseRole
from reports.election.models import Case, CaseState
from reports.ledger.models import Event


def assigned(*, viewer, case) -> list[tuple[str, str]]:
    """(name shown, role) of everybody assigned to one of the viewer's cases now."""
    rows = access.of_case(viewer, "case_view", Assignment, case).filter(ended_at=None)
    return list(rows.order_by("started_at", "id").values_list("user__display_name", "role"))


def assignments_of(*, viewer, case) -> QuerySet[Assignment]:
    """Everybody who is or was on one of the viewer's cases, in the order in which they came."""
    rows = access.of_case(viewer, "case_view", Assignment, case).select_related("user")
    return rows.order_by("started_at", "id")


def assignments(*, viewer, case) -> list[Assignment]:
    """The same, read."""
    return list(assignments_of(viewer=viewer, case=case))


def works_as(*, viewer, case, role: str) -> bool:
    """Whether the viewer is on the case in this role."""
    rows = access.of_case(viewer, "case_view", Assignment, case).filter(user=viewer, ended_at=None)
    return rows.filter(role=role).exists()


def vas_on(*, viewer, case) -> QuerySet[User]:
    """The SAPR VAs on one of the viewer's cases now, by the name shown."""
    rows = access.of_case(viewer, "case_view", Assignment, case).filter(role=CaseRole.VA, ended_at=None)
    return User.objects.filter(pk__in=rows.values("user")).order_by("display_name")


class ClosedAbove(NamedTuple):
    """That a case was closed by its number from a command above: which, by whom (the name shown), when."""

    case: Case
    who: str
    closed_at: datetime


def closed_from_above(*, viewer, at: datetime, case: Case | None = None) -> list[ClosedAbove]:
    """The viewer's cases, as their SARC, that somebody above closed and nobody opened again (CL-5, CL-6); newest first.

    All of the last days, as many as an alarm is shown; of one `case`, whenever it was.
    """
    cases = (
        access.rows(viewer, "move_case", Case).filter(state=CaseState.CLOSED).select_related("installation")
    )
    said = access.rows(viewer, "case_view", Event, few=True).filter(kind="case_closed")
    if case is not None:
        cases, said = cases.filter(pk=case.pk), said.filter(case_id=case.pk)
    else:
        days = policy.access_rules(at.date()).limits["alarm_shown_days"]
        lately = said.filter(data__has_key="closer", recorded_at__gt=at - timedelta(days=days))
        closed = list(lately.values_list("case_id", flat=True))
        if not closed:
            return []
        said = said.filter(case_id__in=closed)
    # The last closing of each counts: whoever opened it again may have closed it since.
    last = {event.case_id: event for event in said.order_by("seq")}
    above = {pk: event for pk, event in last.items() if event.data.get("closer") in CLOSERS}
    if not above:
        return []
    names = names_of(event.actor_id for event in above.values())
    found = [
        ClosedAbove(each, names[above[each.pk].actor_id], above[each.pk].occurred_at)
        for each in cases.filter(pk__in=above)
    ]
    return sorted(found, key=lambda each: each.closed_at, reverse=True)
