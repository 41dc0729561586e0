"""Words of a Restricted notice that were made anew, because what they drew on was corrected before it was placed."""

import uuid

from django.db import models
from django.db.models import Q

from notifications.strength.rung_models import RUNG_SHAPE


class Recomposing(models.Model):
    """One making anew of the words of a notice that waits; the newest is what it says. Append-only.

    `takes_back`: the notice was released already. Then the words released stay on record, are placed no more, and
    MINIMAL goes at the slot that was drawn. `coarsened`: by the draw of DN-25.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey("notifications.Notice", models.PROTECT, related_name="recomposings")
    case = models.ForeignKey("reports.Case", models.PROTECT, related_name="+")
    rung = models.CharField(max_length=160)
    wording = models.TextField()
    choices = models.JSONField(default=list)
    coarsened = models.BooleanField(default=False)
    takes_back = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notifications_recomposing_rung_is_a_key", condition=Q(rung__regex=RUNG_SHAPE)
            ),
        ]
        indexes = [
            # Reader: what became of the words of one notice, newest first.
            models.Index(fields=["notice", "-at"], name="notifications_recomposed"),
        ]

    def __str__(self) -> str:
        return str(self.id)
