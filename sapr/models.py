"""The database's own nature: its permanent kind and, outside `real`, its movable clock."""

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
