"""What a proposed change would mean, from today or from a later first day on. Writes nothing."""

from datetime import date, datetime
from typing import Any

from reports.adoption import meaning, selectors
from reports.adoption.models import ChangeKind, PolicyChange


def proposal_of(found: PolicyChange) -> dict[str, Any]:
    """What was proposed, as `services.change_propose` takes it."""
    if found.kind == ChangeKind.PROFILE:
        return {"profile": found.profile}
    return {"service": found.service, "rule_set": found.rule_set, "starts_on": found.starts_on}


def meant(
    now: datetime,
    today: date,
    *,
    profile: str = "",
    service: str = "",
    rule_set: str = "",
    starts_on: date | None = None,
) -> dict[str, Any]:
    """What would stand otherwise, from today or from a later first day on: nothing counts before its approval.

    `today`: the day where whoever looks works.
    """
    on = max(starts_on or today, today)
    before = selectors.basis(service=service or None, on=on, at=now)
    after = (
        before._replace(profile=profile) if profile else before._replace(adopted=before.adopted | {rule_set})
    )
    unknown = meaning.unknown(before, after)
    return {
        "on": starts_on,
        "service": service,
        "unknown": unknown,
        "differences": [] if unknown else meaning.differences(before, after, service=service or None, on=on),
        "profile": before.profile,
        "some_adopted": bool(profile) and selectors.adoptions(now).exists(),
    }
