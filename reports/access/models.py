"""Looks without a relationship: who and when, never at what. What was looked for is nobody's to know here either."""

import uuid

from django.conf import settings
from django.db import models

from sapr.db import known_values


class LookKind(models.TextChoices):
    NOT_THERE = "not_there", "Nothing there, or not theirs"
    PERSON = "person", "Person looked up without result"
    EMERGENCY = "emergency", "Emergency access asked for"
    ALARMED = "alarmed", "Alarm raised"
    STOPPED = "stopped", "Reading stopped"


class Look(models.Model):
    """One look; the database writes whose it is and when. The last two kinds mark what was raised already."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False)
    at = models.DateTimeField()
    kind = models.CharField(max_length=9, choices=LookKind)

    class Meta:
        constraints = [known_values("reports_look", "kind", LookKind)]
        indexes = [
            # Reader: looks.looked(), one person's last hour.
            models.Index(fields=["user", "at"], name="reports_look_recent"),
        ]

    def __str__(self) -> str:
        return str(self.id)
