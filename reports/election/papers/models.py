"""Signed forms and their later versions, hand-outs that were given, copies that were asked for."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reports.election.models import Election
from reports.vault.fields import SealedTextField
from sapr.db import known_values

# The one form that takes a lost election's place, and the only one that may be signed from afar (TR-07).
LOST_FORM = "DD 2910-1"


class CorrectionReason(models.TextChoices):
    """Why a signed form was corrected. Vocabulary: free text would be content."""

    WRITING_ERROR = "writing_error", "Something was written wrongly."
    LEFT_OUT = "left_out", "Something was left out."
    ENTERED_WRONGLY = "entered_wrongly", "A paper form was entered wrongly."
    VICTIM_ASKED = "victim_asked", "The victim asked for it."


class Delivery(models.TextChoices):
    """How a copy reaches the victim. None of it is mailed, faxed or e-mailed (DD 2910, handling)."""

    IN_PERSON = "in_person", "Brought to the victim in person"
    COLLECTED = "collected", "Collected by the victim at the office"
    NEAREST_SARC = "nearest_sarc", "Through the SARC nearest to the victim"
    REPRESENTATIVE = "representative", "To somebody whom the victim named in writing"


class Paper(models.Model):
    """One version of a signed form. Append-only: a correction is a further row, and every version stays.

    `original`: the election form whose place it takes (DD 2910-1) or whose correction it is. `election`: then the
    election that stands on it. `signed_at`: the first signature; `countersigned_at`: that of SARC or SAPR VA, where
    the form has two.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("reports.Case", models.PROTECT, related_name="papers")
    form = models.CharField(max_length=12)
    edition = models.CharField(max_length=20)
    version = models.PositiveIntegerField(default=1)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="superseded_by")
    original = models.ForeignKey("reports.SignedForm", models.PROTECT, null=True, related_name="papers")
    election = models.CharField(max_length=12, choices=Election, blank=True)
    reason = models.CharField(max_length=20, choices=CorrectionReason, blank=True)
    remote = models.BooleanField(default=False)
    signed_at = models.DateTimeField()
    countersigned_at = models.DateTimeField(null=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False
    )
    content = SealedTextField(label="paper.content", sensitivity="identity")

    class Meta:
        constraints = [
            known_values("reports_paper", "election", Election, blank=True),
            known_values("reports_paper", "reason", CorrectionReason, blank=True),
            models.CheckConstraint(
                name="reports_paper_reason_iff_corrected",
                condition=Q(version=1, reason="") | Q(version__gt=1) & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="reports_paper_from_afar_only_lost_form", condition=Q(remote=False) | Q(form=LOST_FORM)
            ),
            # A correction is corrected next, never the same version twice.
            models.UniqueConstraint(
                "original", "version", name="reports_paper_original_once", condition=~Q(form=LOST_FORM)
            ),
        ]
        indexes = [
            # Reader: the forms of one case.
            models.Index(fields=["case", "signed_at"], name="reports_paper_of_case"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class HandOut(models.Model):
    """A paper that was given and that nobody signs. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("reports.Case", models.PROTECT, related_name="hand_outs")
    form = models.CharField(max_length=12)
    edition = models.CharField(max_length=20)
    given_to = models.CharField(max_length=20, help_text="A word of the edition, never a name.")
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False
    )

    class Meta:
        indexes = [
            # Reader: the hand-outs of one case.
            models.Index(fields=["case", "given_at"], name="reports_handout_of_case"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class CopyRequest(models.Model):
    """That the victim asked for a copy of a form, and when it was given (CK-20). Only the giving is written later."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("reports.Case", models.PROTECT, related_name="copy_requests")
    form = models.CharField(max_length=12)
    delivery = models.CharField(max_length=20, choices=Delivery)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False
    )
    given_at = models.DateTimeField(null=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False
    )

    class Meta:
        constraints = [
            known_values("reports_copyrequest", "delivery", Delivery),
            models.CheckConstraint(
                name="reports_copyrequest_given_by_somebody",
                condition=Q(given_at=None, given_by=None)
                | Q(given_at__gte=F("requested_at"), given_by__isnull=False),
            ),
        ]
        indexes = [
            # Reader: the log of one case.
            models.Index(fields=["case", "requested_at"], name="reports_copyrequest_of_case"),
        ]

    def __str__(self) -> str:
        return str(self.id)
