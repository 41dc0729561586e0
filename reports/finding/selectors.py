"""Reads: the viewer's cases that a filter means, and the viewer's own kept filters."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Location, Role
from accounts.selectors import installations_of
from reports import access
from reports.election.models import Case
from reports.finding.filters import Filter, filtered
from reports.finding.models import SavedFilter

WORKERS = (Role.SARC, Role.VA)


def cases_found(*, viewer, wanted: Filter, at: datetime) -> QuerySet[Case]:
    """The viewer's cases that the filter means, newest first. Opens no seal and counts nothing."""
    return filtered(access.cases(viewer), wanted, viewer=viewer, at=at)


def case_lines(
    *, viewer, after: tuple[datetime, UUID] | None, newest_first: bool, most: int
) -> list[access.CaseLine] | None:
    """The viewer's cases without a filter, in light rows beyond a place in their order; None: ask `cases_found`."""
    return access.case_lines(viewer, after=after, newest_first=newest_first, most=most)


def places(*, viewer, at: datetime) -> list[Location]:
    """The installations that the viewer may filter by: those at which they are SARC or SAPR VA."""
    return installations_of(viewer, at, WORKERS)


def saved(*, viewer) -> QuerySet[SavedFilter]:
    """The viewer's kept filters, by name."""
    return SavedFilter.objects.filter(owner=viewer).select_related("place").order_by("name")
