"""One table of twenty columns, nothing sealed, and whose token is whose."""

from django.conf import settings
from django.db import models


class Token(models.Model):
    """A token of a user; only its SHA-256 is kept."""

    digest = models.BinaryField(max_length=32, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)

    class Meta:
        app_label = "plain"

    def __str__(self) -> str:
        return str(self.pk)


class Report(models.Model):
    """What SAPR keeps in sealed columns, events, duties and notices: here in one row, in clear."""

    number = models.CharField(max_length=20, unique=True)
    election = models.CharField(
        max_length=20, choices=[("restricted", "Restricted"), ("unrestricted", "Unrestricted")]
    )
    state = models.CharField(max_length=20, default="open")
    opened_at = models.DateTimeField(db_index=True)
    signed_at = models.DateTimeField(null=True)
    notify_by = models.DateTimeField(null=True)
    installation = models.CharField(max_length=80)
    sarc = models.CharField(max_length=80)
    advocate = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=120)
    dod_id = models.CharField(max_length=10)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    grade = models.CharField(max_length=10, blank=True)
    sex = models.CharField(max_length=10, blank=True)
    service = models.CharField(max_length=20)
    incident_on = models.DateField(null=True)
    place = models.CharField(max_length=200, blank=True)
    narrative = models.TextField(blank=True)

    class Meta:
        app_label = "plain"
        ordering = ["-opened_at"]

    def __str__(self) -> str:
        return self.number
