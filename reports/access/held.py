"""In which scope somebody holds which roles, towards one object."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Model, Q

from accounts.selectors import in_force, places_by_role
from reports.access.objects import case_id_of, column, kind_of
from reports.breakglass.models import BreakGlass
from reports.casework.models import Assignment
from sapr.standing import asked_in_a_look, asked_in_an_act

Roles = frozenset[str]


class Standing(Mapping[str, Roles]):
    """How somebody stands towards one object at an instant: the roles held in each scope.

    Without an object, by the role alone. A scope is looked up when it is first asked for, appointments once.
    """

    def __init__(self, viewer, obj: Model | None, at: datetime) -> None:
        self.viewer, self.obj, self.at = viewer, obj, at
        self.places = places_by_role(viewer, at)
        self.in_force: Roles = frozenset(self.places)
        self._found: dict[str, Roles] = {}

    def __getitem__(self, scope: str) -> Roles:
        if scope not in self._found:
            self._found[scope] = _SCOPES[scope](self) if self.in_force else self.in_force
        return self._found[scope]

    def __iter__(self) -> Iterator[str]:
        return iter(_SCOPES)

    def __len__(self) -> int:
        return len(_SCOPES)


def assignments_carried(viewer, roles: Iterable[str], places: Mapping[str, set[UUID]]):
    """The viewer's open assignments in these roles that an appointment carries; `places`: where each role is held.

    One that the viewer holds in that role at the case's own installation: the same role elsewhere carries nothing.
    """
    carried = Q(pk__in=[])
    for role in sorted(roles):
        # The case's installation as it stands beside the assignment: to ask the case would be a look at each of them.
        carried |= Q(role=role, place__in=places.get(role, ()))
    return Assignment.objects.filter(carried, user=viewer, ended_at=None)


# `assignments_carried()` for one case: composing that query costs more than running it.
_ASSIGNED = """
    SELECT role, place FROM reports_assignment WHERE user_id = %s AND case_id = %s AND ended_at IS NULL
"""
# `granted_cases()`, in the same way.
_GRANTED = """
    SELECT EXISTS (SELECT FROM reports_breakglass WHERE asked_by_id = %s AND case_id = %s
                   AND state = 'approved' AND ended_at IS NULL AND runs_until > %s)
"""
GRANTED_ANY = """
    SELECT EXISTS (SELECT FROM reports_breakglass WHERE asked_by_id = %s
                   AND state = 'approved' AND ended_at IS NULL AND runs_until > %s)
"""


def granted_cases(viewer, at: datetime):
    """The requests by which cases are open to the viewer in an emergency at this moment."""
    return BreakGlass.objects.filter(asked_by=viewer, state="approved", ended_at=None, runs_until__gt=at)


@asked_in_a_look
def any_granted(viewer, at: datetime) -> bool:
    """Whether some case is open to the viewer in an emergency at this moment; seldom so."""
    with connection.cursor() as cursor:
        cursor.execute(GRANTED_ANY, [viewer.pk, at])
        return cursor.fetchone()[0]


def posts_by_role(viewer, roles: Iterable[str], at: datetime) -> list:
    """The posts of these roles that the viewer holds now."""
    wanted = set(roles)
    return [each.post for each in in_force(viewer, at) if each.post.role in wanted]


def _any(standing: Standing) -> Roles:
    return standing.in_force


def _assigned(standing: Standing) -> Roles:
    """`assignments_carried` for one case."""
    case_id = case_id_of(standing.obj) if standing.obj is not None else None
    rows = _assignments(standing.viewer, case_id) if case_id else []
    return frozenset(role for role, place in rows if place in standing.places.get(role, ()))


@asked_in_an_act
@asked_in_a_look
def _assignments(viewer, case_id) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(_ASSIGNED, [viewer.pk, case_id])
        return cursor.fetchall()


def _granted(standing: Standing) -> Roles:
    case_id = case_id_of(standing.obj) if standing.obj is not None else None
    if not case_id:
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(_GRANTED, [standing.viewer.pk, case_id, standing.at])
        return standing.in_force if cursor.fetchone()[0] else frozenset()


def _own_post(standing: Standing) -> Roles:
    obj = standing.obj
    if obj is None or not kind_of(type(obj)).post:
        return frozenset()
    here = column(obj, kind_of(type(obj)).post)
    posts = posts_by_role(standing.viewer, standing.in_force, standing.at)
    return frozenset(post.role for post in posts if post.pk == here)


def _own(standing: Standing) -> Roles:
    obj = standing.obj
    if obj is None or not kind_of(type(obj)).own:
        return frozenset()
    return standing.in_force if column(obj, kind_of(type(obj)).own) == standing.viewer.pk else frozenset()


def _any_installation(standing: Standing) -> Roles:
    """A request for a case that is not there belongs to no installation, and nobody decides it."""
    obj = standing.obj
    known = obj is not None and kind_of(type(obj)).installation
    return standing.in_force if known and column(obj, kind_of(type(obj)).installation) else frozenset()


def _installation(standing: Standing) -> Roles:
    obj = standing.obj
    if obj is None or not kind_of(type(obj)).installation:
        return frozenset()
    here = column(obj, kind_of(type(obj)).installation)
    return frozenset(role for role, places in standing.places.items() if here and here in places)


_SCOPES: dict[str, Callable[[Standing], Roles]] = {
    "any": _any,
    "assigned": _assigned,
    "granted": _granted,
    "own_post": _own_post,
    "own": _own,
    "installation": _installation,
    "any_installation": _any_installation,
}
