"""Releasing a notice as the page does: with the digest of the words on the screen."""

from datetime import datetime
from hashlib import sha256

from notifications.models import Notice
from notifications.services import notice_release
from tests.times import T0


def release(actor, notice: Notice, *, minimal: bool = False, at: datetime = T0) -> Notice:
    """Release the notice's wording, or MINIMAL."""
    seen = notice.minimal if minimal else notice.wording
    return notice_release(
        actor=actor,
        notice_id=notice.pk,
        minimal=minimal,
        bytes_seen=sha256(seen.encode()).hexdigest(),
        at=at,
    )
