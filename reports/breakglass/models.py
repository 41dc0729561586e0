"""Emergency access to a case that is somebody else's: asked with a reason, decided by a second person, for hours."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reports.vault.fields import SealedTextField
from sapr.db import known_values

# What the database allows at most; the policy's own hours are fewer.
LONGEST_ACCESS, LONGEST_WAIT = timedelta(hours=24), timedelta(hours=72)
CASE_NUMBER = r"C(-[0-9A-HJKMNP-TV-Z]{4}){3}-[0-9A-HJKMNP-TV-Z]"
CASE_ID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


class BreakGlassState(models.TextChoices):
    ASKED = "asked", "Asked for"
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Refused"


class BreakGlass(models.Model):
    """One request. `case` is empty when there is no case of that number: its asker is told nothing of it.

    A trigger binds every name to the viewer, writes every instant, and appends the event to the case's chain.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked_for = models.CharField(max_length=36, help_text="A case number or id, as the asker knows it.")
    case = models.ForeignKey("reports.Case", models.PROTECT, null=True, related_name="+")
    installation = models.ForeignKey(
        "accounts.Location", models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False
    )
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    reason = SealedTextField(label="breakglass.reason", sensitivity="narrative", null=True)
    state = models.CharField(max_length=8, choices=BreakGlassState, default=BreakGlassState.ASKED)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    decided_at = models.DateTimeField(null=True)
    runs_until = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            known_values("reports_breakglass", "state", BreakGlassState),
            models.CheckConstraint(
                name="reports_breakglass_asks_by_number",
                condition=Q(asked_for__regex=f"^({CASE_NUMBER}|{CASE_ID})$"),
            ),
            models.CheckConstraint(
                name="reports_breakglass_sealed_reason",
                condition=Q(case=None, installation=None, reason__isnull=True, state=BreakGlassState.ASKED)
                | Q(case__isnull=False, installation__isnull=False, reason__isnull=False),
            ),
            models.CheckConstraint(
                name="reports_breakglass_decided_iff_not_asked",
                condition=Q(state=BreakGlassState.ASKED, decided_by=None, decided_at=None)
                | (~Q(state=BreakGlassState.ASKED) & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="reports_breakglass_second_person", condition=~Q(decided_by=F("asked_by"))
            ),
            models.CheckConstraint(
                name="reports_breakglass_waits_for_hours",
                condition=Q(answer_by__gt=F("asked_at"), answer_by__lte=F("asked_at") + LONGEST_WAIT)
                & (Q(decided_at=None) | Q(decided_at__lt=F("answer_by"))),
            ),
            models.CheckConstraint(
                name="reports_breakglass_runs_for_hours",
                # Said of the column itself: a comparison with nothing is no refusal.
                condition=Q(
                    state=BreakGlassState.APPROVED, runs_until__isnull=False, runs_until__gt=F("decided_at")
                )
                & Q(runs_until__lte=F("decided_at") + LONGEST_ACCESS)
                | (~Q(state=BreakGlassState.APPROVED) & Q(runs_until=None)),
            ),
            models.CheckConstraint(
                name="reports_breakglass_ends_only_earlier",
                condition=Q(ended_at=None, ended_by=None)
                | Q(
                    state=BreakGlassState.APPROVED,
                    ended_by__isnull=False,
                    ended_at__isnull=False,
                    ended_at__gte=F("decided_at"),
                    ended_at__lte=F("runs_until"),
                ),
            ),
        ]
        indexes = [
            # Reader: sapr_readable_cases(), every request.
            models.Index(
                fields=["asked_by"],
                condition=Q(state=BreakGlassState.APPROVED, ended_at=None),
                name="reports_breakglass_running",
            ),
            # Reader: Today, what was asked lately.
            models.Index(fields=["asked_at"], name="reports_breakglass_lately"),
            # Reader: the case page, and the first page of whoever is on the case.
            models.Index(fields=["case", "asked_at"], name="reports_breakglass_of_case"),
        ]

    def __str__(self) -> str:
        return str(self.id)
