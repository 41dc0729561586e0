"""Who works on a case."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from sapr.db import known_values


class CaseRole(models.TextChoices):
    """The roles that are assigned to a case; the values are those of accounts.Role."""

    SARC = "sarc", "SARC"
    VA = "sapr_va", "SAPR VA"


class Assignment(models.Model):
    """A person works on a case in a role until ended. Access to the case hangs on this row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("reports.Case", models.PROTECT, related_name="assignments")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments", db_constraint=False
    )
    role = models.CharField(max_length=20, choices=CaseRole)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    place = models.UUIDField(
        null=True,
        editable=False,
        help_text="The case's installation: the database writes it and keeps it so.",
    )

    class Meta:
        constraints = [
            known_values("reports_assignment", "role", CaseRole),
            models.CheckConstraint(
                name="reports_assignment_ends_after_start",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
            ),
            models.UniqueConstraint(
                "case",
                "user",
                "role",
                condition=Q(ended_at=None),
                name="reports_assignment_once",
            ),
        ]
        indexes = [
            # Reader: sapr_viewer_cases(), and the lists of what one works on.
            models.Index(fields=["user", "case"], condition=Q(ended_at=None), name="reports_assignment_open"),
            # Reader: who works where at all, for sapr_without_sarc() and sapr_leaving(): one step for each of them.
            models.Index(
                fields=["place", "role", "user"], condition=Q(ended_at=None), name="reports_assignment_where"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
