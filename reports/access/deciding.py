"""The decision: may this viewer do this with this object now, and by which rule."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Model

from accounts.selectors import roles_of
from reports import policy
from reports.access.held import held
from reports.access.objects import kind_of, state_of_object
from sapr import clock
from sapr.errors import DomainError

REFUSED = "No rule grants this."


class Answer(NamedTuple):
    """`why` and `rule`: the row that grants it; a refusal has none, because nothing grants it."""

    allowed: bool
    why: str
    rule: str = ""


def decide(viewer, verb: str, obj: Model | str, at: datetime) -> Answer:
    """Whether the viewer may do `verb` with the object at an instant.

    `obj` is a row, whose state is read from its case, or the name of a thing that is no row (`counts`, `staff`).
    """
    found = _grant(viewer, verb, obj, at)
    if found is None:
        return Answer(False, REFUSED)
    return Answer(True, found.rule.sentence, found.rule.id)


def _grant(viewer, verb: str, obj: Model | str, at: datetime) -> policy.Grant | None:
    rules = policy.access_rules(at.date())
    row = None if isinstance(obj, str) else obj
    name = obj if isinstance(obj, str) else kind_of(type(obj)).name
    grants = rules.grants(verb, name)
    if not grants:
        return None
    roles = held(viewer, row, {grant.scope for grant in grants}, at)
    if not any(grant.role in roles[grant.scope] for grant in grants):
        return None
    needs_state = any(grant.states and grant.states != rules.all_states for grant in grants)
    state = state_of_object(row) if row is not None and needs_state else None
    return rules.find(roles, verb, name, state)


def grants(viewer, verbs: Sequence[str], obj: Model, at: datetime) -> list[policy.Grant | None]:
    """What grants the viewer each of these verbs on one row: the roles held towards it are looked up once."""
    rules, name = policy.access_rules(at.date()), kind_of(type(obj)).name
    scopes = {grant.scope for verb in verbs for grant in rules.grants(verb, name)}
    roles, state = held(viewer, obj, scopes, at), state_of_object(obj)
    return [rules.find(roles, verb, name, state) for verb in verbs]


def not_your_role() -> DomainError:
    """The refusal of what an appointment does not include."""
    return DomainError("not_your_role", "Your appointment does not include this step.", status=403)


def may(viewer, verb: str, at: datetime | None = None) -> bool:
    """Whether one of the viewer's roles in force allows the verb at all, on whatever object."""
    at = at or clock.now()
    return bool(policy.access_rules(at.date()).verbs[verb] & roles_of(viewer, at))


def require(viewer, verb: str, at: datetime | None = None) -> None:
    """Refuse when no role in force allows the verb."""
    if not may(viewer, verb, at):
        raise not_your_role()


def may_on(viewer, verb: str, obj: Model) -> bool:
    """Whether the viewer may do the verb with this very row now: a VA of this case who is SARC elsewhere is a
    VA here, and who sees it in an emergency only sees it."""
    return decide(viewer, verb, obj, clock.now()).allowed


def require_on(viewer, obj: Model, verb: str) -> None:
    """Refuse when the viewer may not do the verb with this row, which they see."""
    if not may_on(viewer, verb, obj):
        raise not_your_role()
