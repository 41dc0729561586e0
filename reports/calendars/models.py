"""Calendar feeds: addresses outside the session login, of which only a hash is kept. No case is in any of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Feed(models.Model):
    """The address of one person's calendar for one appointment, until it is revoked, runs out, or that ends.

    A trigger writes whose it is and every instant; a fetch goes through `sapr_feed_fetch()`, which counts it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False)
    appointment = models.ForeignKey(
        "accounts.Appointment", models.PROTECT, related_name="+", db_constraint=False
    )
    token_hash = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    counted_from = models.DateTimeField(null=True, help_text="Since when its fetches are counted.")
    fetches = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "appointment", condition=Q(revoked_at=None), name="reports_feed_one_at_a_time"
            ),
            models.CheckConstraint(name="reports_feed_expires", condition=Q(expires_at__gt=F("made_at"))),
        ]

    def __str__(self) -> str:
        return str(self.id)
