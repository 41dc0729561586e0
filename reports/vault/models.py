"""The key store's only table. It lives in the `keys` database, apart from the cases and their backups."""

import uuid

from django.db import models

from sapr.db import known_values


class Sensitivity(models.TextChoices):
    """What a key opens: destroying or withholding one leaves the others."""

    IDENTITY = "identity"
    NARRATIVE = "narrative"
    EVIDENCE = "evidence"


class WrappedKey(models.Model):
    """One case's data key of one class, wrapped by the master key that `kek_id` names."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case_id = models.UUIDField()
    sensitivity = models.CharField(max_length=9, choices=Sensitivity)
    kek_id = models.CharField(max_length=16)
    wrapped = models.BinaryField()

    class Meta:
        db_table = "reports_wrappedkey"
        constraints = [
            known_values("reports_wrappedkey", "sensitivity", Sensitivity),
            models.UniqueConstraint("case_id", "sensitivity", name="reports_wrappedkey_one_per_class"),
        ]

    def __str__(self) -> str:
        return str(self.id)
