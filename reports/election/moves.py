"""Whether a case may move from one state to another: the rules' answer (TR-*), asked before anything is written.

The move itself is the database's, along the same rows: by the signature, the conversion or the event (docs/way.md).
"""

from datetime import datetime
from typing import Any

from reports import policy
from reports.election.models import Case, CaseState, Election
from reports.ruled import asked
from sapr.errors import DomainError

OPEN_AS = {Election.RESTRICTED: CaseState.RESTRICTED_OPEN, Election.UNRESTRICTED: CaseState.UNRESTRICTED_OPEN}


def require_move(case: Case, to: str, *, at: datetime, **facts: Any) -> policy.Ruling:
    """The rules' permission to move the case as it stands to a state, on the facts stated; or their refusal.

    `case` is locked. Refuses (`no_such_move`) with the rules that forbid it, or those that would have asked for more.
    """
    answer = asked(case, "transition", {"from_state": str(case.state), "to_state": str(to)} | facts, at)
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
