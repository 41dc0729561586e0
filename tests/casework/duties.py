"""What stands of duties, for scenario tests."""

from collections.abc import Callable
from typing import Any

import pytest

from reports import access
from reports.obligations.models import Duty
from sapr.errors import DomainError
from tests.times import T0
from tests.world import World


def duties(world: World, kind: str, about=None) -> list[tuple[str, str, Any]]:
    """(state, rule, hours or instant due) of the duties of a kind, soonest first; about one matter or all."""
    with access.viewing(world.sarc):
        rows = Duty.objects.filter(kind=kind).order_by("due_at", "opened_at")
        if about is not None:
            rows = rows.filter(about=about.pk)
        return [(row.state, row.rule, (row.due_at - T0).total_seconds() / 3600) for row in rows]


def states(world: World, kind: str, about=None) -> list[str]:
    return [state for state, _, _ in duties(world, kind, about)]


def refusal_of(call: Callable[..., Any], *args: Any, **kwargs: Any) -> tuple[str, str]:
    """(code, rules) of the refusal."""
    with pytest.raises(DomainError) as refusal:
        call(*args, **kwargs)
    return refusal.value.code, refusal.value.rule
