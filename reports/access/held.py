"""In which scope somebody holds which roles, towards one object."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.db import connection
from django.db.models import Model, Q

from accounts.selectors import HELD_IN_WORDS, held_told_in_an_act, in_force, places_by_role
from reports.access.objects import case_id_of, column, kind_of
from reports.breakglass.models import BreakGlass
from reports.casework.models import Assignment
from sapr import clock
from sapr.sending import sent
from sapr.standing import asked_in_a_look, asked_in_an_act, told_in_an_act

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

    @classmethod
    def towards(cls, viewer, case_id: UUID, at: datetime, assigned: Iterable[tuple[str, UUID]]) -> "Standing":
        """Towards a case whose rows are no instances here; `assigned`: role and place of what was read of them."""
        standing = cls(viewer, None, at)
        standing.case_id = case_id
        standing._found["assigned"] = standing.carried(assigned)
        return standing

    def __getitem__(self, scope: str) -> Roles:
        if scope not in self._found:
            self._found[scope] = _SCOPES[scope](self) if self.in_force else self.in_force
        return self._found[scope]

    @cached_property
    def case_id(self) -> UUID | None:
        """The case towards which they stand; None for what lies in an inbox, and without an object."""
        return None if self.obj is None else case_id_of(self.obj)

    def carried(self, assigned: Iterable[tuple[str, UUID]]) -> Roles:
        """The roles of these assignments of the viewer, each with its place, that an appointment carries."""
        return frozenset(role for role, place in assigned if place in self.places.get(role, ()))

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
# The same, the clock and all roles held then, where nothing is known yet.
_BEGUN = f"""
    WITH now AS MATERIALIZED (SELECT sapr_now() AS at)
    SELECT now.at, ARRAY({HELD_IN_WORDS.format(user="%(user)s", at="now.at")}),
           ARRAY(SELECT w.role || ' ' || w.place FROM reports_assignment w
                 WHERE w.user_id = %(user)s AND w.case_id = %(case)s AND w.ended_at IS NULL
                   AND w.place IS NOT NULL)
    FROM now
"""  # noqa: S608  # nosec B608  words of accounts.selectors
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
    return standing.carried(_assignments(standing.viewer, standing.case_id) if standing.case_id else [])


@asked_in_an_act
@asked_in_a_look
def _assignments(viewer, case_id) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(_ASSIGNED, [viewer.pk, case_id])
        return cursor.fetchall()


def begin(viewer, case_id: UUID) -> Callable[[], None]:
    """An act on a case begins (`sapr.standing`): ask at once for its instant, the viewer's roles and assignments.

    What is returned waits for the answer.
    """
    rows = sent(_BEGUN, {"user": viewer.pk, "case": case_id})

    def begun() -> None:
        [(now, held, assigned)] = rows()
        clock.told_in_an_act(now)
        held_told_in_an_act(viewer, clock.now(), held)
        own = [(role, UUID(place)) for role, _, place in (each.partition(" ") for each in assigned)]
        told_in_an_act(_assignments, viewer, case_id, answer=own)

    return begun


def _granted(standing: Standing) -> Roles:
    if not standing.case_id:
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(_GRANTED, [standing.viewer.pk, standing.case_id, standing.at])
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
