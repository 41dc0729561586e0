"""A victim's part in CATCH: taking part, how to be reached after a match, and which credentials are whose.

Nothing of an entry itself stands here: entries are made in a system of others, without a name, and matched there.
"""

import uuid

from django.db import models
from django.db.models import F, Q

from reports.vault.fields import SealedTextField


class CatchEntry(models.Model):
    """The victim takes part, until they leave; one at a time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("reports.Case", models.PROTECT, related_name="catch_entries")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reports_catchentry_left_after_joining",
                condition=Q(left_at=None) | Q(left_at__gte=F("joined_at")),
            ),
            models.UniqueConstraint("case", name="reports_catchentry_open_once", condition=Q(left_at=None)),
        ]

    def __str__(self) -> str:
        return str(self.id)


class CatchContact(models.Model):
    """Whether the victim wants to be told of a match, and by which details; each answer is a row, the newest counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("reports.Case", models.PROTECT, related_name="+")
    entry = models.ForeignKey(CatchEntry, models.PROTECT, related_name="contacts")
    consents = models.BooleanField()
    details = SealedTextField(label="catch_contact.details", sensitivity="identity", null=True)
    given_at = models.DateTimeField()
    version = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint("entry", "version", name="reports_catchcontact_version_once"),
            models.CheckConstraint(
                name="reports_catchcontact_details_iff_consent",
                condition=Q(consents=True, details__isnull=False) | Q(consents=False, details__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class CatchCredentials(models.Model):
    """Credentials given out for an entry. The user name is sealed, and the SARC's alone; the password is nowhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("reports.Case", models.PROTECT, related_name="+")
    entry = models.ForeignKey(CatchEntry, models.PROTECT, related_name="credentials")
    user_name = SealedTextField(label="catch_credentials.user_name", sensitivity="identity")
    issued_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)
