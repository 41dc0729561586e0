"""What an exception, or a leak, asks of its case."""

from datetime import datetime

from reports.election.models import Case, Election, Report
from reports.election.standing import require_report
from sapr.errors import DomainError


def require_restricted(case: Case, at: datetime, rule: str) -> Report:
    """The Restricted report of an open case, signed by then; there is nothing to open in any other.

    `rule`: which rule asks.
    """
    report = require_report(case, rule)
    # As it stands now: it may have been converted since the case was read.
    report.refresh_from_db(fields=["election"])
    if report.election != Election.RESTRICTED:
        raise DomainError(
            "not_restricted",
            "Only a Restricted report has exceptions to its confidentiality. Nothing was recorded.",
            status=409,
            rule=rule,
        )
    if at < report.signed_at:
        raise DomainError(
            "before_the_report", "This step cannot lie before the signature of the report.", path="at"
        )
    return report
