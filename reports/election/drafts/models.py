"""What somebody typed in a step of the intake and has not submitted yet. Both tables are unlogged (docs/intake.md)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from sapr.db import known_values


class Step(models.TextChoices):
    CONTACT = "contact", "New contact"
    DETAILS = "details", "Sealed details"
    QUESTIONS = "questions", "Eligibility questions"
    SIGN = "sign", "Acknowledgements and signatures"


class Draft(models.Model):
    """One step's form as it stood when it was last kept: seen by its author alone, gone when the step is done.

    `content` is sealed under a key of the draft's own (`reports.vault.drafts`), never under a case's. A contact has no
    case yet. When it was kept and until when are the database's to say.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("reports.Case", models.PROTECT, related_name="drafts", null=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False
    )
    step = models.CharField(max_length=9, choices=Step)
    content = models.BinaryField()
    kept_at = models.DateTimeField()
    kept_until = models.DateTimeField()

    class Meta:
        constraints = [
            known_values("reports_draft", "step", Step),
            models.CheckConstraint(
                name="reports_draft_contact_has_no_case",
                condition=Q(step=Step.CONTACT, case=None) | (~Q(step=Step.CONTACT) & Q(case__isnull=False)),
            ),
            models.UniqueConstraint("case", "author", "step", name="reports_draft_one_per_step"),
        ]
        indexes = [
            # Reader: the sweep.
            models.Index(fields=["kept_until"], name="reports_draft_due"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class EndedDraft(models.Model):
    """The id of a draft that is gone and whose key is still to be destroyed. Written by the database, read at once."""

    id = models.UUIDField(primary_key=True, editable=False)

    def __str__(self) -> str:
        return str(self.id)
