"""Webhooks, and messages that were given up. One programme manager is enough: nothing of a case leaves by either."""

import secrets
from datetime import datetime
from uuid import UUID

from django.conf import settings

from notifications.outside import selectors, webhook
from notifications.outside.models import (
    Channel,
    ChannelKind,
    ClosedReason,
    Outgoing,
    OutgoingState,
    WebhookSecret,
)
from reports import access
from reports.ledger.services import append_system
from reports.validation import instant
from sapr import clock
from sapr.errors import DomainError
from sapr.models import Kind

VERB = "manage_channels"
SECRET_BYTES = 32


@access.service
def webhook_register(*, actor, url: str, at: datetime) -> tuple[Channel, str]:
    """A further way out. Returns the channel and the secret its messages are signed with, shown this once.

    Refuses what is no https address (`bad_webhook`) or is registered already, and to keep a secret without a key.
    Where the host stands is looked at each time something goes there.
    """
    access.require(actor, VERB)
    at = instant(at, "at")
    webhook.checked(url, loopback=clock.kind() in (Kind.DEMO, Kind.REHEARSAL))
    if not settings.FERNET_KEYS:
        raise DomainError(
            "no_channel_key",
            "No key is there to keep the secret with. Whoever runs the system sets SAPR_CHANNEL_KEY_FILE.",
            status=503,
        )
    if Channel.objects.filter(url=url, ended_at=None).exists():
        raise DomainError("already_registered", "This address is registered already.", path="url", status=409)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    channel = Channel(kind=ChannelKind.WEBHOOK, url=url, registered_by=actor, registered_at=at)
    channel.save(force_insert=True)
    WebhookSecret(channel=channel, secret=secret).save(force_insert=True)
    append_system(kind="webhook_registered", actor=actor, at=at, data={"channel": str(channel.pk)})
    return channel, secret


@access.service
def webhook_end(*, actor, channel_id: UUID, at: datetime) -> Channel:
    """Nothing goes there any more, from now on; what waits is left out. Once."""
    access.require(actor, VERB)
    at = instant(at, "at")
    channel = selectors.webhook_get(channel_id)
    Channel.objects.filter(pk=channel.pk, ended_at=None).update(ended_at=at, ended_by=actor)
    append_system(kind="webhook_ended", actor=actor, at=at, data={"channel": str(channel.pk)})
    channel.refresh_from_db()
    return channel


@access.service
def outgoing_requeue(*, actor, outgoing_id: UUID, at: datetime) -> Outgoing:
    """Try a given-up message again, the same bytes under the same key; refused once its window is over."""
    access.require(actor, VERB)
    at = instant(at, "at")
    letter = selectors.letter_get(outgoing_id)
    if letter.expires_at <= at:
        raise DomainError(
            "window_over",
            "The time for this message is over. Close it; the next one goes out by itself at its hour.",
            status=409,
        )
    _change(letter, state=OutgoingState.QUEUED, look_at=at, attempts=0)
    append_system(kind="outgoing_requeued", actor=actor, at=at, data={"message": str(letter.pk)})
    letter.refresh_from_db()
    return letter


@access.service
def outgoing_close(*, actor, outgoing_id: UUID, reason: str, at: datetime) -> Outgoing:
    """Nobody needs to look at this message any more, for a reason from the list."""
    access.require(actor, VERB)
    at = instant(at, "at")
    letter = selectors.letter_get(outgoing_id)
    if reason not in ClosedReason.values:
        raise DomainError("unknown_value", "Choose a reason from the list.", path="reason")
    _change(letter, state=OutgoingState.CLOSED, closed_by=actor, closed_at=at, closed_reason=reason)
    append_system(
        kind="outgoing_closed", actor=actor, at=at, data={"message": str(letter.pk), "reason": reason}
    )
    letter.refresh_from_db()
    return letter


def _change(letter: Outgoing, **values: object) -> None:
    if Outgoing.objects.filter(pk=letter.pk, state=OutgoingState.DEAD).update(**values) != 1:
        raise DomainError(
            "already_decided", "Somebody else has looked after this message already.", status=409
        )
