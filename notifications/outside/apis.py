"""REST: the ways out of the system, webhooks, and the messages that were given up. No case is in any of it."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from notifications.outside import selectors, services
from notifications.outside.handing import Outcome
from notifications.outside.models import ChannelKind, ClosedReason, Outgoing, OutgoingKind, OutgoingState
from sapr.acts import act
from sapr.fields import InstantField, WordField
from sapr.reads import listing, thing

VERB = services.VERB


class WebhookOutput(serializers.Serializer):
    """A webhook."""

    id = serializers.UUIDField(help_text="Names it when it ends.")
    url = serializers.CharField(help_text="Where it stands.")
    registered_at = InstantField(help_text="When it was registered.")
    ended_at = InstantField(allow_null=True, help_text="When it ended; null: it is in use.")


class NewWebhookOutput(WebhookOutput):
    """A webhook just registered."""

    secret = serializers.CharField(help_text="Its messages are signed with this. Shown this once.")


class ChannelOutput(serializers.Serializer):
    """A way out, and how it fares."""

    id = serializers.UUIDField(help_text="The channel's id.")
    kind = WordField(ChannelKind, help_text="Mail, or a webhook.")
    url = serializers.CharField(help_text="Of a webhook; empty: the mail server.")
    registered_at = InstantField(allow_null=True, help_text="Of a webhook: when it was registered.")
    alive_at = InstantField(allow_null=True, help_text="When it last took a message.")
    failing_since = InstantField(allow_null=True, help_text="Since when it takes none.")
    dead_due_at = InstantField(allow_null=True, help_text="From when on it counts as dead.")
    dead_at = InstantField(allow_null=True, help_text="Since when it does not work.")
    handed = serializers.IntegerField(help_text="Messages handed over in seven days.")
    dropped = serializers.IntegerField(
        help_text="Messages left out in seven days because their time had passed."
    )
    waiting = serializers.IntegerField(help_text="Messages that wait now.")


class ChannelsOutput(serializers.Serializer):
    """All ways out in use."""

    items = ChannelOutput(many=True, help_text="The mail server first.")
    next_mail_at = InstantField(
        allow_null=True, help_text="When the next mail goes out; null: none is planned."
    )
    skipped = serializers.IntegerField(
        help_text="Rounds of mail left out in seven days because the system was down."
    )


class OutgoingOutput(serializers.Serializer):
    """A message, and how far it is. Its words are the same for everybody."""

    id = serializers.UUIDField(help_text="The message's id, which travels with it.")
    channel = serializers.UUIDField(source="channel_id", help_text="By which way.")
    kind = WordField(OutgoingKind, help_text="What it is.")
    address = serializers.CharField(help_text="Of a mail; empty: a webhook's.")
    state = WordField(OutgoingState, help_text="How far it is.")
    planned_at = InstantField(help_text="The instant that it bears.")
    expires_at = InstantField(help_text="Not handed over by then, it is left out.")
    attempts = serializers.IntegerField(help_text="How often it was tried.")
    last_outcome = WordField(Outcome, allow_blank=True, help_text="What came of it the last time.")
    closed_at = InstantField(allow_null=True, help_text="When a person closed it.")
    closed_reason = WordField(ClosedReason, allow_blank=True, help_text="Why.")


def shown(row: Outgoing) -> Outgoing:
    """The row with what came of it the last time."""
    row.last_outcome = row.tries[-1][1] if row.tries else ""
    return row


def channels(*, at: datetime) -> dict[str, Any]:
    """Every way out that is in use and how it fares, and the rounds of the constant mail."""
    rounds = selectors.rounds(at=at)
    planned = rounds["next"]
    return {
        "items": selectors.channels(at=at),
        "next_mail_at": planned.planned_at if planned else None,
        "skipped": rounds["skipped"],
    }


OPERATIONS = [
    thing(
        "channels", channels, name="channel_list", verb=VERB, says="Read how each way out fares",
        answers=ChannelsOutput,
    ),
    act(
        "webhooks", services.webhook_register, verb=VERB, says="Register a webhook",
        takes={"url": "https://host/path; it is told nothing of any case."}, answers=NewWebhookOutput, status=201,
        show=lambda made: {name: getattr(made[0], name) for name in ("id", "url", "registered_at", "ended_at")}
        | {"secret": made[1]},
    ),
    act("webhooks/<uuid:channel_id>/end", services.webhook_end, verb=VERB, says="End a webhook",
        answers=WebhookOutput),
    listing(
        "outgoing/failed", selectors.letters, name="outgoing_failed", verb=VERB,
        says="List the messages that were given up", item=OutgoingOutput, page="Outgoing", by="planned_at",
        show=shown,
    ),
    act("outgoing/<uuid:outgoing_id>/requeue", services.outgoing_requeue, verb=VERB,
        says="Try a given-up message again", answers=OutgoingOutput, show=shown),
    act(
        "outgoing/<uuid:outgoing_id>/close", services.outgoing_close, verb=VERB, says="Close a given-up message",
        takes={"reason": WordField(ClosedReason, help_text="Why nobody needs to look any more.")},
        answers=OutgoingOutput, show=shown,
    ),
]  # fmt: skip
