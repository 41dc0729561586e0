"""REST: the addresses for one's calendar program. An address is shown once."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from rest_framework import serializers

from reports.calendars import selectors, services
from sapr.acts import act
from sapr.fields import InstantField
from sapr.reads import thing


class FeedOutput(serializers.Serializer):
    """One of the caller's appointments as SARC or SAPR VA, and its address that stands."""

    appointment = serializers.UUIDField(source="appointment.pk", help_text="The appointment's id.")
    post = serializers.CharField(source="appointment.post.title", help_text="Its post.")
    made_at = InstantField(
        source="feed.made_at",
        default=None,
        allow_null=True,
        help_text="When the address was made; null: none.",
    )
    expires_at = InstantField(
        source="feed.expires_at", default=None, allow_null=True, help_text="When it ends by itself."
    )


class FeedsOutput(serializers.Serializer):
    """The caller's appointments."""

    items = FeedOutput(many=True, help_text="As many as are in force.")


class AddressOutput(serializers.Serializer):
    """A new address. It stands here and nowhere else."""

    address = serializers.CharField(help_text="The path on this host. What lies there says: sign in.")


def feeds(*, viewer, at: datetime) -> dict[str, Any]:
    """The caller's appointments as SARC or SAPR VA that are in force, with their addresses that stand."""
    return {"items": selectors.own_feeds(viewer=viewer, at=at)}


OPERATIONS = [
    thing(
        "calendar/feeds", feeds, name="feed_list", verb="discharge_duty", says="List one's calendar addresses",
        answers=FeedsOutput,
    ),
    act(
        "calendar/feeds/<uuid:appointment_id>", services.feed_make, verb="discharge_duty",
        says="Make a calendar address", answers=AddressOutput, status=201,
        show=lambda token: {"address": reverse("calendar_feed", args=[token])},
    ),
    act(
        "calendar/feeds/<uuid:appointment_id>/revoke", services.feed_revoke, verb="discharge_duty",
        says="Revoke a calendar address",
    ),
]  # fmt: skip
