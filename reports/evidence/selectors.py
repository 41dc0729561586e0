"""Reads of kits, as seen by a viewer. The number itself is sealed; opening it is an event."""

from django.db.models import QuerySet

from reports import access
from reports.evidence.models import Kit


def case_kits(*, viewer, case) -> QuerySet[Kit]:
    """The kits of one of the viewer's cases, in order of issue."""
    return Kit.objects.filter(case=case, case_id__in=access.case_ids(viewer)).order_by("issued_at", "id")
