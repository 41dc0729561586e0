"""Asking the rules about a case as it stands, and refusing in their words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from reports import policy
from reports.election.models import Case
from reports.election.selectors import decision_latest
from reports.obligations.known import known_of
from reports.ruled import asked
from sapr.errors import DomainError


def ruling_on(case: Case, topic: str, facts: Mapping[str, Any], at: datetime) -> policy.Ruling:
    """What the rules and settings of an instant say on a topic, for what is known of the case and these facts."""
    known = known_of(case, case.installation.zone)
    known.pop("signed_on", None)  # which version of a duty counts; no ruling reads it
    return asked(case, topic, known | dict(facts), at)


def require_allowed(case: Case, topic: str, facts: Mapping[str, Any], at: datetime) -> policy.Ruling:
    """The ruling; refused in the words of the rule that forbids it, or of those that would have to allow it."""
    ruling = ruling_on(case, topic, facts, at)
    if ruling.allowed is not False:
        return ruling
    refusing = [(each.rule, each.sentence) for each in ruling.says if each.effect == "refuse"]
    if not refusing:
        refusing = [
            (rule.id, rule.parameters["because"])
            for rule in policy.rules()
            if rule.parameters.get("topic") == topic
            and rule.parameters["effect"] == "allow"
            and rule.in_force(ruling.on)
        ]
    raise DomainError(
        "rule_refuses",
        f"The rules do not allow this here. {refusing[0][1]}",
        status=409,
        rule=", ".join(dict.fromkeys(rule for rule, _ in refusing)),
    )


def decided_facts(case: Case, actor, at: datetime) -> dict[str, Any]:
    """What a ruling may know of the facts on which the options were decided, opened from their seal.

    {} where the rules were never asked.
    """
    found = decision_latest(viewer=actor, case=case, at=at) or {"facts": {}}
    return {name: value for name, value in found["facts"].items() if name in policy.facts_for("rulings")}
