"""Who may see and do what. The one place that decides; row-level security is the second line behind it.

Access hangs on two things: an appointment in force (the role) and an open assignment (the case). "Not yours"
and "not there" are the same answer.
"""

from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.models import Role
from accounts.selectors import roles_of
from reports.casework.models import Assignment
from reports.election.models import Case
from sapr import clock
from sapr.errors import DomainError, NotFoundError

Service = TypeVar("Service", bound=Callable[..., Any])

# Which roles may do what. Seeing a case's parts also needs the assignment.
VERBS: dict[str, frozenset[str]] = {
    "open_contact": frozenset({Role.SARC, Role.VA}),
    "case_view": frozenset({Role.SARC, Role.VA}),
    "case_work": frozenset({Role.SARC, Role.VA}),
    "sign": frozenset({Role.SARC, Role.VA}),
    "convert": frozenset({Role.SARC, Role.VA}),
    "assign_va": frozenset({Role.SARC}),
    "release_notice": frozenset({Role.SARC}),
    "discharge_duty": frozenset({Role.SARC, Role.VA}),
    "counts": frozenset({Role.SARC}),
    "hold_case": frozenset({Role.SARC}),
    "propose_erasure": frozenset({Role.SARC}),
    "decide_erasure": frozenset({Role.PROGRAMME_MANAGER}),
    "manage_staff": frozenset({Role.PROGRAMME_MANAGER}),
    "change_policy": frozenset({Role.PROGRAMME_MANAGER}),
    "see_policy": frozenset({Role.SARC, Role.VA, Role.PROGRAMME_MANAGER}),
    "read_inbox": frozenset(Role.values),
    "ask_rules": frozenset(Role.values),
}


@contextmanager
def viewing(viewer):
    """A transaction in which the database knows who looks; without it case tables show no row.

    Nested use restores the outer viewer. Rolls back on any exception.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('sapr.viewer', true)")
        before = cursor.fetchone()[0] or ""
        cursor.execute("SELECT set_config('sapr.viewer', %s, true)", [str(viewer.pk) if viewer else ""])
        yield
        cursor.execute("SELECT set_config('sapr.viewer', %s, true)", [before])


def service(function: Service) -> Service:
    """Mark a write: one transaction, with the actor as the database's viewer. Keyword arguments only."""

    @wraps(function)
    def run(*, actor, **kwargs):
        with viewing(actor):
            return function(actor=actor, **kwargs)

    return run  # type: ignore[return-value]


def may(viewer, verb: str, at: datetime | None = None) -> bool:
    """Whether one of the viewer's roles in force allows the verb at all."""
    return bool(VERBS[verb] & roles_of(viewer, at or clock.now()))


def require(viewer, verb: str, at: datetime | None = None) -> None:
    """Refuse when no role in force allows the verb."""
    if not may(viewer, verb, at):
        raise DomainError("not_your_role", "Your appointment does not include this step.", status=403)


def case_ids(viewer) -> QuerySet:
    """The ids of the cases the viewer may know exist, as a subquery."""
    at = clock.now()
    roles = VERBS["case_view"] & roles_of(viewer, at)
    return Assignment.objects.filter(user=viewer, ended_at=None, role__in=roles).values("case_id")


def cases(viewer) -> QuerySet[Case]:
    """The cases the viewer may know exist, newest first."""
    found = Case.objects.filter(pk__in=case_ids(viewer)).select_related("installation", "report")
    return found.order_by("-opened_at", "id")


def case_for(viewer, case_id: UUID, verb: str = "case_view") -> Case:
    """The case, for a verb. The same NotFoundError for an unknown id and for a case that is not the viewer's."""
    case = cases(viewer).filter(pk=case_id).first()
    if case is None:
        raise NotFoundError
    require_on(viewer, case, verb)
    return case


def roles_on(viewer, case: Case) -> frozenset[str]:
    """The roles in force in which the viewer is assigned to the case."""
    assigned = Assignment.objects.filter(case=case, user=viewer, ended_at=None)
    return roles_of(viewer, clock.now()) & frozenset(assigned.values_list("role", flat=True))


def require_on(viewer, case: Case, verb: str) -> None:
    """Refuse when no role in which the viewer works on this case allows the verb: a VA of this case who is
    SARC elsewhere is a VA here."""
    if not VERBS[verb] & roles_on(viewer, case):
        raise DomainError("not_your_role", "Your appointment does not include this step.", status=403)
