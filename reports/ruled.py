"""Asking the rules on one topic, under the settings in force; and refusing in their own words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from reports import policy
from reports.adoption.selectors import basis_for
from sapr.errors import DomainError


def ruled(
    topic: str, facts: Mapping[str, Any], *, at: datetime, zone: str, service: str | None = None
) -> policy.Ruling:
    """What the rules say on the local day of an instant, by profile and adoptions in force then.

    `service`: whose adoptions count, where the facts do not state it.
    """
    on = at.astimezone(ZoneInfo(zone)).date()
    found = basis_for(facts if service is None else {"service": service}, on=on, at=at)
    return policy.ruling(topic, facts, on=on, profile=found.profile, adopted=found.adopted)


def asked(
    case, topic: str, facts: Mapping[str, Any], at: datetime, *, service: str | None = None
) -> policy.Ruling:
    """What the rules say of a case, on its installation's day of `at`."""
    return ruled(topic, facts, at=at, zone=case.installation.zone, service=service)


def require_allowed(
    ruling: policy.Ruling, *, rule: str, otherwise: str, code: str = "", path: str = ""
) -> None:
    """Refuse what the rules do not allow: by the row that forbids it, else by `rule`, whose condition is not met.

    `code`: the refusal's, where its readers know a narrower one than `rules_forbid` and `rules_do_not_allow`.
    """
    if ruling.allowed:
        return
    for each in ruling.says:
        if each.effect == "refuse":
            raise DomainError(code or "rules_forbid", each.sentence, status=409, rule=each.rule, path=path)
    raise DomainError(code or "rules_do_not_allow", otherwise, status=409, rule=rule, path=path)
