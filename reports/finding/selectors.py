"""Reads: the viewer's cases that a filter means, and the viewer's own kept filters."""

from datetime import datetime

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


def places(*, viewer, at: datetime) -> list[Location]:
    """The installations that the viewer may filter by: those at which they are SARC or SAPR VA."""
    return installations_of(viewer, at, WORKERS)


def saved(*, viewer) -> QuerySet[SavedFilter]:
    """The viewer's kept filters, by name."""
    return SavedFilter.objects.filter(owner=viewer).select_related("place").order_by("name")
