"""What a step may ask of the case it is taken in, with one refusal for each."""

from reports.election.models import Case, CaseState, InformedBy, Report
from sapr.errors import DomainError


def require_open(case: Case) -> None:
    """Refuse a step in a contact that ended without signing (BL-11)."""
    if case.walked_away_at:
        raise DomainError("contact_closed", "This contact ended without signing. Open a new one.", status=409)


def require_running(case: Case) -> None:
    """Refuse a step in a contact that ended and in a closed case.

    For what writes before it records: whatever is recorded in a closed case the ledger refuses by itself, save what
    stays possible there (docs/way.md), for which `require_open` is enough.
    """
    require_open(case)
    if case.state == CaseState.CLOSED:
        raise DomainError(
            "case_closed", "This case is closed. Open it again first.", status=409, rule="ST-08"
        )


def require_report(case: Case, rule: str = "") -> Report:
    """The signed report of a case that is open; refuses where nothing is signed. `rule`: which rule asks for it."""
    require_open(case)
    report = getattr(case, "report", None)
    if report is None:
        raise DomainError(
            "no_report", "Nothing is signed yet. This step needs a signed election.", status=409, rule=rule
        )
    return report


def election_of(case: Case) -> str:
    """What is signed: the election; 'limited' for a case opened with limited information; '' for nothing yet."""
    report = getattr(case, "report", None)
    if report is not None:
        return report.election
    return "limited" if case.informed_by == InformedBy.MCIO else ""
