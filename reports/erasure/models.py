"""Legal holds, and the proposals to destroy a case's keys. Vocabulary only: a reason in free text would be content."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reports.election.models import Election
from sapr.db import known_values


class HoldReason(models.TextChoices):
    LEGAL_PROCEEDING = "legal_proceeding", "A legal proceeding is open"
    APPEAL = "appeal", "An appeal is open"
    INVESTIGATION = "investigation", "An investigation is open"
    PRESERVATION_ORDER = "preservation_order", "A court or authority ordered preservation"
    VICTIM_ASKED = "victim_asked", "The victim asked that it be kept"


class Hold(models.Model):
    """While one is open, nothing of the case may be destroyed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("reports.Case", models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=20, choices=HoldReason)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False
    )
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            known_values("reports_hold", "reason", HoldReason),
            models.CheckConstraint(
                name="reports_hold_lifted_by_somebody",
                condition=Q(lifted_by=None, lifted_at=None)
                | Q(lifted_by__isnull=False, lifted_at__gte=F("placed_at")),
            ),
            models.UniqueConstraint(
                "case", "reason", name="reports_hold_open_once", condition=Q(lifted_at=None)
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ErasureState(models.TextChoices):
    PROPOSED = "proposed", "Waits for a second person"
    APPROVED = "approved", "Approved; waits for whoever runs the system"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"
    DESTROYING = "destroying", "Keys are being destroyed"
    DONE = "done", "Keys destroyed"


# One of these at a time for a case; what was refused or withdrawn may be proposed again.
STANDING = (ErasureState.PROPOSED, ErasureState.APPROVED, ErasureState.DESTROYING, ErasureState.DONE)


class Erasure(models.Model):
    """One proposal to destroy a case's keys, and what became of it.

    What the case held when it was proposed, `signed_on` to `has_kit`, is written by the database from the case itself,
    and each later step is refused when it holds something else by then: periods of keeping are asked of that.
    `keep_until` is the last day of the longest; empty for a contact that left without signing. `number` is a copy of
    the case's public number: who decides sees this row and nothing of the case.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("reports.Case", models.PROTECT, related_name="erasures")
    number = models.CharField(max_length=24)
    signed_on = models.DateField(null=True, help_text="By the calendar of the installation.")
    signed_as = models.CharField(max_length=12, choices=Election, blank=True)
    converted_on = models.DateField(null=True)
    has_kit = models.BooleanField(default=False)
    keep_until = models.DateField(null=True)
    rules = models.JSONField(default=list, help_text="Ids of the rules that gave the period.")
    state = models.CharField(max_length=10, choices=ErasureState, default=ErasureState.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    decided_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            known_values("reports_erasure", "state", ErasureState),
            known_values("reports_erasure", "signed_as", Election, blank=True),
            models.CheckConstraint(
                name="reports_erasure_decided_iff_not_proposed",
                condition=Q(state=ErasureState.PROPOSED, decided_by=None, decided_at=None)
                | ~Q(state=ErasureState.PROPOSED) & Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="reports_erasure_second_person",
                condition=Q(state=ErasureState.PROPOSED)
                | Q(state=ErasureState.WITHDRAWN, decided_by=F("proposed_by"))
                | ~Q(state__in=[ErasureState.PROPOSED, ErasureState.WITHDRAWN])
                & ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="reports_erasure_done_iff_at",
                condition=Q(state=ErasureState.DONE, done_at__isnull=False)
                | ~Q(state=ErasureState.DONE) & Q(done_at=None),
            ),
            models.UniqueConstraint(
                "case",
                name="reports_erasure_open_once",
                condition=Q(state__in=STANDING),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
