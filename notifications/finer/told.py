"""Finer words that lie in an inbox: every later choice reckons with them."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F

from notifications.anonymity import Rung
from notifications.anonymity.rungs import Ladders, not_finer
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
