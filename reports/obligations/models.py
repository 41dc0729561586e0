"""Duties: opened and discharged by events, in the event's own transaction."""

import uuid
from datetime import datetime
from typing import NamedTuple

from django.db import models
from django.db.models import Q

from sapr.db import known_values


class DutyState(models.TextChoices):
    OPEN = "open", "Open"
    DISCHARGED = "discharged", "Done in time"
    MISSED = "missed", "Done late"
    NOT_APPLICABLE = "not_applicable", "Does not apply"
    ENDED = "ended", "Ended by a later event"
    # Of before this system; no event here did them.
    LEGACY_DONE = "legacy_done", "Done, by the earlier record"
    LEGACY_MISSED = "legacy_missed", "Missed, by the earlier record"
    LEGACY_UNKNOWN = "legacy_unknown", "Past; the earlier record does not say how it ended"


LEGACY_STATES = (DutyState.LEGACY_DONE, DutyState.LEGACY_MISSED, DutyState.LEGACY_UNKNOWN)


class LateReason(models.TextChoices):
    """Why a form is entered only after its notice was due. Vocabulary: free text would be content."""

    PAPER_DELAYED = "paper_delayed", "The paper form came late."
    FOUND_LATE = "found_late", "The form was found late."
    NO_CONNECTION = "no_connection", "There was no connection to the system."
    CARE_FIRST = "care_first", "Care of the person came first."
    OTHER = "other", "Another reason; ask the SARC."


class Turn(NamedTuple):
    """When a duty's opening event happened, when the turn before this one was due, and when the first one was."""

    happened: datetime
    before: datetime | None
    first: datetime


class Duty(models.Model):
    """Something a rule demands of a role by an instant. `occurrence` numbers a repeating duty's turns."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("reports.Case", models.PROTECT, related_name="duties", db_index=False)
    rule = models.CharField(max_length=20)
    # The row it was opened under, so that it is shown in that one's words; empty before they were kept.
    layer = models.CharField(max_length=40, blank=True, default="")
    rule_set = models.CharField(max_length=20, blank=True, default="")
    kind = models.CharField(max_length=60)
    role = models.CharField(max_length=40)
    state = models.CharField(max_length=14, choices=DutyState, default=DutyState.OPEN)
    opened_event = models.UUIDField()
    about = models.UUIDField(
        null=True, help_text="The one order, request or kit that it is about, where a case has several."
    )
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    discharged_by = models.CharField(max_length=40, help_text="The kind of event that discharges it.")
    closed_event = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True)
    # A sentence of ours: a LateReason's, a rule's, or the system's own. Never typed text.
    reason = models.CharField(max_length=200, blank=True)
    repeats = models.CharField(max_length=10, blank=True)
    immediate = models.BooleanField(default=False, help_text="Due at its trigger; no minute makes it late.")
    occurrence = models.PositiveIntegerField(default=1)
    counts_from = models.DateTimeField(
        null=True,
        help_text="What its turns count from, where they went on after a pause: the earlier beginning.",
    )
    place = models.UUIDField(
        null=True,
        editable=False,
        help_text="The case's installation, while the duty is open: the database writes it and keeps it so.",
    )
    # No column: what `turns.look_up` found out.
    turn: Turn | None = None

    class Meta:
        constraints = [
            known_values("reports_duty", "state", DutyState),
            models.UniqueConstraint("case", "kind", "opened_event", "occurrence", name="reports_duty_once"),
            models.CheckConstraint(
                name="reports_duty_closed_iff_not_open",
                condition=Q(state=DutyState.OPEN, closed_at=None)
                | (~Q(state=DutyState.OPEN) & Q(closed_at__isnull=False)),
            ),
            # What an import closes it closes as it enters it.
            models.CheckConstraint(
                name="reports_duty_legacy_is_entered_closed",
                condition=~Q(state__in=LEGACY_STATES) | Q(closed_event=models.F("opened_event")),
            ),
        ]
        indexes = [
            # Reader: Today, the duties of one viewer's cases by due instant.
            models.Index(fields=["due_at"], condition=Q(state=DutyState.OPEN), name="reports_duty_due"),
            # Reader: Today and the lists of duties, what is due in each of the viewer's cases.
            models.Index(
                fields=["case", "due_at", "id"], condition=Q(state=DutyState.OPEN), name="reports_duty_open"
            ),
            # Reader: Today, what is due at the places of the viewer; nobody's list passes through other places' duties.
            models.Index(
                fields=["place", "due_at", "id"],
                condition=Q(state=DutyState.OPEN),
                name="reports_duty_due_here",
            ),
            # Reader: the sweep, what the system itself ends at an instant (`credentials`).
            models.Index(
                fields=["due_at"],
                condition=Q(state=DutyState.OPEN, role="system"),
                name="reports_duty_due_by_system",
            ),
            # Reader: the figures of a quarter, a week at a time.
            models.Index(
                fields=["closed_at"],
                condition=Q(state__in=[DutyState.DISCHARGED, DutyState.MISSED]),
                name="reports_duty_closed",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
