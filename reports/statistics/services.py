"""The counts of a fiscal year (R12). The database counts; nobody here sees a case."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from reports import access
from reports.ledger.services import append_system
from reports.validation import instant
from sapr.errors import DomainError

FIRST_YEAR = 2005
# A day begins and ends somewhere on earth at most this long before or after it does in UTC.
EAST, WEST = timedelta(hours=14), timedelta(hours=12)


@dataclass(frozen=True)
class AnnualCounts:
    """Reports of one fiscal year by their first election, and what became of the Restricted ones.

    `unrestricted` and `restricted_remaining` are counted as the annual report does: a report made and converted in
    the same year stands under Unrestricted, so both together are all reports of the year.
    `conversions` are all of the year, also of reports that were signed before it.
    """

    fy: int
    complete: bool
    restricted_initial: int
    unrestricted_initial: int
    converted_same_year: int
    conversions: int

    @property
    def restricted_remaining(self) -> int:
        """Of the year's Restricted reports, those that still were Restricted when it ended."""
        return self.restricted_initial - self.converted_same_year

    @property
    def unrestricted(self) -> int:
        """The year's Unrestricted reports when it ended, those converted in it included."""
        return self.unrestricted_initial + self.converted_same_year

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "fy": self.fy,
            "complete": self.complete,
            "total": self.restricted_initial + self.unrestricted_initial,
            "restricted_initial": self.restricted_initial,
            "unrestricted_initial": self.unrestricted_initial,
            "restricted_remaining": self.restricted_remaining,
            "unrestricted": self.unrestricted,
            "conversions": self.conversions,
            "converted_same_year": self.converted_same_year,
        }


@access.service
def annual_counts(*, actor, fy: int, at: datetime) -> AnnualCounts:
    """How many reports were signed from 1 October before the year to its 30 September (R12).

    Counted by the victim's signature, in each installation's own zone; an inquiry is no report, and an erased case
    still counts. For programme managers. The look is an event of the system's chain. `at`: now; a year that has
    not begun anywhere is refused, one that has not ended everywhere is told as not complete.
    """
    access.require(actor, "annual_counts")
    at = instant(at, "at")
    latest = (at + EAST).date()
    begun = type(fy) is int and FIRST_YEAR <= fy <= latest.year + 1 and date(fy - 1, 10, 1) <= latest
    if not begun:
        raise DomainError(
            "no_such_year",
            f"Choose a fiscal year from {FIRST_YEAR} on that has begun; it begins on 1 October of the year before.",
            path="fy",
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM sapr_annual_counts(%s)", [fy])
        counted = cursor.fetchone()
    append_system(kind="annual_counts_compiled", actor=actor, at=at, data={"fy": fy})
    return AnnualCounts(fy, date(fy, 9, 30) < (at - WEST).date(), *counted)
