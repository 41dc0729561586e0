"""Forty-eight hours where a commander granted them beforehand: places, standing grants, and their use in one case."""

import uuid

from django.db import models
from django.db.models import F, Q

from sapr.db import known_values


class GrantReason(models.TextChoices):
    """Why a commander grants the longer time for a place. Vocabulary."""

    COMMUNICATIONS = "communications", "Communications are unreliable"
    MOVEMENT = "movement", "Movement between sites is restricted"
    OPERATIONS = "operations", "Operations do not allow the shorter time"


class Circumstance(models.TextChoices):
    """What was extenuating in the case. Vocabulary."""

    NO_CONNECTION = "no_connection", "No connection to the system could be had"
    NO_TRANSPORT = "no_transport", "The victim could not be reached or brought in safely"
    HOSTILITIES = "hostilities", "Hostilities, alarm or evacuation"
    MEDICAL = "medical", "Medical care or evacuation came first"


class Deployment(models.Model):
    """A place is deployed, from its recording until somebody ends it. Directory data, as a programme manager has it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    location = models.ForeignKey(
        "accounts.Location", models.PROTECT, related_name="deployments", db_constraint=False
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    recorded_by = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "location", condition=Q(ends_at=None), name="notifications_deployment_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class ExtensionGrant(models.Model):
    """A commander's standing grant (CN-1) for a deployed place and a period. Nothing in it ever tells of a use."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey("accounts.Post", models.PROTECT, related_name="+", db_constraint=False)
    location = models.ForeignKey("accounts.Location", models.PROTECT, related_name="+", db_constraint=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=14, choices=GrantReason)
    granted_at = models.DateTimeField()
    granted_by = models.UUIDField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            known_values("notifications_extensiongrant", "reason", GrantReason),
            models.CheckConstraint(
                name="notifications_extensiongrant_is_a_period", condition=Q(ends_at__gt=F("starts_at"))
            ),
        ]
        indexes = [
            # Reader: the grants of a place, newest first.
            models.Index(fields=["location", "-starts_at"], name="notifications_grant_of_place"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Extension(models.Model):
    """A grant used for one notice. `grant_id` is no foreign key: its check would leave a lock on the grant's row,
    which the commander who holds the grant could see."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.OneToOneField("notifications.Notice", models.PROTECT, related_name="extension")
    case = models.ForeignKey("reports.Case", models.PROTECT, related_name="+")
    grant_id = models.UUIDField()
    reason = models.CharField(max_length=13, choices=Circumstance)
    invoked_at = models.DateTimeField()
    last_slot = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        constraints = [known_values("notifications_extension", "reason", Circumstance)]

    def __str__(self) -> str:
        return str(self.id)
