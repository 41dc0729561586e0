"""Who has the events of their cases told to another system, and what each message told."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from notifications.outside.models import Channel, Outgoing
from reports.ledger.kinds import EventKind
from sapr.db import known_values

# The events that another system can act on. Who looked, what was opened and by which right is none of them.
_TOLD = (
    EventKind.CONTACT_OPENED,
    EventKind.CONTACT_WALKED_AWAY,
    EventKind.REPORT_SIGNED,
    EventKind.REPORT_CONVERTED,
    EventKind.SARC_ASSIGNED,
    EventKind.VA_ASSIGNED,
    EventKind.CASE_CLOSED,
    EventKind.CASE_REOPENED,
    EventKind.CASE_TAKEN_OVER,
    EventKind.VICTIM_RELOCATED,
    EventKind.DUTY_OPENED,
    EventKind.DUTY_DISCHARGED,
    EventKind.DUTY_MISSED,
    EventKind.DUTY_ENDED,
    EventKind.NOTICE_RELEASED,
    EventKind.COMMANDER_NOTICE_PLACED,
    EventKind.COMMANDER_DETAILS_PLACED,
    EventKind.MCIO_NOTICE_PLACED,
    EventKind.UNIT_COMMANDER_NOTICE_PLACED,
    EventKind.INVESTIGATION_OPENED,
    EventKind.INVESTIGATION_CLOSED,
    EventKind.FINAL_DISPOSITION_DECIDED,
    EventKind.KIT_NUMBER_ISSUED,
    EventKind.KIT_SEALED,
    EventKind.KIT_TO_MCIO,
    EventKind.CMG_HELD,
)
NewsKind = models.TextChoices("NewsKind", {each.name: (each.value, each.label) for each in _TOLD})


class Subscription(models.Model):
    """The events of a reader's cases go to a webhook that somebody else registered, until one of the two ends it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="subscriptions")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False
    )
    began_at = models.DateTimeField(help_text="What was recorded before is not told.")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "channel", condition=Q(ended_at=None), name="notifications_subscription_one_reader"
            ),
            models.CheckConstraint(
                name="notifications_subscription_ended_by",
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class News(models.Model):
    """One event that one message tells. Written by `sapr_news_queue()` alone; it never changes.

    What an acknowledged message told is not told again; all else is, in the next one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    outgoing = models.ForeignKey(Outgoing, models.PROTECT, related_name="news")
    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="news")
    place = models.PositiveSmallIntegerField(help_text="Its place in the message.")
    case_id = models.UUIDField()
    seq = models.BigIntegerField()
    event_id = models.UUIDField()
    kind = models.CharField(max_length=40, choices=NewsKind)

    class Meta:
        constraints = [
            known_values("notifications_news", "kind", NewsKind),
            models.UniqueConstraint("outgoing", "place", name="notifications_news_place"),
        ]
        indexes = [
            # Reader: the next message, what of a case was told already.
            models.Index(fields=["subscription", "case_id", "seq"], name="notifications_news_told"),
        ]

    def __str__(self) -> str:
        return str(self.id)
