"""Closing a case by its number, by somebody who stands above its installation and sees nothing of it (CL-5, CL-6)."""

from datetime import datetime

from django.db import DatabaseError, connection, transaction

from accounts.models import Role
from reports import access, policy
from reports.casework.closing import refused_by_database
from reports.ruled import ruled
from reports.validation import instant, text

PREFIX = "C"
CLOSERS = {"supervisory_sarc": Role.SARC, "service_programme_manager": Role.PROGRAMME_MANAGER}


@access.service
def case_close_from_above(*, actor, number: str, at: datetime) -> bool:
    """Close the case of this number, now, when its own record passes every test; whether it was closed.

    For a SARC (certified) and a programme manager whose post is at a command above the case's installation. They see no
    case, so what they say of one would be worth nothing: only what is recorded counts (docs/way.md). False says no more
    than that nothing was closed: no such case, one elsewhere, one closed already and one whose tests are not met are
    the same answer, and count as a look. FactsError when the number is misread.
    """
    access.require(actor, "close_from_above", at)
    wanted = policy.check_control_number(text(number, "number", required=True), prefix=PREFIX)
    roles = [role.value for closer, role in CLOSERS.items() if _may(closer, instant(at, "at"))]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT sapr_close_from_above(%s, %s)", [wanted, roles])
            closed = cursor.fetchone()[0]
    except DatabaseError as error:
        # Something was recorded beside it that keeps the case open: the same answer, and a look.
        if not refused_by_database(error):
            raise
        closed = False
    if not closed:
        access.looked(actor=actor, kind="not_there")
    return closed


def _may(closer: str, at: datetime) -> bool:
    """Whether the rules of the day let such a person close what passes the tests; the place is the database's."""
    passed = {"referrals_complete": True, "under_cmg_review": False, "investigation_complete": True}
    facts = passed | {"closer": closer, "same_service": True, "responsible_for_location": True}
    return bool(ruled("close_case", facts, at=at, zone="UTC").allowed)
