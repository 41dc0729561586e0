"""Whether a case may move from one state to another: the rules' answer (TR-*), asked before anything is written.

The move itself is the database's, along the same rows: by the signature, the conversion or the event (docs/way.md).
"""

from datetime import datetime
from typing import Any

from reports import policy
from reports.adoption.selectors import basis_for
from reports.election.forms import local_date
from reports.election.models import Case, CaseState, Election
from sapr.errors import DomainError

OPEN_AS = {Election.RESTRICTED: CaseState.RESTRICTED_OPEN, Election.UNRESTRICTED: CaseState.UNRESTRICTED_OPEN}


def ruling_for(case: Case, topic: str, facts: dict[str, Any], at: datetime) -> policy.Ruling:
    """What the rules of the instant's day say on a topic, under the settings in force at that instant."""
    on = local_date(case, at)
    found = basis_for(facts, on=on, at=at)
    return policy.ruling(topic, facts, on=on, profile=found.profile, adopted=found.adopted)


def require_move(case: Case, to: str, *, at: datetime, **facts: Any) -> policy.Ruling:
    """The rules' permission to move the case as it stands to a state, on the facts stated; or their refusal.

    `case` is locked. Refuses (`no_such_move`) with the rules that forbid it, or those that would have asked for more.
    """
    answer = ruling_for(case, "transition", {"from_state": str(case.state), "to_state": str(to)} | facts, at)
    if not answer.allowed:
        refusing = [each for each in answer.says if each.effect == "refuse"]
        why = " ".join(each.sentence for each in refusing) or (
            f"No rule leads from “{CaseState(case.state).label}” to “{CaseState(to).label}” on what is stated."
        )
        rules = ", ".join(each.rule for each in refusing or answer.says)
        raise DomainError("no_such_move", why, status=409, rule=rules)
    return answer


def before_closing(case: Case) -> str:
    """The state that a closed case had, by its report: what opening it again leads to."""
    report = getattr(case, "report", None)
    if report is None:
        return CaseState.OPEN_LIMITED_INFO
    return CaseState.CONVERTED if report.converted_at else OPEN_AS[Election(report.election)]
