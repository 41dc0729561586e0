"""What the REST door shows of notices and inboxes."""

from hashlib import sha256
from typing import Any

from rest_framework import serializers

from notifications.models import Notice, NoticeKind
from sapr.fields import InstantField


def _digest(text: str) -> str | None:
    return sha256(text.encode()).hexdigest() if text else None


def notice_row(notice: Notice) -> dict[str, Any]:
    """A notice of one of the viewer's cases. The wording of an Unrestricted notice stays sealed (null)."""
    plain = notice.kind == NoticeKind.RESTRICTED
    return {
        "id": notice.pk,
        "case": notice.case_id,
        "kind": notice.kind,
        "state": notice.state,
        "post": notice.post.title,
        "last_slot": notice.last_slot,
        "slot": notice.slot,
        "rung": notice.rung if plain else None,
        "wording": notice.wording if plain else None,
        "wording_sha256": _digest(notice.wording),
        "minimal": notice.minimal if plain else None,
        "minimal_sha256": _digest(notice.minimal),
        "released_sha256": notice.released_sha256 or None,
    }


class NoticeSummary(serializers.Serializer):
    """A notice: to whom, how far, and until when it must be placed."""

    id = serializers.UUIDField()
    case = serializers.UUIDField()
    kind = serializers.CharField()
    state = serializers.CharField(help_text="composed (waits for release), released or placed.")
    post = serializers.CharField(help_text="The addressee's post.")
    last_slot = InstantField()
    slot = InstantField(allow_null=True, help_text="Drawn at release.")


class NoticeOutput(NoticeSummary):
    """A notice with its exact wordings. Release what you read by its SHA-256."""

    rung = serializers.CharField(
        allow_null=True, help_text="How much it says: minimal, or the steps of the ladder."
    )
    wording = serializers.CharField(allow_null=True, help_text="null: sealed, of an Unrestricted report.")
    wording_sha256 = serializers.CharField(allow_null=True)
    minimal = serializers.CharField(allow_null=True)
    minimal_sha256 = serializers.CharField(allow_null=True)
    released_sha256 = serializers.CharField(allow_null=True)


class InboxOutput(serializers.Serializer):
    """An inbox item. The slot is the only time there is."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    post = serializers.CharField(source="post.title")
    slot = InstantField()
    acknowledged = serializers.SerializerMethodField()

    def get_acknowledged(self, item) -> bool:
        """Whether the holder of the post said: read."""
        return item.acknowledged_at is not None


class InboxOpenOutput(InboxOutput):
    """An inbox item in clear."""

    body = serializers.CharField()
