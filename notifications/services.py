"""Releasing a notice; reading and acknowledging what lies in an inbox."""

import secrets
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from notifications.models import InboxItem, Notice, NoticeKind, NoticeState, Reminder
from notifications.selectors import inbox, notice_for
from reports import access, policy
from reports.ledger.services import append, append_system
from reports.vault.services import open_sealed
from sapr.errors import DomainError, NotFoundError


@access.service
def notice_release(*, actor, notice_id: UUID, minimal: bool, bytes_seen: str, at: datetime) -> Notice:
    """The SARC releases the exact bytes seen; a slot is drawn uniformly among those left (threats 5.4).

    `minimal`: release the MINIMAL wording (coarser is always allowed). `bytes_seen`: SHA-256 hex of the
    wording on the screen; anything else than the wording to be placed is refused.
    """
    notice = notice_for(actor, notice_id, "release_notice")
    if notice.kind != NoticeKind.RESTRICTED or notice.state != NoticeState.COMPOSED:
        raise DomainError("not_waiting", "This notice is not waiting for release.", status=409)
    wording = notice.minimal if minimal else notice.wording
    digest = sha256(wording.encode()).hexdigest()
    if digest != bytes_seen:
        raise DomainError(
            "bytes_changed", "The wording changed since you read it. Read it again.", status=409
        )
    slots = policy.slots_after(at, notice.last_slot, notice.case.installation.zone)
    if not slots:
        raise DomainError("no_slot_left", "The last slot has passed; MINIMAL is being placed.", status=409)
    slot = secrets.choice(slots)
    changed = Notice.objects.filter(pk=notice.pk, state=NoticeState.COMPOSED).update(
        state=NoticeState.RELEASED,
        slot=slot,
        look_at=slot,
        wording=wording,
        rung="minimal" if minimal else notice.rung,
        released_by=actor.pk,
        released_sha256=digest,
    )
    if changed != 1:
        raise DomainError("not_waiting", "This notice is not waiting for release.", status=409)
    Reminder.objects.filter(notice=notice).update(over_at=at)
    append(
        case_id=notice.case_id,
        kind="notice_released",
        actor=actor,
        at=at,
        data={"notice": str(notice.pk), "sha256": digest, "slot": slot.isoformat()},
    )
    notice.refresh_from_db()
    return notice


@access.service
def inbox_open(*, actor, item_id: UUID, at: datetime) -> tuple[InboxItem, str]:
    """A notice in the viewer's own inbox, in clear. Opening a sealed one is an event of its case."""
    item = _own_item(actor, item_id, at)
    if item.details is None:
        return item, item.body
    access.require_within_limit(actor, at)
    return item, open_sealed(record=item, actor=actor, purpose="inbox", at=at)["details"]


@access.service
def inbox_acknowledge(*, actor, item_id: UUID, at: datetime) -> InboxItem:
    """The holder of the post says: read. Once."""
    item = _own_item(actor, item_id, at)
    changed = InboxItem.objects.filter(pk=item.pk, acknowledged_at=None).update(
        acknowledged_at=at, acknowledged_by=actor.pk
    )
    if changed != 1:
        raise DomainError("already_acknowledged", "This notice is acknowledged already.", status=409)
    # On the system's own chain: a Restricted item knows no case.
    append_system(
        kind="notice_acknowledged",
        actor=actor,
        at=at,
        data={"notice": str(item.pk), "post": str(item.post_id)},
    )
    item.refresh_from_db()
    return item


def _own_item(actor, item_id: UUID, at: datetime) -> InboxItem:
    item = inbox(viewer=actor, at=at).filter(pk=item_id).first()
    if item is None:
        raise NotFoundError
    return item
