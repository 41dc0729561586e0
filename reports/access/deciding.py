"""The decision: may this viewer do this with this object now, and by which rule."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Model

from accounts.selectors import roles_of
from reports import policy
from reports.access.held import Standing
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
    found = granted(Standing(viewer, None if isinstance(obj, str) else obj, at), verb, obj)
    if found is None:
        return Answer(False, REFUSED)
    return Answer(True, found.rule.sentence, found.rule.id)


def granted(standing: Standing, verb: str, obj: Model | str) -> policy.Grant | None:
    """The grant by which somebody who stands so may do `verb` with the object; None refuses."""
    rules = policy.access_rules(standing.at.date())
    row = None if isinstance(obj, str) else obj
    name = obj if isinstance(obj, str) else kind_of(type(obj)).name
    grants = [each for each in rules.grants(verb, name) if each.role in standing.in_force]
    if not any(grant.role in standing[grant.scope] for grant in grants):
        return None
    needs_state = any(grant.states and grant.states != rules.all_states for grant in grants)
    state = state_of_object(row) if row is not None and needs_state else None
    return rules.find(standing, verb, name, state)


class Stands(NamedTuple):
    """How somebody stands towards one case that was read as columns, and in which state of the access rows it is."""

    standing: Standing
    state: str

    def may(self, verb: str, name: str) -> bool:
        """What `granted` says of whatever of the case the access rows call so."""
        rules = policy.access_rules(self.standing.at.date())
        return rules.find(self.standing, verb, name, self.state) is not None


def may(viewer, verb: str, at: datetime | None = None) -> bool:
    """Whether one of the viewer's roles in force allows the verb at all, on whatever object."""
    at = at or clock.now()
    return bool(policy.access_rules(at.date()).verbs[verb] & roles_of(viewer, at))


def require(viewer, verb: str, at: datetime | None = None) -> None:
    """Refuse when no role in force allows the verb."""
    if not may(viewer, verb, at):
        raise not_your_role()


def not_your_role() -> DomainError:
    """The refusal of what no appointment in force includes."""
    return DomainError("not_your_role", "Your appointment does not include this step.", status=403)


def may_on(viewer, verb: str, obj: Model) -> bool:
    """Whether the viewer may do the verb with this very row now: a VA of this case who is SARC elsewhere is a
    VA here, and who sees it in an emergency only sees it."""
    return decide(viewer, verb, obj, clock.now()).allowed


def require_on(viewer, obj: Model, verb: str) -> None:
    """Refuse when the viewer may not do the verb with this row, which they see."""
    if not may_on(viewer, verb, obj):
        raise not_your_role()
