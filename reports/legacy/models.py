"""How far an import of earlier cases is, and which case came from which row. No application role reads any of it."""

import uuid

from django.db import models
from django.db.models import Q


class LegacyRun(models.Model):
    """One file, by its digest, imported as of one cut-over instant. Started again, it goes on where it was."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.CharField(max_length=40, help_text="The earlier system, in one word.")
    file_sha256 = models.CharField(max_length=64)
    cutover = models.DateTimeField(help_text="Until then the earlier system was the record.")
    rows_in_batch = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "reports_legacyrun"
        constraints = [
            models.UniqueConstraint(
                "source", "file_sha256", condition=Q(ended_at=None), name="reports_legacyrun_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class LegacyBatch(models.Model):
    """Some rows of a run that were dealt with, in the transaction that did it. `codes`: how many of which error.

    `indexed`: their people stand in the index as well, which is in the other database; a part is done only then.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(LegacyRun, models.PROTECT, related_name="batches")
    number = models.PositiveIntegerField()
    imported = models.PositiveIntegerField()
    already = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    codes = models.JSONField(default=dict)
    indexed = models.BooleanField(default=False)

    class Meta:
        db_table = "reports_legacybatch"
        constraints = [models.UniqueConstraint("run", "number", name="reports_legacybatch_once")]

    def __str__(self) -> str:
        return str(self.id)


class LegacySource(models.Model):
    """Which case an earlier system's row became. The row's id stands here as a keyed digest alone.

    `content`: a commitment to the whole row under the case's own key, so that it says nothing once that is destroyed.
    """

    case_id = models.UUIDField(primary_key=True)
    digest = models.BinaryField(max_length=32, unique=True)
    content = models.CharField(max_length=64)

    class Meta:
        db_table = "reports_legacysource"

    def __str__(self) -> str:
        return str(self.case_id)
