"""REST: the events of one's cases go to a webhook, or no more."""

from typing import Any

from rest_framework import serializers

from notifications.outside import news, selectors
from sapr.acts import act
from sapr.fields import InstantField
from sapr.reads import listing


class SubscriptionOutput(serializers.Serializer):
    """Whose events go where: the caller's, to this webhook."""

    id = serializers.UUIDField(help_text="Names it when it is ended.")
    channel = serializers.UUIDField(source="channel_id", help_text="The webhook.")
    began_at = InstantField(help_text="What was recorded before is not told.")
    ended_at = InstantField(allow_null=True, help_text="null: it goes on.")


class ToldSystemOutput(serializers.Serializer):
    """A webhook in use, and whether the caller's events go there."""

    id = serializers.UUIDField(help_text="The webhook.")
    url = serializers.CharField(help_text="Where it is.")
    own = SubscriptionOutput(allow_null=True, help_text="The caller's events go there; null: they do not.")
    taken = serializers.BooleanField(
        help_text="The caller's cannot go there: somebody's do, or the caller registered it."
    )


def told_systems(*, viewer) -> list[dict[str, Any]]:
    """The webhooks in use, oldest first, as the caller stands to each."""
    found = selectors.webhooks_for(viewer=viewer)
    return [
        {"id": channel.pk, "url": channel.url, "own": own, "taken": taken, "since": channel.registered_at}
        for channel, own, taken in found
    ]


def _oldest_first(row: dict[str, Any]) -> str:
    return f"{row['since'].isoformat()} {row['id']}"


OPERATIONS = [
    listing(
        "told-systems", told_systems, name="told_system_list", verb="case_work",
        says="List the webhooks that can be told of one's cases", item=ToldSystemOutput, by=_oldest_first,
    ),
    act(
        "webhooks/<uuid:channel_id>/tell", news.news_begin, verb="case_work",
        says="Have the events of one's cases told to a webhook", answers=SubscriptionOutput, status=201,
    ),
    act(
        "told-systems/<uuid:subscription_id>/end", news.news_end, verb="case_work",
        says="End telling a webhook", answers=SubscriptionOutput,
    ),
]  # fmt: skip
