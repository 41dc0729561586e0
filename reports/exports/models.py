"""What leaves as a file: who asked, why and for whose key, who approved; and its encrypted parts until fetched."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sapr.db import known_values


class ExportKind(models.TextChoices):
    """What leaves: lines of the asker's own cases, their elements in the official system's list, or everything."""

    LINES = "lines", _("Lines of own cases")
    DSAID = "dsaid", _("Elements for DSAID, of own cases")
    OPEN = "open", _("Everything, to move to another system")


class ExportForm(models.TextChoices):
    CSV = "csv", _("CSV")
    JSONL = "jsonl", _("JSON Lines")


class ExportPurpose(models.TextChoices):
    """Why. Words of a list: a sentence could be content."""

    INSPECTION = "inspection", _("Inspection or audit of the programme")
    HANDING_OVER = "handing_over", _("Handing cases over to a successor")
    CHECKING = "checking", _("Checking entries against the official system")
    PLANNING = "planning", _("Planning of work and staff")
    MOVING = "moving", _("Moving to another system")


class ExportState(models.TextChoices):
    ASKED = "asked", _("Waits for a second person")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    MADE = "made", _("Made, waits to be fetched")
    DOWNLOADED = "downloaded", _("Fetched and deleted")
    EXPIRED = "expired", _("Its time ran out")


# Something is still to come, and a clock runs.
STANDING = (ExportState.ASKED, ExportState.APPROVED, ExportState.MADE)
DECIDED = (ExportState.APPROVED, ExportState.REFUSED, ExportState.MADE, ExportState.DOWNLOADED)
# Bech32 of an X25519 recipient, as `age-keygen` prints it.
RECIPIENT = r"^age1[02-9ac-hj-np-z]{58}$"


class Export(models.Model):
    """One request and what became of it. It says which fields and which days, never which cases.

    `look_at`: when its present state runs out: undecided, or not fetched. The file is encrypted to `recipient` alone;
    neither this system nor its keys can open it again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=5, choices=ExportKind, default=ExportKind.LINES)
    form = models.CharField(max_length=5, choices=ExportForm, default=ExportForm.CSV)
    purpose = models.CharField(max_length=12, choices=ExportPurpose)
    fields = models.JSONField(help_text="Names of columns, from `lines.FIELDS`.")
    opened_from = models.DateField(null=True, help_text="Cases opened on this day or later; empty: all.")
    opened_to = models.DateField(null=True)
    recipient = models.CharField(max_length=62)
    state = models.CharField(max_length=10, choices=ExportState, default=ExportState.ASKED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False
    )
    asked_at = models.DateTimeField()
    look_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    decided_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(null=True)
    downloaded_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 over the digests of its parts.")

    class Meta:
        constraints = [
            known_values("reports_export", "kind", ExportKind),
            known_values("reports_export", "form", ExportForm),
            known_values("reports_export", "purpose", ExportPurpose),
            # Everything leaves for one purpose, and nothing else does for it.
            models.CheckConstraint(
                name="reports_export_open_iff_moving",
                condition=Q(kind=ExportKind.OPEN, purpose=ExportPurpose.MOVING)
                | ~Q(kind=ExportKind.OPEN) & ~Q(purpose=ExportPurpose.MOVING),
            ),
            known_values("reports_export", "state", ExportState),
            models.CheckConstraint(
                name="reports_export_recipient_is_a_key", condition=Q(recipient__regex=RECIPIENT)
            ),
            models.CheckConstraint(
                name="reports_export_second_person",
                condition=~Q(state__in=DECIDED)
                | Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="reports_export_made_with_digest",
                condition=~Q(state__in=["made", "downloaded"])
                | Q(made_at__isnull=False, digest__regex=r"^[0-9a-f]{64}$"),
            ),
            models.CheckConstraint(
                name="reports_export_fetched_iff_at",
                condition=Q(state="downloaded", downloaded_at__isnull=False)
                | ~Q(state="downloaded") & Q(downloaded_at=None),
            ),
        ]
        indexes = [
            # Reader: the sweep, which lets run out what nobody decided or fetched.
            models.Index(fields=["look_at"], condition=Q(state__in=STANDING), name="reports_export_due"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ExportPart(models.Model):
    """An encrypted part of a file that waits to be fetched. The web role writes `body` and cannot read it back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    export = models.ForeignKey(Export, models.PROTECT, related_name="parts")
    number = models.PositiveIntegerField()
    upto = models.UUIDField(null=True, help_text="The last case in it, by id; empty when there was none.")
    lines = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("export", "number", name="reports_exportpart_once")]

    def __str__(self) -> str:
        return str(self.id)
