"""What nobody decided or fetched in time runs out; the database deletes its parts with that."""

from datetime import datetime

from django.db.models import QuerySet

from reports.exports.models import STANDING, Export, ExportState


def due(now: datetime) -> QuerySet[Export]:
    """The exports whose time is over, the earliest first."""
    return Export.objects.filter(look_at__lte=now, state__in=STANDING).order_by("look_at")


def run_out(export: Export, now: datetime) -> None:
    """For the sweep, which holds the row's lock."""
    export.state = ExportState.EXPIRED
    export.save(update_fields=["state"])
