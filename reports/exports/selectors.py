"""Reads of exports: one's own, and for programme managers those that wait or were decided. Never a file."""

from uuid import UUID

from django.db.models import QuerySet, Sum

from reports import access
from reports.exports.models import Export, ExportPart, ExportState
from reports.jobs.models import OPEN, Job
from sapr.errors import NotFoundError


def own(*, viewer) -> QuerySet[Export]:
    """What the viewer asked for, the newest first."""
    return Export.objects.filter(asked_by=viewer).order_by("-asked_at", "id")


def waiting(*, viewer) -> QuerySet[Export]:
    """What waits for a programme manager to decide, the oldest first."""
    access.require(viewer, "export_decide")
    found = Export.objects.filter(state=ExportState.ASKED).select_related("asked_by")
    return found.order_by("asked_at", "id")


def export_get(*, viewer, export_id: UUID) -> Export:
    """One's own, or one to decide on; NotFoundError for any other and for none alike."""
    seen = Export.objects.select_related("asked_by", "decided_by")
    if not access.may(viewer, "export_decide"):
        seen = seen.filter(asked_by=viewer)
    found = seen.filter(pk=export_id).first()
    if found is None:
        raise NotFoundError
    return found


def lines_made(*, viewer, export: Export) -> int:
    """How many lines its file holds by now: for who asked alone, because the number tells of the cases."""
    parts = ExportPart.objects.filter(export=export, export__asked_by=viewer)
    return parts.aggregate(lines=Sum("lines"))["lines"] or 0


def job_of(*, viewer, export: Export) -> Job | None:
    """The viewer's job that makes the file just now."""
    return Job.objects.filter(owner=viewer, export=export, state__in=OPEN).first()
