"""What a conversion would show: for each office the fields it will see, and the words of the notices."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reports import policy
from reports.adoption.selectors import basis_for
from reports.election.forms import decision_on, local_date
from reports.election.models import Case, Election, Report
from reports.obligations import hooks
from reports.obligations.services import plan_for
from reports.vault.keys import commitment

# The most that a role may come to see: whoever is asked has the need, and the case is theirs.
AT_MOST = {"need_to_know": True, "own_case": True, "case_closed": False}


@dataclass(frozen=True)
class Office:
    """One role and the fields it sees of this report, in words. `gained`: those that the conversion adds."""

    role: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    gained: tuple[str, ...]
    because: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """`offices`: those that would see more. `told`: the notices in every word. `digest`: keyed, of all of it."""

    offices: tuple[Office, ...]
    told: tuple[Any, ...]
    spared: tuple[policy.NotApplicable, ...]
    digest: str


def shown(*, case: Case, report: Report, viewer, at: datetime, purpose: str) -> Shown:
    """What would be seen and told if the victim signed the conversion at that instant. Writes only the openings.

    The digest does not depend on that instant by itself, only on what follows from it.
    """
    facts, _ = decision_on(case, report.signed_at, viewer)
    facts |= {"election": Election.UNRESTRICTED.value}
    plan = plan_for(case=case, kind="report_converted", at=at, facts=facts)
    told = hooks.previewed(case=case, plan=plan, viewer=viewer, at=at, purpose=purpose)
    spared = plan.not_applicable
    offices = tuple(_offices(case, facts, at))
    canonical = json.dumps(
        {
            "case": str(case.pk),
            "offices": [[each.role, each.before, each.after] for each in offices],
            "told": [[each.kind, each.post_id, each.unsigned] for each in told],
            "spared": [[row.kind, row.rule] for row in spared],
        },
        sort_keys=True,
    )
    return Shown(offices, tuple(told), tuple(spared), commitment(case.pk, canonical.encode()))


def _offices(case: Case, facts: dict[str, Any], at: datetime) -> list[Office]:
    """Every role to which the rules of that day show more of an Unrestricted report than of a Restricted one."""
    on = local_date(case, at)
    basis = basis_for(facts, on=on, at=at)
    roles, fields = policy.visibility_words()

    def seen(role: str, election: str) -> policy.Visibility:
        known = AT_MOST | {"election": election}
        return policy.visibility(role, known, on=on, profile=basis.profile, adopted=basis.adopted)

    found = []
    for role, label in roles.items():
        before, after = seen(role, Election.RESTRICTED.value), seen(role, Election.UNRESTRICTED.value)
        gained = [field for field in after.fields if field not in before.fields]
        if gained:
            words = [tuple(fields[field] for field in each) for each in (before.fields, after.fields, gained)]
            found.append(Office(label, *words, after.because, after.rules))
    return found
