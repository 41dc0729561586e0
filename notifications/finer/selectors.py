"""Reads of finer words: whoever is on the case, and the second person, who sees what waits and nothing of the case."""

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from notifications.finer.models import FinerState, FinerWording
from notifications.models import Notice
from reports import access
from sapr.errors import NotFoundError


def of_notice(*, viewer, notice: Notice) -> QuerySet[FinerWording]:
    """What was proposed for a notice of the viewer's cases, the latest first; the consent stays sealed."""
    rows = access.rows(viewer, "case_view", FinerWording).filter(notice=notice).defer("consent")
    return rows.select_related("proposed_by", "decided_by").order_by("-proposed_at", "id")


def decidable(*, viewer) -> QuerySet[FinerWording]:
    """What waits for a second person, and what the viewer decided, the latest first; programme managers only."""
    access.require(viewer, "decide_finer")
    rows = access.rows(viewer, "decide_finer", FinerWording).defer("consent")
    return rows.select_related("proposed_by", "decided_by").order_by("-proposed_at", "id")


def waiting(*, viewer, at: datetime) -> QuerySet[FinerWording]:
    """What waits for a second person and has not run out."""
    return decidable(viewer=viewer).filter(state=FinerState.PROPOSED, expires_at__gt=at)


def finer_get(*, viewer, finer_id: UUID) -> FinerWording:
    """One proposal for the second person, or NotFoundError."""
    row = decidable(viewer=viewer).filter(pk=finer_id).first()
    if row is None:
        raise NotFoundError
    return row


def is_second_person(row: FinerWording, person) -> bool:
    """Whether the database lets this person decide: nobody stands behind both, and no appointment came since."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sapr_independent(%s, %s, %s)", [row.proposed_by_id, row.proposed_at, person.pk]
        )
        return cursor.fetchone()[0] and person.pk != row.proposed_by_id


def outlived(row: FinerWording) -> bool:
    """Whether the case was corrected after the words were proposed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sapr_finer_outlived(%s)", [row.pk])
        return cursor.fetchone()[0]


def another_stands(row: FinerWording) -> bool:
    """Whether other finer words of this line of command were approved since, or wait to be placed; not which."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sapr_finer_nearby(%s)", [row.pk])
        return cursor.fetchone()[0]
