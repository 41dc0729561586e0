"""The one table of matters: what a thing of a case is, and where its course stands."""

import uuid

from django.db import models
from django.db.models import F, Q

from reports.casework.matters.kinds import KINDS
from reports.vault.fields import SealedTextField
from sapr.db import known_values

MatterKind = models.TextChoices(
    "MatterKind", [(kind.kind.upper(), (kind.kind, kind.label)) for kind in KINDS.values()]
)


class Matter(models.Model):
    """One order, request, team, referral, … of one case. Its steps are events that name it; only its state moves.

    `what` is a word of its kind's vocabulary. Name and content are sealed and written once, when it is opened.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("reports.Case", models.PROTECT, related_name="matters")
    kind = models.CharField(max_length=24, choices=MatterKind)
    what = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=20)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    name = SealedTextField(label="matter.name", sensitivity="identity", null=True)
    content = SealedTextField(label="matter.content", sensitivity="narrative", null=True)
    opened_at = models.DateTimeField()
    moved_at = models.DateTimeField(help_text="The instant of its latest step, as far as it is known.")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            known_values("reports_matter", "kind", MatterKind),
            models.CheckConstraint(
                name="reports_matter_what_is_a_word", condition=Q(what__regex=r"^[a-z0-9_]{0,40}$")
            ),
            models.CheckConstraint(
                name="reports_matter_moves_forward", condition=Q(moved_at__gte=F("opened_at"))
            ),
        ]
        indexes = [
            # Reader: the matters of one case, running ones first.
            models.Index(fields=["case", "kind"], name="reports_matter_of_case"),
        ]

    def __str__(self) -> str:
        return str(self.id)
