"""Reads of matters, as seen by a viewer."""

from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet

from reports import access
from reports.casework.matters.kinds import KINDS
from reports.casework.matters.models import Matter
from reports.ledger.models import Event
from reports.ledger.selectors import case_events
from sapr.errors import NotFoundError


def case_matters(*, viewer, case) -> list[Matter]:
    """Every matter of one of the viewer's cases: running ones first, then the newest. Opens no seal."""
    found = access.of_case(viewer, "case_view", Matter, case).select_related("case__installation")
    return list(found.order_by(F("ended_at").asc(nulls_first=True), "-opened_at", "id"))


def matters_by_age(*, viewer, case) -> QuerySet[Matter]:
    """Every matter of one of the viewer's cases, the newest first whether it runs or not."""
    return access.rows(viewer, "case_view", Matter).filter(case=case).order_by("-opened_at", "id")


def running(*, viewer, case, kinds: tuple[str, ...] = ()) -> list[Matter]:
    """Those that have not ended, of the kinds named or of all: what closing a case has to ask about."""
    return [
        each
        for each in case_matters(viewer=viewer, case=case)
        if each.ended_at is None and (not kinds or each.kind in kinds)
    ]


def matter_get(*, viewer, case, matter_id: UUID) -> Matter:
    """One matter of one of the viewer's cases, or NotFoundError."""
    row = access.of_case(viewer, "case_view", Matter, case).filter(pk=matter_id).first()
    if row is None:
        raise NotFoundError
    return row


def matter_events(*, viewer, matter: Matter) -> list[Event]:
    """The events of a matter and of its parts, in the order of the chain."""
    parts = access.rows(viewer, "case_view", Matter).filter(parent=matter).values_list("pk", flat=True)
    ids = [str(each) for each in (matter.pk, *parts)]
    return list(case_events(viewer=viewer, case=matter.case).filter(data__matter__in=ids))


def matter_sealed(*, viewer, matter: Matter, at: datetime) -> dict[str, str]:
    """The sealed texts of a matter in clear, by the labels of its kind; the look is an event."""
    opened = access.open_for(viewer=viewer, record=matter, purpose="case_work", at=at)
    return {KINDS[matter.kind].sealed[name]: value for name, value in opened.items()}
