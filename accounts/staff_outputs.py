"""What the REST door shows of staff, posts and places: what the staff pages show."""

from rest_framework import serializers

from accounts.models import AppointmentState, LocationKind, Role
from sapr.fields import InstantField, WordField


class StaffPersonOutput(serializers.Serializer):
    """A member of staff. What one may do comes from appointments."""

    id = serializers.UUIDField(help_text="Names the account in addresses.")
    username = serializers.CharField(help_text="Names it in bodies; what the person types to sign in.")
    display_name = serializers.CharField(help_text="The name shown.")
    is_active = serializers.BooleanField(help_text="false: the account is closed.")


class EnrolmentCodeOutput(serializers.Serializer):
    """The one-time code with which the person chooses a password within seven days."""

    code = serializers.CharField(help_text="Shown this once. Whoever has it becomes the account's owner.")


class LocationOutput(serializers.Serializer):
    """An installation, a unit on it, or a higher command."""

    id = serializers.UUIDField(help_text="Names it in addresses and bodies.")
    kind = WordField(LocationKind, help_text="What it is.")
    name = serializers.CharField(help_text="Its name.")
    zone = serializers.CharField(help_text="The IANA zone its people live by.")
    parent = serializers.UUIDField(source="parent_id", allow_null=True, help_text="What it belongs to.")


class StaffPostOutput(serializers.Serializer):
    """A desk with an inbox."""

    id = serializers.UUIDField(help_text="Names it in bodies.")
    location = serializers.UUIDField(source="location_id", help_text="Where it is.")
    role = WordField(Role, help_text="What its holder is.")
    title = serializers.CharField(help_text="As it stands on the door.")
    next_higher = serializers.UUIDField(
        source="next_higher_id",
        allow_null=True,
        help_text="Receives what this post would, when that is needed.",
    )


class StaffPostRow(StaffPostOutput):
    """The same in the list."""

    vacant = serializers.BooleanField(help_text="Whether nobody active holds it now.")


class AppointmentOutput(serializers.Serializer):
    """Somebody in a post, or proposed for it."""

    id = serializers.UUIDField(help_text="Names it in addresses.")
    username = serializers.CharField(source="user.username", help_text="Whose.")
    display_name = serializers.CharField(source="user.display_name", help_text="The name shown.")
    post = serializers.UUIDField(source="post_id", help_text="The post.")
    title = serializers.CharField(source="post.title", help_text="The post's title.")
    role = WordField(Role, source="post.role", help_text="What its holder is.")
    state = WordField(AppointmentState, help_text="Nothing is in force before a second person approves it.")
    starts_at = InstantField(help_text="From when on.")
    ends_at = InstantField(allow_null=True, help_text="Until when; null: until further notice.")
    proposed_by = serializers.CharField(
        source="proposed_by.display_name",
        default=None,
        allow_null=True,
        help_text="Who; null: the system itself.",
    )
    proposed_at = InstantField(allow_null=True, help_text="When it was proposed.")


class WaitingAppointmentOutput(AppointmentOutput):
    """A proposed appointment, as its reader may decide it."""

    may_approve = serializers.BooleanField(help_text="Whether the caller is a second person to it.")


class CertificationOutput(serializers.Serializer):
    """An advocate certification (D-SAACP)."""

    id = serializers.UUIDField(help_text="Names it when it is revoked.")
    username = serializers.CharField(source="user.username", help_text="Whose.")
    display_name = serializers.CharField(source="user.display_name", help_text="The name shown.")
    starts_at = InstantField(help_text="From when on.")
    ends_at = InstantField(help_text="Until when.")
    revoked_at = InstantField(allow_null=True, help_text="When it was revoked.")


class SessionsEndedOutput(serializers.Serializer):
    """How many sessions there were."""

    ended = serializers.IntegerField(help_text="Sessions ended.")
