"""The decision compiled to SQL: the rows of a table with which a viewer may do something now."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import BooleanField, F, Func, Model, OuterRef, Q, QuerySet, Subquery, Value

from accounts.selectors import installations_of, places_by_role
from reports import policy
from reports.access.deciding import granted, not_your_role
from reports.access.held import Standing, any_granted, assignments_carried, granted_cases, posts_by_role
from reports.access.objects import RESTRICTED_KIND, STATES, Kind, kind_of, state_of
from reports.election.models import Case
from sapr import clock
from sapr.errors import NotFoundError


def rows(viewer, verb: str, model: type[Model], at: datetime | None = None, *, few: bool = False) -> QuerySet:
    """Exactly the rows for which `decide` says yes, as one query; for lists, details, counts and look-ups alike.

    `few`: the caller's own filter leaves few rows, whatever the size of the table. Each of these is asked about alone;
    otherwise the database may begin with all cases of the viewer.
    """
    at = at or clock.now()
    rules = policy.access_rules(at.date())
    kind = kind_of(model)
    places = places_by_role(viewer, at)
    by_scope: dict[tuple[str, frozenset[str]], set[str]] = {}
    for grant in rules.grants(verb, kind.name):
        if grant.role in places:
            states = frozenset() if grant.states == rules.all_states else grant.states
            by_scope.setdefault((grant.scope, states), set()).add(grant.role)
    allowed = Q(pk__in=[])
    of_cases: dict[str, list[QuerySet]] = {}
    worked: dict[str, set[UUID]] = {}
    for (scope, states), roles in by_scope.items():
        if scope == "assigned" and not states:
            worked |= {role: places[role] for role in roles}
        if scope in _OF_CASES:
            of_cases.setdefault(scope, []).append(_of_cases(viewer, scope, states, roles, at, places))
        else:
            allowed |= _within(viewer, kind, scope, roles, at) & _in_state(kind, states)
    found = model._default_manager.all()
    if of_cases:
        alone = allowed == Q(pk__in=[])
        # Of other installations a list of cases passes over, in its own order: what one works on lies at one's places.
        here = alone and model is Case and not any_granted(viewer, at)
        asked = (
            of_cases.get("assigned", []) if here else [each for part in of_cases.values() for each in part]
        )
        if here and set(by_scope) == {("assigned", frozenset())}:
            mine = Q(WorkedOn(kind.case, viewer, worked))
        else:
            mine = _each_alone(kind, asked) if few or here else _of_a_list(kind, asked)
        allowed = mine if alone else allowed | mine
        if here:
            found = found.filter(installation__in=set().union(*places.values()))
    return found.filter(allowed)


def of_case(viewer, verb: str, model: type[Model], case: Case) -> QuerySet:
    """`rows` of one case. Where the answer is the same for all of them, it is found by how the viewer stands towards
    the case, and the database is asked by the case alone: to compose the other question costs more than its answer.
    """
    kind, standing = kind_of(model), Standing(viewer, case, clock.now())
    rules = policy.access_rules(standing.at.date())
    grants = [each for each in rules.grants(verb, kind.name) if each.role in standing.in_force]
    if not all(each.scope in _OF_CASES for each in grants):
        return rows(viewer, verb, model, standing.at).filter(**{kind.case: case.pk})
    if not any(
        each.role in standing[each.scope] and rules.in_state(each, state_of(case) if each.states else None)
        for each in grants
    ):
        return model._default_manager.none()
    return model._default_manager.filter(**{kind.case: case.pk})


def whole_of_case(viewer, verb: str, models: Collection[type[Model]], case: Case) -> bool:
    """Whether all that a case has in these tables is the viewer's by how they stand towards it: `of_case` of each then
    gives it whole. False: ask `of_case`.
    """
    standing = Standing(viewer, case, clock.now())
    rules = policy.access_rules(standing.at.date())
    return all(
        any(
            grant.scope in _OF_CASES
            and grant.role in standing.in_force
            and grant.role in standing[grant.scope]
            and rules.in_state(grant, state_of(case) if grant.states else None)
            for grant in rules.grants(verb, kind_of(model).name)
        )
        for model in models
    )


def _of_a_list(kind: Kind, of_cases: list[QuerySet]) -> Q:
    """One list of cases: the database goes through it, or looks a case up in it.

    Of several, joined by OR, it would make a table for every question.
    """
    first, *others = (each.values("case_id") for each in of_cases)
    return Q(**{f"{kind.case}__in": first.union(*others, all=True)})


class WorkedOn(Func):
    """`assignments_carried` as one look for each row: what `_each_alone` says, without composing it for every list."""

    output_field = BooleanField()

    def __init__(self, case: str, viewer, places: Mapping[str, set[UUID]]) -> None:
        super().__init__(F(case))
        self.viewer, self.places = viewer, places

    def as_sql(self, compiler, connection, **context):
        case, values = compiler.compile(self.source_expressions[0])
        held = [(role, list(places)) for role, places in sorted(self.places.items())]
        carried = " OR ".join("w.role = %s AND w.place = ANY (%s)" for _ in held)
        statement = (
            f"(SELECT true FROM reports_assignment w WHERE w.case_id = {case} AND w.user_id = %s "  # noqa: S608  # nosec B608
            f"AND w.ended_at IS NULL AND ({carried}) LIMIT 1)"
        )
        return statement, [*values, self.viewer.pk, *(each for pair in held for each in pair)]


def _each_alone(kind: Kind, of_cases: list[QuerySet]) -> Q:
    """A look for each row. Not EXISTS: of that the database would make a list again."""
    found = Q(pk__in=[])
    for each in of_cases:
        mine = each.filter(case_id=OuterRef(kind.case)).order_by().values_list(Value(True))[:1]
        found |= Q(Subquery(mine, output_field=BooleanField()))
    return found


# The scopes by which somebody stands towards a case.
_OF_CASES = ("assigned", "granted")


def _of_cases(
    viewer, scope: str, states: frozenset[str], roles: set[str], at: datetime, held: Mapping[str, set[UUID]]
) -> QuerySet:
    """What has the cases of such a scope, for roles that the viewer holds; `held`: at which places each."""
    rows = assignments_carried(viewer, roles, held) if scope == "assigned" else granted_cases(viewer, at)
    if states:
        rows = rows.filter(case__in=Case.objects.filter(_either(STATES[state] for state in sorted(states))))
    return rows


def _within(viewer, kind: Kind, scope: str, roles: set[str], at: datetime) -> Q:
    """The rows of a scope that does not hang on cases, for roles that the viewer holds."""
    if scope == "any":
        # Not Q(): an empty Q adds nothing to the others.
        return Q(pk__isnull=False)
    if scope == "any_installation":
        return Q(**{f"{kind.installation}__isnull": False})
    if scope == "own":
        return Q(**{kind.own: viewer.pk})
    if scope == "own_post":
        return Q(**{f"{kind.post}__in": [post.pk for post in posts_by_role(viewer, roles, at)]})
    places = [place.pk for place in installations_of(viewer, at, roles)]
    return Q(**{f"{kind.installation}__in": places})


def _in_state(kind: Kind, states: frozenset[str]) -> Q:
    """The rows whose case is in one of the states; no states: any."""
    if not states:
        return Q()
    if kind.name == "inbox_item":
        kinds = {"restricted": Q(kind=RESTRICTED_KIND), "unrestricted": ~Q(kind=RESTRICTED_KIND)}
        return _either(kinds[state] for state in sorted(states) if state in kinds)
    found = Case.objects.filter(_either(STATES[state] for state in sorted(states)))
    return Q(**{f"{kind.case}__in": found.values("id")})


def _either(parts) -> Q:
    found = Q(pk__in=[])
    for part in parts:
        found |= part
    return found


def case_ids(viewer) -> QuerySet:
    """The ids of the cases the viewer may know exist, as a subquery."""
    return rows(viewer, "case_view", Case).values("id")


def cases(viewer) -> QuerySet[Case]:
    """The cases the viewer may know exist, newest first."""
    found = rows(viewer, "case_view", Case).select_related("installation", "report")
    return found.order_by("-opened_at", "id")


def case_for(viewer, case_id: UUID, verb: str = "case_view") -> Case:
    """The case, for a verb. The same NotFoundError for an unknown id and for a case that is not the viewer's."""
    case = Case.objects.select_related("installation", "report").filter(pk=case_id).first()
    if case is None:
        raise NotFoundError
    return for_verb(viewer, case, verb)


def for_verb(viewer, case: Case, verb: str) -> Case:
    """The case that is at hand, for a verb; refused as `case_for` refuses."""
    standing = Standing(viewer, case, clock.now())
    if granted(standing, "case_view", case) is None:
        raise NotFoundError
    if verb != "case_view" and granted(standing, verb, case) is None:
        raise not_your_role()
    return case
