"""Reads of who works on a case, as seen by a viewer."""

from django.db.models import QuerySet

from accounts.models import User
from reports import access
from reports.casework.models import Assignment, CaseRole


def assigned(*, viewer, case) -> list[tuple[str, str]]:
    """(name shown, role) of everybody assigned to one of the viewer's cases now."""
    rows = access.rows(viewer, "case_view", Assignment).filter(case=case, ended_at=None)
    return list(rows.order_by("started_at", "id").values_list("user__display_name", "role"))


def works_as(*, viewer, case, role: str) -> bool:
    """Whether the viewer is on the case in this role."""
    rows = access.rows(viewer, "case_view", Assignment).filter(case=case, user=viewer, ended_at=None)
    return rows.filter(role=role).exists()


def vas_on(*, viewer, case) -> QuerySet[User]:
    """The SAPR VAs on one of the viewer's cases now, by the name shown."""
    rows = access.rows(viewer, "case_view", Assignment).filter(case=case, role=CaseRole.VA, ended_at=None)
    return User.objects.filter(pk__in=rows.values("user")).order_by("display_name")
