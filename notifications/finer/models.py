"""A proposal that a Restricted notice say more than its addressee's rung, and what became of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from notifications.strength.rung_models import RUNG_SHAPE
from reports.vault.fields import SealedTextField
from sapr.db import known_values


class FinerReason(models.TextChoices):
    """Why more is to be said: the words of rule DN-27. Free text would be content."""

    VICTIM_ASKED = "victim_asked", "The victim wants the commander to know it"
    SAFETY = "safety", "The commander needs it to keep people safe"
    SUPPORT = "support", "The commander needs it so that help reaches the right people"


class FinerGround(models.TextChoices):
    CONSENT = "consent", "The victim's written consent"
    EXCEPTION = "exception", "A decided exception to confidentiality"


class FinerState(models.TextChoices):
    PROPOSED = "proposed", "Waits for a second person"
    APPROVED = "approved", "Approved; may be released"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"


# One of these at a time for a notice; what was refused or withdrawn may be proposed again.
STANDING = (FinerState.PROPOSED, FinerState.APPROVED)


class FinerWording(models.Model):
    """Words finer than a notice's rung: exact, with their ground and with how many people they leave.

    `numbers_before` and `numbers`: by reader, how many people could be meant by the notice's words and by these, with
    everything that the readers around may hold; `k_before` and `k` are the smallest. `tables`: the versions that they
    were counted from. `consent`: the victim's signature under these bytes, sealed. Nothing of a proposal changes; it
    is decided once by a second person, who sees this row and nothing of the case, and withdrawn by the case's SARC.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey("notifications.Notice", models.PROTECT, related_name="finer")
    case = models.ForeignKey("reports.Case", models.PROTECT, related_name="+")
    rung = models.CharField(max_length=160)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    reason = models.CharField(max_length=12, choices=FinerReason)
    ground = models.CharField(max_length=9, choices=FinerGround)
    consent = SealedTextField(label="finer.consent", sensitivity="identity", null=True)
    consent_signed_at = models.DateTimeField(null=True)
    disclosure = models.ForeignKey("reports.Disclosure", models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField(help_text="From then on the words are neither released nor placed.")
    k_before = models.DecimalField(max_digits=12, decimal_places=2)
    numbers_before = models.JSONField()
    k = models.DecimalField(max_digits=12, decimal_places=2)
    numbers = models.JSONField()
    tables = models.JSONField()
    state = models.CharField(max_length=9, choices=FinerState, default=FinerState.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_constraint=False, related_name="+"
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_constraint=False, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_constraint=False, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            known_values("notifications_finerwording", "reason", FinerReason),
            known_values("notifications_finerwording", "ground", FinerGround),
            known_values("notifications_finerwording", "state", FinerState),
            models.CheckConstraint(
                name="notifications_finerwording_rung_is_a_key",
                condition=Q(rung__regex=RUNG_SHAPE) & ~Q(rung="minimal"),
            ),
            models.CheckConstraint(
                name="notifications_finerwording_one_ground",
                condition=Q(ground=FinerGround.CONSENT, disclosure=None)
                & Q(consent__isnull=False, consent_signed_at__isnull=False)
                | Q(ground=FinerGround.EXCEPTION, disclosure__isnull=False)
                & Q(consent__isnull=True, consent_signed_at=None),
            ),
            # Whoever is told more has nobody more to think of.
            models.CheckConstraint(
                name="notifications_finerwording_leaves_no_more", condition=Q(k__lte=F("k_before"))
            ),
            models.CheckConstraint(
                name="notifications_finerwording_second_person",
                condition=Q(decided_by=None, decided_at=None)
                & Q(state__in=[FinerState.PROPOSED, FinerState.WITHDRAWN])
                | Q(decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(state=FinerState.PROPOSED)
                & ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="notifications_finerwording_withdrawn_by_somebody",
                condition=Q(
                    state=FinerState.WITHDRAWN, withdrawn_by__isnull=False, withdrawn_at__isnull=False
                )
                | ~Q(state=FinerState.WITHDRAWN) & Q(withdrawn_by=None, withdrawn_at=None),
            ),
            models.UniqueConstraint(
                "notice", name="notifications_finerwording_open_once", condition=Q(state__in=STANDING)
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
