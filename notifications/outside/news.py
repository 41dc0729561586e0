"""The events of one's cases, told to another system: ids and kinds, every hour the same number of bytes.

Two persons make it so: a programme manager registers the webhook, and somebody else has the events of their own cases
go there. Whoever watches the line sees the same message hour by hour, news or not (threats T02, T17); what an event is
about the other system asks at the REST door, as whom it may.
"""

from datetime import datetime
from uuid import UUID

from django.db import connection

from notifications.outside import selectors
from notifications.outside.models import Channel, Outgoing, OutgoingKind
from notifications.outside.news_models import News, NewsKind, Subscription
from reports import access
from reports.ledger.services import append_system
from reports.validation import instant
from sapr.errors import DomainError, NotFoundError

# As many as a message has room for; what is more follows in the next hour.
MOST = 40


@access.service
def news_begin(*, actor, channel_id: UUID, at: datetime) -> Subscription:
    """From now on the events of the actor's cases go to this webhook, every hour.

    Refuses (`own_webhook`) who registered it: that makes two persons; and (`already_told`) one with a reader already.
    """
    access.require(actor, "case_work")
    at = instant(at, "at")
    channel = selectors.webhook_get(channel_id)
    if channel.registered_by_id == actor.pk:
        raise DomainError(
            "own_webhook", "You registered this webhook. Somebody else must send their events there.", status=409
        )  # fmt: skip
    if Subscription.objects.filter(channel=channel, ended_at=None).exists():
        raise DomainError("already_told", "Somebody's events go to this webhook already.", status=409)
    row = Subscription(channel=channel, reader=actor, began_at=at)
    row.save(force_insert=True)
    append_system(kind="news_begun", actor=actor, at=at, data={"channel": str(channel.pk)})
    return row


@access.service
def news_end(*, actor, subscription_id: UUID, at: datetime) -> Subscription:
    """No event of the actor's cases goes there any more. A message that waits goes no more either."""
    access.require(actor, "case_work")
    at = instant(at, "at")
    row = Subscription.objects.filter(pk=subscription_id, reader=actor, ended_at=None).first()
    if row is None:
        raise NotFoundError
    row.ended_at, row.ended_by = at, actor
    row.save(update_fields=["ended_at", "ended_by"])
    append_system(kind="news_ended", actor=actor, at=at, data={"channel": str(row.channel_id)})
    return row


def queue(channel: Channel, now: datetime, *, until: datetime) -> None:
    """Queue the hour's message, with what no acknowledged one told yet. Where nobody's events go, there is none."""
    row = Subscription.objects.filter(channel=channel, ended_at=None).first()
    if row is None:
        return
    letter = Outgoing.objects.create(
        channel=channel, kind=OutgoingKind.NEWS, planned_at=now, look_at=now, expires_at=until
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT sapr_news_queue(%s, %s, %s, %s)", [letter.pk, row.pk, NewsKind.values, MOST])


def told(letter: Outgoing) -> list[dict[str, str]]:
    """What a message tells, in its order: the case's id, the event's id and its kind."""
    rows = News.objects.filter(outgoing=letter).order_by("place")
    return [{"case": str(row.case_id), "event": str(row.event_id), "kind": row.kind} for row in rows]
