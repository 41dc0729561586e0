"""REST: the events of one's cases go to a webhook, or no more."""

from rest_framework import serializers

from notifications.outside import news
from sapr.acts import act
from sapr.fields import InstantField


class SubscriptionOutput(serializers.Serializer):
    """Whose events go where: the caller's, to this webhook."""

    id = serializers.UUIDField(help_text="Names it when it is ended.")
    channel = serializers.UUIDField(source="channel_id", help_text="The webhook.")
    began_at = InstantField(help_text="What was recorded before is not told.")
    ended_at = InstantField(allow_null=True, help_text="null: it goes on.")


OPERATIONS = [
    act(
        "webhooks/<uuid:channel_id>/tell", news.news_begin, verb="case_work",
        says="Have the events of one's cases told to a webhook", answers=SubscriptionOutput, status=201,
    ),
    act(
        "told-systems/<uuid:subscription_id>/end", news.news_end, verb="case_work",
        says="End telling a webhook", answers=SubscriptionOutput,
    ),
]  # fmt: skip
