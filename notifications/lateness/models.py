"""How far each open duty has climbed its ladder, whom it was told to, and when the sweep last looked."""

import uuid

from django.db import models
from django.db.models import Q

from sapr.db import known_values


class Ladder(models.Model):
    """Where one duty stands on its ladder: `behind` steps are done or skipped; `look_at` is the next one's instant.

    Empty `look_at`: there is nothing more to tell. A duty that was done is noticed when its next step comes due.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    duty = models.OneToOneField("reports.Duty", models.PROTECT, related_name="ladder")
    case_id = models.UUIDField()
    behind = models.PositiveSmallIntegerField(default=0)
    look_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # Reader: the sweep.
            models.Index(
                fields=["look_at"], condition=Q(look_at__isnull=False), name="notifications_ladder_due"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class EscalationState(models.TextChoices):
    TOLD = "told", "Told"
    SKIPPED = "skipped", "Passed over: a later step was due already"
    NOBODY = "nobody", "There is no such post"


class Escalation(models.Model):
    """One step of a duty's ladder for one role, once. `post` is whose holders were told; `place` the installation.

    `due_at` is the step's instant, `done_at` when it was taken; `duty_due_at` is the duty's own.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    duty = models.ForeignKey("reports.Duty", models.PROTECT, related_name="escalations")
    case_id = models.UUIDField()
    step = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=40)
    responsible = models.CharField(max_length=40)
    state = models.CharField(max_length=7, choices=EscalationState)
    post = models.ForeignKey(
        "accounts.Post", models.PROTECT, null=True, related_name="escalations", db_constraint=False
    )
    place = models.ForeignKey(
        "accounts.Location", models.PROTECT, related_name="escalations", db_constraint=False
    )
    duty_due_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField()

    class Meta:
        constraints = [
            known_values("notifications_escalation", "state", EscalationState),
            models.UniqueConstraint("duty", "step", "role", name="notifications_escalation_once"),
            models.CheckConstraint(
                name="notifications_escalation_told_has_post",
                condition=Q(state=EscalationState.TOLD, post__isnull=False)
                | ~Q(state=EscalationState.TOLD) & Q(post=None),
            ),
        ]
        indexes = [
            # Reader: the database, which lets an event say only what was told in its case.
            models.Index(fields=["case_id"], name="notifications_escalation_case"),
            # Reader: Today, what was told to the viewer's posts.
            models.Index(
                fields=["post", "-done_at"],
                condition=Q(state=EscalationState.TOLD),
                name="notifications_escalation_told",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


# The one row that there is.
THE_SWEEP = uuid.UUID(int=0)


class SweepBeat(models.Model):
    """The only row: when the sweep last looked, its last long silence, and what the watchdog made of it.

    All instants are the database's real time (`clock.keyboard_now`): a demo whose clock jumps was not silent.
    """

    id = models.UUIDField(primary_key=True, default=THE_SWEEP, editable=False)
    beat_at = models.DateTimeField(null=True)
    counted_from = models.DateTimeField(
        null=True, help_text="Before this the watchdog was away and counts nothing."
    )
    silent_from = models.DateTimeField(null=True)
    silent_to = models.DateTimeField(null=True)
    watched_at = models.DateTimeField(null=True)
    stalled_at = models.DateTimeField(
        null=True, help_text="Since when there is an alarm; empty: all is well."
    )
    resumed_at = models.DateTimeField(
        null=True, help_text="When the last alarm ended, by the clock that events are kept by."
    )
    mailed_at = models.DateTimeField(null=True, help_text="The last mail about this alarm.")

    class Meta:
        constraints = [
            models.CheckConstraint(name="notifications_sweepbeat_only_one", condition=Q(id=THE_SWEEP))
        ]

    def __str__(self) -> str:
        return str(self.id)
