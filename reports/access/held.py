"""In which scope somebody holds which roles, towards one object."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import connection
from django.db.models import Model, Q

from accounts.selectors import appointments_of, installation_of, places_by_role, roles_of
from reports.access.objects import case_id_of, column, kind_of
from reports.breakglass.models import BreakGlass
from reports.casework.models import Assignment

Roles = frozenset[str]


def held(viewer, obj: Model | None, scopes: Iterable[str], at: datetime) -> dict[str, Roles]:
    """The viewer's roles in each of these scopes towards the object; without one, by the role alone."""
    in_force = roles_of(viewer, at)
    if not in_force:
        return dict.fromkeys(scopes, in_force)
    return {scope: _SCOPES[scope](viewer, obj, at, in_force) for scope in scopes}


def assignments_carried(viewer, roles: Iterable[str], at: datetime):
    """The viewer's open assignments in these roles that an appointment carries now.

    One that the viewer holds in that role at the case's own installation: the same role elsewhere carries nothing.
    """
    places = places_by_role(viewer, at)
    carried = Q(pk__in=[])
    for role in roles:
        carried |= Q(role=role, case__installation__in=places.get(role, ()))
    return Assignment.objects.filter(carried, user=viewer, ended_at=None)


# `assignments_carried()` for one case: composing that query costs more than running it.
_ASSIGNED = """
    SELECT a.role, c.installation_id FROM reports_assignment a JOIN reports_case c ON c.id = a.case_id
    WHERE a.user_id = %s AND a.case_id = %s AND a.ended_at IS NULL
"""
# `granted_cases()`, in the same way.
_GRANTED = """
    SELECT EXISTS (SELECT FROM reports_breakglass WHERE asked_by_id = %s AND case_id = %s
                   AND state = 'approved' AND ended_at IS NULL AND runs_until > %s)
"""


def granted_cases(viewer, at: datetime):
    """The ids of the cases that are open to the viewer in an emergency at this moment, as a subquery."""
    rows = BreakGlass.objects.filter(asked_by=viewer, state="approved", ended_at=None, runs_until__gt=at)
    return rows.values("case_id")


def posts_by_role(viewer, roles: Iterable[str], at: datetime) -> list:
    """The posts of these roles that the viewer holds now."""
    return [each.post for each in appointments_of(viewer, at).filter(post__role__in=list(roles))]


def _any(viewer, obj, at, in_force: Roles) -> Roles:
    return in_force


def _assigned(viewer, obj, at, in_force: Roles) -> Roles:
    case_id = case_id_of(obj) if obj is not None else None
    if not case_id:
        return frozenset()
    places = places_by_role(viewer, at)
    with connection.cursor() as cursor:
        cursor.execute(_ASSIGNED, [viewer.pk, case_id])
        rows = cursor.fetchall()
    return frozenset(role for role, place in rows if role in in_force and place in places.get(role, ()))


def _granted(viewer, obj, at, in_force: Roles) -> Roles:
    case_id = case_id_of(obj) if obj is not None else None
    if not case_id:
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(_GRANTED, [viewer.pk, case_id, at])
        return in_force if cursor.fetchone()[0] else frozenset()


def _own_post(viewer, obj, at, in_force: Roles) -> Roles:
    if obj is None or not kind_of(type(obj)).post:
        return frozenset()
    here = column(obj, kind_of(type(obj)).post)
    return frozenset(post.role for post in posts_by_role(viewer, in_force, at) if post.pk == here)


def _own(viewer, obj, at, in_force: Roles) -> Roles:
    if obj is None or not kind_of(type(obj)).own:
        return frozenset()
    return in_force if column(obj, kind_of(type(obj)).own) == viewer.pk else frozenset()


def _any_installation(viewer, obj, at, in_force: Roles) -> Roles:
    """A request for a case that is not there belongs to no installation, and nobody decides it."""
    known = obj is not None and kind_of(type(obj)).installation
    return in_force if known and column(obj, kind_of(type(obj)).installation) else frozenset()


def _installation(viewer, obj, at, in_force: Roles) -> Roles:
    if obj is None or not kind_of(type(obj)).installation:
        return frozenset()
    here = column(obj, kind_of(type(obj)).installation)
    return frozenset(
        post.role
        for post in posts_by_role(viewer, in_force, at)
        if here and installation_of(post.location).pk == here
    )


_SCOPES: dict[str, Callable[..., Roles]] = {
    "any": _any,
    "assigned": _assigned,
    "granted": _granted,
    "own_post": _own_post,
    "own": _own,
    "installation": _installation,
    "any_installation": _any_installation,
}
