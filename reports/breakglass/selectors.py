"""Reads of requests for emergency access, as seen by a viewer."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from reports import access, policy
from reports.breakglass.models import BreakGlass, BreakGlassState
from reports.vault.services import open_sealed
from sapr.errors import DomainError, NotFoundError


def own_requests(*, viewer) -> QuerySet[BreakGlass]:
    """What the viewer asked for, newest first. What became of it is `standing`'s to say, and no more."""
    return (
        access.rows(viewer, "break_glass_ask", BreakGlass).select_related("case").order_by("-asked_at", "id")
    )


def waiting(*, viewer, at: datetime) -> QuerySet[BreakGlass]:
    """The requests of others that the viewer may decide now, those that end first at the top."""
    found = access.rows(viewer, "break_glass_decide", BreakGlass, at).exclude(asked_by=viewer)
    found = found.filter(state=BreakGlassState.ASKED, answer_by__gt=at)
    return found.select_related("asked_by", "installation").order_by("answer_by", "id")


def about_my_cases(*, viewer, at: datetime) -> QuerySet[BreakGlass]:
    """Who asked for the viewer's cases in the last days, newest first: whoever is on a case learns it at once."""
    days = policy.access_rules(at.date()).limits["break_glass_shown_days"]
    found = access.rows(viewer, "case_view", BreakGlass, at, few=True).filter(
        asked_at__gt=at - timedelta(days=days)
    )
    return found.select_related("asked_by", "case").order_by("-asked_at", "id")


def of_case(*, viewer, case) -> QuerySet[BreakGlass]:
    """Every request for one of the viewer's cases, newest first."""
    found = access.of_case(viewer, "case_view", BreakGlass, case)
    return found.select_related("asked_by", "decided_by").order_by("-asked_at", "id")


def request_get(*, viewer, request_id: UUID, at: datetime) -> BreakGlass:
    """One request that the viewer made, may decide, or whose case they are on; NotFoundError otherwise."""
    verbs = ("break_glass_ask", "break_glass_decide", "case_view")
    ids = [access.rows(viewer, verb, BreakGlass, at).values("id") for verb in verbs]
    found = BreakGlass.objects.filter(pk=request_id, id__in=ids[0].union(*ids[1:]))
    request = found.select_related("asked_by", "case", "installation").first()
    if request is None:
        raise NotFoundError
    return request


def standing(request: BreakGlass, at: datetime) -> str:
    """`waiting`, `open`, `ended` or `not_granted`: what anybody is told.

    A refusal, a request nobody answers and one for a case that is not there are the same to its asker: waiting
    until its time is up, then not granted.
    """
    if request.state == BreakGlassState.APPROVED:
        return "open" if request.ended_at is None and request.runs_until > at else "ended"
    return "waiting" if at < request.answer_by else "not_granted"


def is_independent(request: BreakGlass, person) -> bool:
    """Whether the database lets this person decide: nobody stands behind both, and no appointment came since."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sapr_independent(%s, %s, %s)", [request.asked_by_id, request.asked_at, person.pk]
        )
        return cursor.fetchone()[0]


def may_read(*, viewer, request: BreakGlass, at: datetime) -> bool:
    """Whether the viewer may read the reason at this moment; its asker wrote it and never does."""
    if request.asked_by_id == viewer.pk:
        return False
    if access.may_on(viewer, "case_view", request):
        return True
    waits = request.state == BreakGlassState.ASKED and request.answer_by > at
    return waits and access.may_on(viewer, "break_glass_decide", request) and is_independent(request, viewer)


def reason(*, viewer, request: BreakGlass, at: datetime) -> str:
    """The written reason in clear, for who is on the case, and for who may decide while it waits for them.

    The look is an event of the case.
    """
    if not may_read(viewer=viewer, request=request, at=at):
        raise DomainError(
            "not_your_role",
            "The reason is read by whoever is on the case, and by an independent second person while it waits.",
            status=403,
        )
    return open_sealed(record=request, actor=viewer, purpose="second_person", at=at)["reason"]
