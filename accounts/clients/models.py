"""An outside system and the keys it was given. What a key may do is fixed when it is proposed; its end comes nearer."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.clients import limits
from sapr.db import known_values


class KeyState(models.TextChoices):
    PROPOSED = "proposed", "Waits for a second person"
    APPROVED = "approved", "In use"
    REFUSED = "refused", "Refused"


class Client(models.Model):
    """An outside system (a hospital's, an MCIO's, a headquarters') and the account in whose name it acts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="clients")
    per_minute = models.PositiveSmallIntegerField(default=limits.PER_MINUTE)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    made_at = models.DateTimeField(editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="accounts_client_has_a_pace",
                condition=Q(per_minute__gte=1, per_minute__lte=limits.MOST_PER_MINUTE),
            ),
            models.CheckConstraint(
                name="accounts_client_not_of_its_maker", condition=Q(made_by=None) | ~Q(user=F("made_by"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ClientKey(models.Model):
    """One key: its scope as it was proposed, who agreed to it, and, once it is in use, its digest and its end.

    `places`: ids of installations or commands; `rooms`: first parts of addresses; `verbs`: read, write; `fields`:
    allowed fields of answers as room:field.field, none for a room: all of them. A trigger keeps all of it as it is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="keys")
    places = ArrayField(models.UUIDField())
    rooms = ArrayField(models.CharField(max_length=40))
    verbs = ArrayField(models.CharField(max_length=5))
    fields = ArrayField(models.CharField(max_length=120), default=list)
    fingerprint = models.BinaryField(max_length=32, null=True)
    valid_days = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=KeyState)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    follows = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")
    prefix = models.CharField(max_length=14, default="")
    key_hash = models.BinaryField(max_length=32, null=True, unique=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)

    class Meta:
        constraints = [
            known_values("accounts_clientkey", "state", KeyState),
            models.CheckConstraint(
                name="accounts_clientkey_in_use_is_hashed_and_ends",
                condition=Q(state=KeyState.APPROVED, key_hash__isnull=False, expires_at__isnull=False)
                | (~Q(state=KeyState.APPROVED) & Q(key_hash=None, expires_at=None)),
            ),
            models.CheckConstraint(
                name="accounts_clientkey_lives_a_year",
                condition=Q(valid_days__gte=1, valid_days__lte=limits.LONGEST_DAYS),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
