"""Reads of exceptions, leaks and statements, as seen by a viewer. A commander sees statements, and no case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from reports import access
from reports.disclosure.models import Disclosure, ExceptionStatement
from reports.ledger.models import Event
from reports.ledger.selectors import case_events
from sapr.errors import NotFoundError


def case_disclosures(*, viewer, case) -> QuerySet[Disclosure]:
    """The exceptions of one of the viewer's cases, the newest first."""
    found = access.of_case(viewer, "case_view", Disclosure, case)
    return found.select_related("post").order_by("-proposed_at", "id")


def statements(*, viewer) -> QuerySet[ExceptionStatement]:
    """What was put to the posts that the viewer holds: first what waits, the oldest of it at the top."""
    found = access.rows(viewer, "decide_exception", ExceptionStatement)
    return found.select_related("post", "post__location").order_by("decided_at", "put_at", "id")


def statements_waiting(*, viewer) -> int:
    """How many statements wait for the viewer's decision."""
    return statements(viewer=viewer).filter(decision="").count()


def statement_get(*, viewer, statement_id: UUID) -> ExceptionStatement:
    """One statement put to a post that the viewer holds, or NotFoundError."""
    found = statements(viewer=viewer).filter(pk=statement_id).first()
    if found is None:
        raise NotFoundError
    return found


LEAKS = ("leak_found", "leak_handed_on")


@dataclass(frozen=True)
class Leak:
    """A disclosure that nobody was entitled to make, and when the MCIO was told of it, where that is due."""

    id: UUID
    found_at: datetime
    reached: list[str]
    handed_on_at: datetime | None


def case_leaks(*, viewer, case) -> list[Leak]:
    """The leaks found in one of the viewer's cases, the newest first."""
    return leaks_in(case_events(viewer=viewer, case=case).filter(kind__in=LEAKS))


def leaks_in(events: Iterable[Event]) -> list[Leak]:
    """The same out of events of one case, in their order, that hold those about leaks."""
    found = [(each.kind, each.occurred_at, each.data) for each in events if each.kind in LEAKS]
    told = {data["leak"]: at for kind, at, data in found if kind == "leak_handed_on"}
    return [
        Leak(UUID(data["leak"]), at, data["reached"], told.get(data["leak"]))
        for kind, at, data in reversed(found)
        if kind == "leak_found"
    ]
