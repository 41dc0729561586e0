"""REST: deployed places, a commander's standing grants, and using one for a notice. No commander learns of a use."""

from datetime import datetime
from typing import Any
from uuid import UUID

from rest_framework import serializers

from notifications.extensions import selectors, services
from notifications.extensions.models import Circumstance, GrantReason
from notifications.selectors import notice_for
from sapr.acts import act
from sapr.fields import InstantField, StatedField, UuidField, WordField
from sapr.reads import listing, thing


class DeploymentOutput(serializers.Serializer):
    """A place that is or was deployed."""

    id = serializers.UUIDField(help_text="Names it when it ends.")
    location = serializers.UUIDField(source="location_id", help_text="The place.")
    name = serializers.CharField(source="location.name", help_text="Its name.")
    starts_at = InstantField(help_text="From when on.")
    ends_at = InstantField(allow_null=True, help_text="Until when; null: it is deployed.")


class GrantOutput(serializers.Serializer):
    """A grant of longer time. Nothing in it tells of a use."""

    id = serializers.UUIDField(help_text="Names it when it is revoked.")
    post = serializers.UUIDField(source="post_id", help_text="In whose name.")
    location = serializers.CharField(source="location.name", help_text="For which place.")
    reason = WordField(GrantReason, help_text="Why.")
    starts_at = InstantField(help_text="For reports made from then on.")
    ends_at = InstantField(help_text="And before then.")
    granted_at = InstantField(help_text="When it was granted.")
    revoked_at = InstantField(allow_null=True, help_text="When it was revoked.")


class ExtensionOutput(serializers.Serializer):
    """A grant that was used for a notice."""

    reason = WordField(Circumstance, help_text="Why the usual time could not be kept.")
    invoked_at = InstantField(help_text="When it was used.")
    last_slot = InstantField(help_text="The last slot since.")
    due_at = InstantField(help_text="When the duty is due since.")


class ExtendingOutput(serializers.Serializer):
    """Whether a notice has longer time, and whether it can be given."""

    extension = ExtensionOutput(allow_null=True, help_text="null: the usual time.")
    possible = serializers.BooleanField(
        help_text="Whether a grant stood at the report, and the notice waits."
    )


def extending(*, viewer, notice_id: UUID, at: datetime) -> dict[str, Any]:
    """Whether a notice of the caller's cases has longer time, or can be given it."""
    of = {"viewer": viewer, "notice": notice_for(viewer, notice_id, "release_notice")}
    return {"extension": selectors.extension_of(**of), "possible": selectors.may_extend(**of, at=at)}


OPERATIONS = [
    listing(
        "deployments", selectors.deployments, name="deployment_list", verb="manage_staff",
        says="List deployed places", item=DeploymentOutput, page="Deployment", by="starts_at", newest_first=True,
    ),
    act(
        "deployments/record", services.deployment_record, verb="manage_staff", says="Record that a place is deployed",
        takes={"location_id": UuidField(help_text="An installation's id.")}, answers=DeploymentOutput, status=201,
    ),
    act(
        "deployments/<uuid:deployment_id>/end", services.deployment_end, verb="manage_staff",
        says="Record that a place is deployed no longer",
    ),
    listing(
        "extension-grants", selectors.own_grants, name="extension_grant_list", verb="grant_extension",
        says="List one's grants of longer time", item=GrantOutput, page="Grant", by="starts_at", newest_first=True,
    ),
    act(
        "extension-grants/grant", services.extension_grant, verb="grant_extension",
        says="Grant longer time for notices",
        takes={
            "post_id": "One of one's own posts as commander of a deployed place.",
            "starts_at": InstantField(required=False, help_text="From when on; left out: from now on."),
            "ends_at": "Until when.",
            "reason": WordField(GrantReason, help_text="Why."),
        },
        finds={"starts_at": lambda viewer, given: given.get("starts_at") or given["at"]},
        answers=GrantOutput, status=201,
    ),
    act(
        "extension-grants/<uuid:grant_id>/revoke", services.extension_revoke, verb="grant_extension",
        says="Revoke a grant", answers=GrantOutput,
    ),
    thing(
        "notices/<uuid:notice_id>/extension", extending, name="notice_extension", verb="release_notice",
        says="Read whether a notice has longer time", answers=ExtendingOutput,
    ),
    act(
        "notices/<uuid:notice_id>/extend", services.notice_extend, verb="release_notice",
        says="Use a grant for a notice",
        takes={
            "reason": WordField(Circumstance, help_text="Why the usual time cannot be kept."),
            "deployed": StatedField(
                help_text="The report was made at the deployed place, and the usual time cannot be kept."
            ),
        },
        answers=ExtensionOutput,
    ),
]  # fmt: skip
