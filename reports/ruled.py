"""Asking the rules about a step of a case, and refusing in their own words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from reports import policy
from reports.adoption.selectors import basis_for
from sapr.errors import DomainError


def asked(
    case, topic: str, facts: Mapping[str, Any], at: datetime, *, service: str | None = None
) -> policy.Ruling:
    """What the rules say on the topic on the installation's day of `at`, under the settings in force then."""
    on = at.astimezone(ZoneInfo(case.installation.zone)).date()
    found = basis_for({"service": service}, on=on, at=at)
    return policy.ruling(topic, facts, on=on, profile=found.profile, adopted=found.adopted)


def require_allowed(ruling: policy.Ruling, *, rule: str, otherwise: str, path: str = "") -> None:
    """Refuse what the rules do not allow: by the row that forbids it, else by `rule`, whose condition is not met."""
    for each in ruling.says:
        if each.effect == "refuse":
            raise DomainError("rules_forbid", each.sentence, status=409, rule=each.rule, path=path)
    if not ruling.allowed:
        raise DomainError("rules_do_not_allow", otherwise, status=409, rule=rule, path=path)
