"""Reads of what leaves the system, for programme managers. No case is in any of it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from notifications.outside.models import Channel, ChannelKind, MailRound, Outgoing, OutgoingState
from notifications.outside.news_models import Subscription
from reports import access
from sapr.errors import NotFoundError

COUNTED = timedelta(days=7)


def channels(*, at: datetime) -> QuerySet[Channel]:
    """The channels in use, with counts of their messages of the last seven days; the mail server first."""
    recent = Q(messages__planned_at__gt=at - COUNTED)

    def count(*states: str) -> Count:
        return Count("messages", filter=recent & Q(messages__state__in=states))

    found = Channel.objects.filter(ended_at=None).annotate(
        handed=count(OutgoingState.SENT, OutgoingState.ACKNOWLEDGED),
        dropped=count(OutgoingState.DROPPED),
        waiting=count(OutgoingState.QUEUED),
    )
    return found.order_by("kind", "registered_at", "id")


def letters(*, viewer) -> QuerySet[Outgoing]:
    """The messages that were given up, oldest first; empty for who does not look after them."""
    if not access.may(viewer, "manage_channels"):
        return Outgoing.objects.none()
    found = Outgoing.objects.filter(state=OutgoingState.DEAD).select_related("channel")
    return found.order_by("planned_at", "id")


def letter_get(outgoing_id: UUID) -> Outgoing:
    """One message that was given up; NotFoundError otherwise."""
    found = Outgoing.objects.filter(pk=outgoing_id, state=OutgoingState.DEAD).first()
    if found is None:
        raise NotFoundError
    return found


def webhooks_for(*, viewer) -> Iterator[tuple[Channel, Subscription | None, bool]]:
    """The webhooks in use: whose events go there, and whether the viewer could not have theirs go there."""
    readers = {row.channel_id: row for row in Subscription.objects.filter(ended_at=None)}
    found = Channel.objects.filter(kind=ChannelKind.WEBHOOK, ended_at=None)
    for channel in found.order_by("registered_at", "id"):
        row = readers.get(channel.pk)
        own = row if row is not None and row.reader_id == viewer.pk else None
        yield channel, own, row is not None or channel.registered_by_id == viewer.pk


def webhook_get(channel_id: UUID) -> Channel:
    """One webhook in use; NotFoundError otherwise."""
    found = Channel.objects.filter(pk=channel_id, kind=ChannelKind.WEBHOOK, ended_at=None).first()
    if found is None:
        raise NotFoundError
    return found


def dead_channels() -> QuerySet[Channel]:
    """The channels that do not work. Anybody may know: the health page says it too."""
    return Channel.objects.filter(dead_at__isnull=False, ended_at=None)


def mail_dead_since() -> datetime | None:
    """Since when no mail leaves; None: it does, or nobody knows better yet."""
    return dead_channels().filter(kind=ChannelKind.MAIL).values_list("failing_since", flat=True).first()


def rounds(*, at: datetime) -> dict[str, Any]:
    """The next round of the constant mail, and how many of the last seven days were left out."""
    recent = MailRound.objects.filter(planned_at__gt=at - COUNTED)
    return {
        "next": MailRound.objects.filter(made_at=None).order_by("planned_at").first(),
        "skipped": recent.filter(skipped=True).count(),
    }
