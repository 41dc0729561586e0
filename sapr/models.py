"""The database's own nature: its permanent kind, outside `real` its movable clock, and what was done to keep it."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Q

from sapr.db import known_values


class Kind(models.TextChoices):
    REAL = "real"
    DEMO = "demo"
    REHEARSAL = "rehearsal"


class Database(models.Model):
    """Exactly one row. The kind never changes (trigger); a real database's clock never moves (CHECK)."""

    only = models.BooleanField(primary_key=True, default=True)
    kind = models.CharField(max_length=9, choices=Kind)
    moved_by = models.DurationField(default=timedelta)
    held_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sapr_database"
        constraints = [
            known_values("sapr_database", "kind", Kind),
            models.CheckConstraint(name="sapr_database_one_row", condition=Q(only=True)),
            models.CheckConstraint(
                name="sapr_database_real_clock_stands",
                condition=~Q(kind=Kind.REAL) | Q(moved_by=timedelta(), held_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class UpkeepKind(models.TextChoices):
    BACKUP = "backup", "A backup was made"
    DRILL = "drill", "Bringing it back was practised, and every test passed"
    VERIFIED = "verified", "The whole ledger was verified and holds"


class Upkeep(models.Model):
    """When each of these was done last, by the database's real time; one row each."""

    kind = models.CharField(primary_key=True, max_length=8, choices=UpkeepKind)
    at = models.DateTimeField()

    class Meta:
        db_table = "sapr_upkeep"
        constraints = [known_values("sapr_upkeep", "kind", UpkeepKind)]

    def __str__(self) -> str:
        return self.kind


class Restoration(models.Model):
    """Filled from a backup or an open export. Until a person lifts the hold nothing is placed and nothing sent.

    Instants are the database's real time; `lifted_at` is the only thing that changes, once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    restored_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sapr_restoration"
        constraints = [
            models.CheckConstraint(
                name="sapr_restoration_lifted_after",
                condition=Q(lifted_at=None) | Q(lifted_at__gte=models.F("restored_at")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
