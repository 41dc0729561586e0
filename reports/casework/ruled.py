"""What the rules say on one topic, under the settings in force; and a refusal in their words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from reports import policy
from reports.adoption.selectors import basis_for
from sapr.errors import DomainError


def ruled(topic: str, facts: Mapping[str, Any], *, at: datetime, zone: str) -> policy.Ruling:
    """The ruling for these facts on the local day of an instant, by profile and adoptions in force then."""
    on = at.astimezone(ZoneInfo(zone)).date()
    found = basis_for(facts, on=on, at=at)
    return policy.ruling(topic, facts, on=on, profile=found.profile, adopted=found.adopted)


def require_allowed(ruling: policy.Ruling, *, code: str, otherwise: str, rule: str, path: str = "") -> None:
    """Refuse what the ruling does not allow: by the row that forbids it, else because none allows it (`rule`)."""
    if ruling.allowed:
        return
    forbids = next((each for each in ruling.says if each.effect == "refuse"), None)
    raise DomainError(
        code,
        forbids.sentence if forbids else otherwise,
        status=409,
        path=path,
        rule=forbids.rule if forbids else rule,
    )
