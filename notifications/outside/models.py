"""What leaves the system: its channels, the rounds of constant mail, and every message with its proof."""

import uuid

import fernet_fields
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from sapr.db import known_values


class ChannelKind(models.TextChoices):
    MAIL = "mail", "E-mail"
    WEBHOOK = "webhook", "Webhook"


class Channel(models.Model):
    """A way out: the mail server (one row, made by the migration), or one webhook. And how it fares.

    A channel fails from the first message that it did not take until the next that it takes. It is dead when it
    has failed until `dead_due_at`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=7, choices=ChannelKind)
    url = models.CharField(max_length=300, blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    registered_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    ended_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True, help_text="The next heartbeat; empty: at once.")
    alive_at = models.DateTimeField(null=True, help_text="It last took a message.")
    failures = models.PositiveSmallIntegerField(default=0, help_text="In a row.")
    resume_at = models.DateTimeField(null=True, help_text="After a failure nothing is tried before.")
    failing_since = models.DateTimeField(null=True)
    dead_due_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True, help_text="Its death was last told through another channel.")

    class Meta:
        constraints = [
            known_values("notifications_channel", "kind", ChannelKind),
            models.UniqueConstraint(
                "kind", condition=Q(kind=ChannelKind.MAIL), name="notifications_channel_one_mail"
            ),
            models.CheckConstraint(
                name="notifications_channel_webhook_has_url",
                condition=Q(kind=ChannelKind.MAIL, url="", registered_by=None, ended_at=None)
                | Q(kind=ChannelKind.WEBHOOK, registered_by__isnull=False, registered_at__isnull=False)
                & ~Q(url=""),
            ),
            models.CheckConstraint(
                name="notifications_channel_ended_by",
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
            models.CheckConstraint(
                name="notifications_channel_fails_then_dies",
                condition=Q(failing_since=None, dead_due_at=None, dead_at=None)
                | Q(failing_since__isnull=False, dead_due_at__gte=F("failing_since")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class WebhookSecret(models.Model):
    """What a webhook's messages are signed with: written by the web role, read by the worker, shown once, kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.OneToOneField(Channel, models.PROTECT, related_name="secret")
    secret = fernet_fields.EncryptedTextField()

    def __str__(self) -> str:
        return str(self.id)

    @classmethod
    def of(cls, channel_id: uuid.UUID) -> str | None:
        """The secret in clear; None under another key (`SAPR_CHANNEL_KEY_FILE`) than it was written under, or none."""
        try:
            return cls.objects.get(channel_id=channel_id).secret
        except (fernet_fields.DecryptionError, ValueError):
            return None


class MailRound(models.Model):
    """One planned instant of the constant mail. There is always exactly one that is not made yet."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    planned_at = models.DateTimeField(unique=True)
    make_at = models.DateTimeField(help_text="Its mails are queued from here on.")
    made_at = models.DateTimeField(null=True)
    addressees = models.PositiveIntegerField(default=0)
    skipped = models.BooleanField(
        default=False, help_text="Nobody was there to make it in time; it was left out."
    )

    class Meta:
        indexes = [
            # Reader: the sweep.
            models.Index(fields=["make_at"], condition=Q(made_at=None), name="notifications_mailround_due"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class OutgoingKind(models.TextChoices):
    CONSTANT = "constant", "Please sign in"
    HEARTBEAT = "heartbeat", "Heartbeat"
    ALARM = "alarm", "Alarm"
    NEWS = "news", "Events of somebody's cases"


class OutgoingState(models.TextChoices):
    QUEUED = "queued", "Queued"
    SENT = "sent", "Handed over"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    DROPPED = "dropped", "Left out; its window passed"
    DEAD = "dead", "Given up; a person must look"
    CLOSED = "closed", "Closed by a person"


class ClosedReason(models.TextChoices):
    ADDRESS_CORRECTED = "address_corrected", "The address was wrong and has been put right"
    PERSON_LEFT = "person_left", "The person has left"
    SERVER_REPAIRED = "server_repaired", "The server has been repaired"
    NOT_NEEDED = "not_needed", "It is not needed any more"


# What never left, and heartbeats, which are for no person. These alone are ever deleted (DN-34).
MAY_GO = Q(state__in=["dropped", "closed"]) | Q(kind="heartbeat", state__in=["sent", "acknowledged"])


class Outgoing(models.Model):
    """One message to one address or webhook. Its id is the idempotency key that travels with it.

    The bytes are computed from the row alone, so that a repetition is the same bytes under the same key; their
    digest is kept before they are handed over for the first time, and never changes. A lease moves `look_at`.
    `tries`: [instant, outcome] of each attempt; one that a kill cut off stays "leased".
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=9, choices=OutgoingKind)
    round = models.ForeignKey(MailRound, models.PROTECT, null=True, related_name="mails")
    address = models.EmailField(blank=True)
    planned_at = models.DateTimeField(help_text="The instant that the message itself bears.")
    expires_at = models.DateTimeField(help_text="Not handed over by then, it is left out.")
    state = models.CharField(max_length=12, choices=OutgoingState, default=OutgoingState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    tries = models.JSONField(default=list)
    look_at = models.DateTimeField(help_text="Not before this; a lease moves it forward.")
    sha256 = models.CharField(max_length=64, blank=True)
    handed_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.CharField(max_length=20, choices=ClosedReason, blank=True)

    class Meta:
        constraints = [
            known_values("notifications_outgoing", "kind", OutgoingKind),
            known_values("notifications_outgoing", "state", OutgoingState),
            known_values("notifications_outgoing", "closed_reason", ClosedReason, blank=True),
            models.UniqueConstraint("round", "address", name="notifications_outgoing_once_a_round"),
            models.CheckConstraint(
                name="notifications_outgoing_mail_to_people_is_planned",
                condition=Q(kind=OutgoingKind.CONSTANT, round__isnull=False) & ~Q(address="")
                | ~Q(kind=OutgoingKind.CONSTANT) & Q(round=None),
            ),
            models.CheckConstraint(
                name="notifications_outgoing_not_before_its_instant",
                condition=Q(look_at__gte=F("planned_at"), expires_at__gt=F("planned_at")),
            ),
            models.CheckConstraint(
                name="notifications_outgoing_handed_over_with_proof",
                condition=~Q(state__in=["sent", "acknowledged"]) | Q(handed_at__isnull=False) & ~Q(sha256=""),
            ),
            models.CheckConstraint(
                name="notifications_outgoing_closed_by_a_person",
                condition=Q(state="closed", closed_by__isnull=False, closed_at__isnull=False)
                & ~Q(closed_reason="")
                | ~Q(state="closed") & Q(closed_by=None, closed_at=None, closed_reason=""),
            ),
        ]
        indexes = [
            # Reader: the sweep.
            models.Index(fields=["look_at"], condition=Q(state="queued"), name="notifications_outgoing_due"),
            # Reader: the sweep, which clears away.
            models.Index(fields=["planned_at"], condition=MAY_GO, name="notifications_outgoing_may_go"),
            # Reader: the page of channels, and Today's count.
            models.Index(
                fields=["planned_at"], condition=Q(state="dead"), name="notifications_outgoing_dead"
            ),
            # Reader: the counts of the last days, for each channel.
            models.Index(fields=["channel", "planned_at"], name="notifications_outgoing_recent"),
        ]

    def __str__(self) -> str:
        return str(self.id)
