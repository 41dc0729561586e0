"""That a placed notice was read: how far it came, and when. One row for each notice, made with it."""

import uuid

from django.db import models
from django.db.models import Q

from reports.vault.fields import SealedTextField
from sapr.db import known_values


class ChaseStep(models.TextChoices):
    """How far the system went while nobody acknowledged."""

    WAITING = "waiting", "Waits to be acknowledged"
    NUDGED = "nudged", "Nudged once more"
    PASSED_ON = "passed_on", "Placed with the alternate too"
    TELEPHONE = "telephone", "To be telephoned by the SARC"


class Outcome(models.TextChoices):
    """What came of a telephone call. Vocabulary: what was said is nowhere recorded."""

    REACHED = "reached", "Reached: the notice is in the inbox, that is all that was said"
    NOBODY = "nobody", "Nobody answered"
    MESSAGE_LEFT = "message_left", "A message was left: please sign in"


class Acknowledgement(models.Model):
    """The waiting for one notice's acknowledgement. Its id is that of the alternate's inbox row, which can exist once.

    Made in the web role when the notice is composed, because the text for the alternate is sealed for another row;
    begun when it is placed; moved on by the sweep. No addressee ever sees it. What an addressee could see of a foreign
    key (a lock on a post's row) is why it holds plain ids.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.OneToOneField("notifications.Notice", models.PROTECT, related_name="acknowledgement")
    case = models.ForeignKey("reports.Case", models.PROTECT, related_name="+")
    details = SealedTextField(label="notice.details", sensitivity="narrative", null=True)
    # Ids of the posts that the alternate is found among, best first: the notice's, kept up after its placing too.
    ladder = models.JSONField(default=list)
    zone = models.CharField(max_length=60, help_text="Of the alternate: by its clock are that one's slots.")
    post_id = models.UUIDField(null=True, help_text="Where the notice was placed.")
    placed_at = models.DateTimeField(null=True)
    nudge_at = models.DateTimeField(null=True)
    alternate_at = models.DateTimeField(null=True, help_text="A slot.")
    telephone_at = models.DateTimeField(null=True)
    step = models.CharField(max_length=9, choices=ChaseStep, default=ChaseStep.WAITING)
    look_at = models.DateTimeField(null=True, help_text="When the sweep must look; empty: never, or not yet.")
    passed_to = models.UUIDField(null=True, help_text="The alternate's post.")
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_post = models.UUIDField(null=True)
    told_at = models.DateTimeField(null=True, help_text="Reached by telephone.")
    over_at = models.DateTimeField(null=True, help_text="Acknowledged or told: nothing more is done.")

    class Meta:
        constraints = [
            known_values("notifications_acknowledgement", "step", ChaseStep),
            models.CheckConstraint(
                name="notifications_acknowledgement_over_is_still",
                condition=Q(over_at=None) | Q(look_at=None, over_at__isnull=False),
            ),
            models.CheckConstraint(
                name="notifications_acknowledgement_begins_when_placed",
                condition=Q(placed_at=None, look_at=None)
                | Q(
                    placed_at__isnull=False,
                    post_id__isnull=False,
                    nudge_at__isnull=False,
                    alternate_at__isnull=False,
                    telephone_at__isnull=False,
                ),
            ),
        ]
        indexes = [
            # Reader: the sweep.
            models.Index(
                fields=["look_at"],
                condition=Q(look_at__isnull=False),
                name="notifications_chase_due",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Receipt(models.Model):
    """That an inbox row was acknowledged, on its way to the case: written by the database, read by the worker alone.

    The addressee's own transaction touches no row, chain or lock of the case, so it can neither wait for somebody who
    works on it nor learn that somebody does.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    post_id = models.UUIDField()
    by = models.UUIDField()
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # Reader: the sweep.
            models.Index(fields=["at"], condition=Q(settled_at=None), name="notifications_receipt_due"),
        ]

    def __str__(self) -> str:
        return str(self.id)
