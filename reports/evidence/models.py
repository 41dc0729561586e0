"""SAFE kits. The number stands wherever the name would; which case it belongs to is sealed knowledge."""

import uuid

from django.db import models

from reports.vault.fields import SealedTextField
from sapr.db import known_values


class KitState(models.TextChoices):
    NUMBERED = "numbered", "Number issued"
    SEALED = "sealed", "Sealed under its number"
    MCIO = "mcio", "In MCIO custody"


class Kit(models.Model):
    """One kit of one case. `number_index` finds it by its number inside its case; the number itself is sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("reports.Case", models.PROTECT, related_name="kits")
    number = SealedTextField(label="kit.number", sensitivity="evidence")
    number_index = models.BinaryField(max_length=32, unique=True)
    state = models.CharField(max_length=8, choices=KitState, default=KitState.NUMBERED)
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [known_values("reports_kit", "state", KitState)]

    def __str__(self) -> str:
        return str(self.id)
