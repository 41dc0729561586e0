"""Which policy is in force: the profile, and what the Services have adopted. No case content; everybody's to read."""

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from reports.adoption.models import ChangeKind, ChangeState, PolicyChange, Service
from sapr import standing
from sapr.composed import composed
from sapr.errors import NotFoundError

# What decides until two programme managers say otherwise.
DEFAULT_PROFILE = "seed"


class Basis(NamedTuple):
    """What `reports.policy` is asked with; its fields are named as the arguments are."""

    profile: str
    adopted: frozenset[str]


class ProfileHistory:
    """Every profile that was ever in force, for pages that ask about many instants."""

    def __init__(self) -> None:
        rows = list(_approved(ChangeKind.PROFILE).order_by("decided_at").values_list("decided_at", "profile"))
        self._since = [since for since, _ in rows]
        self._profiles = [DEFAULT_PROFILE, *(profile for _, profile in rows)]

    def at(self, instant: datetime) -> str:
        """The profile in force at an instant."""
        return self._profiles[bisect_right(self._since, instant)]


def basis(*, service: str | None, on: date, at: datetime) -> Basis:
    """The profile in force at the instant, and the rule sets that the Service had adopted for that day by then.

    An approval counts from its own instant on: what was approved later changes no earlier decision. Without a
    known Service nothing is adopted.
    """
    profile, adopted = DEFAULT_PROFILE, set()
    for change in _in_force():
        if change.decided_at > at:
            break
        if change.kind == ChangeKind.PROFILE:
            profile = change.profile
        elif service in Service.values and change.service == service and change.starts_on <= on:
            adopted.add(change.rule_set)
    return Basis(profile, frozenset(adopted))


def basis_ahead() -> None:
    """Send the question that `basis` will ask in an act (`sapr.sending`)."""
    standing.told_in_an_act(_in_force, answer=standing.Later(_approved_ever.ahead()))


@standing.asked_in_an_act
@standing.asked_once(lasting=True)
def _in_force() -> list[PolicyChange]:
    """Every approved change, in the order in which they were approved; there are few."""
    return _approved_ever()


@composed
def _approved_ever() -> QuerySet[PolicyChange]:
    fields = ("kind", "decided_at", "profile", "service", "starts_on", "rule_set")
    return PolicyChange.objects.filter(state=ChangeState.APPROVED).order_by("decided_at").only(*fields)


def basis_for(facts: Any, *, on: date, at: datetime) -> Basis:
    """`basis` for the Service that the facts name. What is wrong with the facts is the policy's to say."""
    service = facts.get("service") if isinstance(facts, Mapping) else None
    return basis(service=service, on=on, at=at)


def profile_in_force(at: datetime) -> tuple[str, PolicyChange | None]:
    """The profile of an instant and the change that put it into force; None while nobody has changed it."""
    rows = _approved(ChangeKind.PROFILE).filter(decided_at__lte=at)
    change = rows.select_related("proposed_by", "decided_by").order_by("-decided_at").first()
    return (change.profile if change else DEFAULT_PROFILE), change


def adoptions(at: datetime) -> QuerySet[PolicyChange]:
    """The adoptions approved by an instant, those that begin later included; by Service and first day."""
    rows = _approved(ChangeKind.ADOPTION).filter(decided_at__lte=at)
    return rows.select_related("proposed_by", "decided_by").order_by("service", "starts_on")


def approved_profiles() -> list[str]:
    """Every profile that was ever approved: what was decided under it is still shown by its rules."""
    return sorted({*_approved(ChangeKind.PROFILE).values_list("profile", flat=True)})


def approved_rule_sets() -> list[str]:
    """Every rule set that a Service ever adopted."""
    return sorted({*_approved(ChangeKind.ADOPTION).values_list("rule_set", flat=True)})


def waiting() -> QuerySet[PolicyChange]:
    """The proposals that wait for a second person, oldest first."""
    rows = PolicyChange.objects.filter(state=ChangeState.PROPOSED)
    return rows.select_related("proposed_by").order_by("proposed_at", "id")


def decided() -> QuerySet[PolicyChange]:
    """Every proposal that was decided, the latest first."""
    rows = PolicyChange.objects.exclude(state=ChangeState.PROPOSED)
    return rows.select_related("proposed_by", "decided_by").order_by("-decided_at", "id")


def changes() -> QuerySet[PolicyChange]:
    """Every proposal, whatever became of it, the latest first."""
    rows = PolicyChange.objects.select_related("proposed_by", "decided_by")
    return rows.order_by("-proposed_at", "id")


def change_get(change_id: UUID) -> PolicyChange:
    """One change, or NotFoundError."""
    rows = PolicyChange.objects.select_related("proposed_by", "decided_by")
    change = rows.filter(pk=change_id).first()
    if change is None:
        raise NotFoundError
    return change


def _approved(kind: ChangeKind) -> QuerySet[PolicyChange]:
    return PolicyChange.objects.filter(kind=kind, state=ChangeState.APPROVED)
