"""Finer words of a notice, and those that lie in an inbox, which every later choice reckons with."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F

from notifications.anonymity import Rung
from notifications.anonymity.rungs import Ladders, not_finer
from notifications.finer.models import FinerState, FinerWording
from notifications.strength.rung_models import MINIMAL, Told


def finer_told(places: Iterable[UUID], ladders: Ladders) -> list[Told]:
    """What was told at these places in words finer than the rung that stood there, oldest first."""
    told = Told.objects.filter(location__in=list(places), unit_rung__isnull=False)
    rows = told.exclude(rung__in=[MINIMAL, F("unit_rung__rung")]).select_related("unit_rung")
    return [
        row
        for row in rows.order_by("slot", "pk")
        if not not_finer(Rung.of(row.rung), Rung.of(row.unit_rung.rung), ladders)
    ]


def finer_of(notice, digest: str) -> FinerWording | None:
    """The finer words of a notice with that digest (SHA-256, hex), whatever became of them since they were approved.

    Approved ones before withdrawn ones. Only the columns that the worker reads too.
    """
    found = FinerWording.objects.filter(notice=notice, sha256=digest, decided_by__isnull=False)
    found = found.exclude(state=FinerState.REFUSED).order_by("state", "-expires_at")
    return found.only(
        "id", "notice_id", "rung", "sha256", "k", "numbers", "tables", "state", "expires_at", "proposed_by_id",
        "decided_by_id",
    ).first()  # fmt: skip


def open_finer(notice) -> bool:
    """Whether finer words of the notice wait for the second person, or are approved and not withdrawn."""
    states = [FinerState.PROPOSED, FinerState.APPROVED]
    return FinerWording.objects.filter(notice=notice, state__in=states).exists()
