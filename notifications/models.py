"""Notices, the inboxes they are placed in, and reminders."""

import uuid

from django.db import models
from django.db.models import Q

from notifications.strength.rung_models import MINIMAL, RUNG_SHAPE
from reports.vault.fields import SealedTextField
from sapr.db import known_values


class NoticeKind(models.TextChoices):
    """The values are the duty kinds that the notice discharges."""

    RESTRICTED = "commander_notice_restricted", "Restricted: installation (senior) commander"
    DETAILS = "commander_notice_details", "Unrestricted: installation (senior) commander"
    MCIO = "mcio_notice", "Unrestricted: MCIO"
    UNIT = "unit_commander_notice", "Unrestricted: unit commander"


class NoticeState(models.TextChoices):
    COMPOSED = "composed", "Waiting for release"
    RELEASED = "released", "Released for its slot"
    PLACED = "placed", "Placed in the inbox"


class Notice(models.Model):
    """One notice of one duty: composed whole at signing, placed once.

    Restricted: two plain wordings from controlled vocabulary. Unrestricted: one sealed text. The worker moves
    either without being able to open a sealed one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("reports.Case", models.PROTECT, related_name="notices")
    duty = models.OneToOneField("reports.Duty", models.PROTECT, related_name="notice")
    kind = models.CharField(max_length=30, choices=NoticeKind)
    post = models.ForeignKey("accounts.Post", models.PROTECT, related_name="notices", db_constraint=False)
    # Ids of the posts it may go to, best first: who is involved in the case is left out at signing.
    ladder = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=NoticeState, default=NoticeState.COMPOSED)
    # How much it says, as a key of the engine; `area` on notices older than the ladder.
    rung = models.CharField(max_length=160, default=MINIMAL)
    # The addressee's rung that the words were chosen by, and every coarser wording that the SARC may take instead:
    # [{"rung", "text"}], finest first. None of it says more than the rung.
    unit_rung = models.ForeignKey(
        "notifications.UnitRung", models.PROTECT, null=True, related_name="notices", db_index=False
    )
    choices = models.JSONField(default=list)
    wording = models.TextField(blank=True)
    minimal = models.TextField(blank=True)
    details = SealedTextField(label="notice.details", sensitivity="narrative", null=True)
    composed_at = models.DateTimeField()
    last_slot = models.DateTimeField(help_text="Whatever is released by then is placed then, else MINIMAL.")
    slot = models.DateTimeField(null=True, help_text="Drawn at release among the slots left.")
    # When the sweep must look: the slot once released, else the last slot. Empty once placed.
    look_at = models.DateTimeField(null=True)
    released_by = models.UUIDField(null=True)
    released_sha256 = models.CharField(max_length=64, blank=True)
    placed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            known_values("notifications_notice", "kind", NoticeKind),
            known_values("notifications_notice", "state", NoticeState),
            models.CheckConstraint(
                name="notifications_notice_rung_is_a_key", condition=Q(rung__regex=RUNG_SHAPE)
            ),
            models.CheckConstraint(
                name="notifications_notice_restricted_is_plain",
                condition=Q(kind=NoticeKind.RESTRICTED, details__isnull=True) & ~Q(minimal="")
                | ~Q(kind=NoticeKind.RESTRICTED) & Q(wording="", minimal="", details__isnull=False),
            ),
            models.CheckConstraint(
                name="notifications_notice_placed_iff_at",
                condition=Q(state=NoticeState.PLACED, placed_at__isnull=False, look_at=None)
                | ~Q(state=NoticeState.PLACED) & Q(placed_at=None, look_at__isnull=False),
            ),
            models.CheckConstraint(
                name="notifications_notice_released_has_slot",
                condition=~Q(state=NoticeState.RELEASED)
                | Q(slot__isnull=False, released_by__isnull=False) & ~Q(released_sha256=""),
            ),
            # Nothing ever follows a Restricted notice.
            models.UniqueConstraint(
                "case", condition=Q(kind=NoticeKind.RESTRICTED), name="notifications_notice_restricted_once"
            ),
        ]
        indexes = [
            # Reader: the sweep.
            models.Index(
                fields=["look_at"], condition=~Q(state=NoticeState.PLACED), name="notifications_notice_due"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class InboxItem(models.Model):
    """A notice in a post's inbox. Its id is the notice's, so it can exist only once.

    `case_id` is filled only for sealed (Unrestricted) items: a Restricted item links to nothing.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    post = models.ForeignKey("accounts.Post", models.PROTECT, related_name="inbox", db_constraint=False)
    kind = models.CharField(max_length=30, choices=NoticeKind)
    slot = models.DateTimeField(help_text="The slot it was placed for: the only time that is shown.")
    body = models.TextField(blank=True)
    details = SealedTextField(label="notice.details", sensitivity="narrative", null=True)
    case_id = models.UUIDField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            known_values("notifications_inboxitem", "kind", NoticeKind),
            models.CheckConstraint(
                name="notifications_inboxitem_restricted_links_to_nothing",
                condition=Q(kind=NoticeKind.RESTRICTED, case_id__isnull=True, details__isnull=True)
                & ~Q(body="")
                | ~Q(kind=NoticeKind.RESTRICTED) & Q(case_id__isnull=False, details__isnull=False, body=""),
            ),
        ]
        indexes = [
            # Reader: one post's inbox, newest slot first.
            models.Index(fields=["post", "-slot", "id"], name="notifications_inbox_of_post"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Reminder(models.Model):
    """A nudge to a post while a notice waits for release. Due by query; done or dropped once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="reminders", db_index=False)
    post = models.ForeignKey(
        "accounts.Post", models.PROTECT, related_name="reminders", db_constraint=False, db_index=False
    )
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    shown = models.BooleanField(default=False, help_text="False: the notice was released before it was due.")
    over_at = models.DateTimeField(
        null=True, help_text="Released or placed: nobody need be reminded any more."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint("notice", "post", "due_at", name="notifications_reminder_once")
        ]
        indexes = [
            # Reader: the sweep.
            models.Index(fields=["due_at"], condition=Q(done_at=None), name="notifications_reminder_due"),
            # Reader: Today, what a post is being reminded of.
            models.Index(
                fields=["post", "due_at"],
                condition=Q(shown=True, over_at=None),
                name="notifications_reminder_shown",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


# The tables of the package's rooms, so that Django finds them.
from notifications.acknowledging.models import Acknowledgement, Receipt  # noqa: E402, F401
from notifications.correcting.models import Recomposing  # noqa: E402, F401
from notifications.extensions.models import Deployment, Extension, ExtensionGrant  # noqa: E402, F401
from notifications.finer.models import FinerWording  # noqa: E402, F401
from notifications.lateness.models import Escalation, Ladder, SweepBeat  # noqa: E402, F401
from notifications.outside.models import Channel, MailRound, Outgoing, WebhookSecret  # noqa: E402, F401
from notifications.outside.news_models import News, Subscription  # noqa: E402, F401
from notifications.strength.models import (  # noqa: E402, F401
    Correlation,
    SharePresent,
    Strength,
    StrengthTable,
)
from notifications.strength.rung_models import (  # noqa: E402, F401
    DecisionStage,
    NoticeDecision,
    RungClock,
    Told,
    UnitRung,
)
