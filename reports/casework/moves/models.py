"""People move: cases offered to another installation, and victims handed over when a SARC or SAPR VA changes."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reports.casework.models import CaseRole
from reports.election.models import Election
from sapr.db import known_values


class MoveState(models.TextChoices):
    OFFERED = "offered", "Offered"
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Move(models.Model):
    """A case offered to a SARC of another installation after the victim agreed, and what became of it.

    `election` is a copy: to whom it is offered sees this row and nothing of the case. A trigger binds the names to the
    viewer and dates it; an acceptance moves assignment and installation in the same statement.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("reports.Case", models.PROTECT, related_name="moves")
    election = models.CharField(max_length=12, choices=Election)
    from_installation = models.ForeignKey(
        "accounts.Location", models.PROTECT, related_name="+", db_constraint=False
    )
    to_installation = models.ForeignKey(
        "accounts.Location", models.PROTECT, related_name="+", db_constraint=False
    )
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False
    )
    offered_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False
    )
    offered_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=MoveState, default=MoveState.OFFERED)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            known_values("reports_move", "election", Election),
            known_values("reports_move", "state", MoveState),
            models.CheckConstraint(
                name="reports_move_goes_elsewhere", condition=~Q(from_installation=F("to_installation"))
            ),
            models.CheckConstraint(
                name="reports_move_decided_iff_not_offered",
                condition=Q(state=MoveState.OFFERED, decided_by=None, decided_at=None)
                | ~Q(state=MoveState.OFFERED) & Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="reports_move_two_persons",
                condition=~Q(offered_to=F("offered_by"))
                & (
                    Q(state__in=[MoveState.OFFERED, MoveState.WITHDRAWN])
                    | Q(decided_by=F("offered_to")) & ~Q(decided_by=F("offered_by"))
                ),
            ),
            models.UniqueConstraint(
                "case", name="reports_move_open_once", condition=Q(state=MoveState.OFFERED)
            ),
        ]
        indexes = [
            # Reader: the hand-over page, what is offered to oneself.
            models.Index(
                fields=["offered_to"], condition=Q(state=MoveState.OFFERED), name="reports_move_offered_to"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Offer(models.Model):
    """A `Move` as its addressee sees it, before and after the answer: everything but the case it is of.

    A view of the database over the addressee's own rows; it names what it shows, so that a later column is not in it.
    An answer is written through it and meets the same triggers.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    election = models.CharField(max_length=12)
    from_installation = models.ForeignKey(
        "accounts.Location", models.PROTECT, related_name="+", db_constraint=False
    )
    to_installation = models.ForeignKey(
        "accounts.Location", models.PROTECT, related_name="+", db_constraint=False
    )
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False
    )
    offered_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False
    )
    offered_at = models.DateTimeField()
    state = models.CharField(max_length=9)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "reports_offer"

    def __str__(self) -> str:
        return str(self.id)

    @property
    def report_label(self) -> str:
        """Which kind of report, in words."""
        return Election(self.election).label

    @property
    def state_label(self) -> str:
        """How the offer stands, in words."""
        return MoveState(self.state).label


class Originals(models.TextChoices):
    """Where the stored DD 2910 originals lie; vocabulary, because a place in words would be content."""

    NONE = "none", "No original on paper"
    SAFE = "safe", "Safe of the SARC's office"
    CABINET = "cabinet", "Locked cabinet of the SARC's office"
    RECORDS = "records", "Records room of the installation"
    UNKNOWN = "unknown", "Not known: whoever left did not say"


class HandOver(models.Model):
    """One person follows another on a case. A trigger ends the one assignment and makes the other.

    `number` is a copy: a second person who confirms where the originals lie sees this row and nothing of the case.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("reports.Case", models.PROTECT, related_name="handovers")
    number = models.CharField(max_length=24)
    installation = models.ForeignKey(
        "accounts.Location", models.PROTECT, related_name="+", db_constraint=False
    )
    role = models.CharField(max_length=20, choices=CaseRole)
    leaves = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False
    )
    follows = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False
    )
    changed_at = models.DateTimeField()
    originals = models.CharField(max_length=8, choices=Originals, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            known_values("reports_handover", "role", CaseRole),
            known_values("reports_handover", "originals", Originals, blank=True),
            models.CheckConstraint(
                name="reports_handover_to_somebody_else", condition=~Q(leaves=F("follows"))
            ),
            models.CheckConstraint(
                name="reports_handover_originals_of_a_sarc",
                condition=Q(role=CaseRole.VA, originals="", confirmed_by=None)
                | Q(role=CaseRole.SARC) & ~Q(originals=""),
            ),
            models.CheckConstraint(
                name="reports_handover_second_person",
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                & ~Q(confirmed_by=F("leaves"))
                & ~Q(confirmed_by=F("changed_by"))
                & ~Q(originals=Originals.UNKNOWN),
            ),
        ]
        indexes = [
            # Reader: the case's own hand-overs, the latest first; sapr_handed_over().
            models.Index(fields=["case", "-changed_at"], name="reports_handover_of_case"),
        ]

    def __str__(self) -> str:
        return str(self.id)
