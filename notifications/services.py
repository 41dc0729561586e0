"""Releasing a notice, and the sweep that places what is due."""

import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import OperationalError, transaction
from django.db.models import QuerySet

from notifications.models import InboxItem, Notice, NoticeKind, NoticeState, Reminder
from notifications.outbox import send_one
from notifications.placing import nudge, place
from notifications.selectors import inbox, notice_for
from reports import access, policy
from reports.catch import clock as credentials
from reports.ledger.services import append, append_system
from reports.obligations.models import Duty
from reports.vault.services import open_sealed
from sapr import clock
from sapr.celery import wake
from sapr.errors import DomainError, NotFoundError

log = logging.getLogger("sapr.sweep")
BATCH = 100
PAUSE = timedelta(minutes=1)


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


def sweep() -> dict[str, int]:
    """Do everything that is due by the database's clock. Any number may run at once; each item is done once.

    Runs in the worker role. Each notice and reminder has a transaction of its own, so a kill loses nothing
    and repeats nothing. An item that fails is logged and left for the next sweep; it holds up no other.
    """
    return {
        "placed": _drain(_due_notices, _place),
        "reminded": _drain(_due_reminders, _remind),
        "ended": _drain(credentials.due, _end),
        "mailed": _mail(),
    }


def _due_notices(now: datetime) -> QuerySet[Notice]:
    return Notice.objects.filter(look_at__lte=now).exclude(state=NoticeState.PLACED).order_by("look_at")


def _place(notice: Notice, now: datetime) -> None:
    place(notice=notice, actor=None, at=now)


def _due_reminders(now: datetime) -> QuerySet[Reminder]:
    return Reminder.objects.filter(due_at__lte=now, done_at=None).order_by("due_at")


def _remind(reminder: Reminder, now: datetime) -> None:
    reminder.done_at = now
    reminder.shown = reminder.over_at is None
    reminder.save(update_fields=["done_at", "shown"])
    if reminder.shown:
        nudge(reminder.post, key=str(reminder.pk), at=now)


def _end(duty: Duty, now: datetime) -> None:
    credentials.end(duty)


def _drain(due: Callable[[datetime], QuerySet], do: Callable[[Any, datetime], None]) -> int:
    done, failed = 0, []
    while done + len(failed) < BATCH:
        row = None
        try:
            with transaction.atomic():
                now = clock.now()
                row = due(now).exclude(pk__in=failed).select_for_update(skip_locked=True).first()
                if row is None:
                    return done
                do(row, now)
        except OperationalError:
            raise
        except Exception:
            # Whatever is wrong with this one, the next one's deadline is not its hostage.
            if row is None:
                raise
            failed.append(row.pk)
            _put_off(row, now)
            log.exception("due_item_failed", extra={"fields": {"id": str(row.pk)}})
        else:
            done += 1
    wake("notifications.sweep")
    return done


def _put_off(row: Any, now: datetime) -> None:
    """Look at a failed notice again in a minute, so that many of them cannot crowd out the rest."""
    if isinstance(row, Notice):
        Notice.objects.filter(pk=row.pk).exclude(state=NoticeState.PLACED).update(look_at=now + PAUSE)


def _mail() -> int:
    done = 0
    while done < BATCH and send_one(at=clock.now()):
        done += 1
    return done


def next_due(until: datetime) -> datetime | None:
    """The earliest instant, not after `until`, at which the sweep has something to do."""
    notices = Notice.objects.exclude(state=NoticeState.PLACED).filter(look_at__lte=until)
    reminders = Reminder.objects.filter(done_at=None, due_at__lte=until)
    found = [
        notices.order_by("look_at").values_list("look_at", flat=True).first(),
        reminders.order_by("due_at").values_list("due_at", flat=True).first(),
        credentials.due(until).values_list("due_at", flat=True).first(),
    ]
    return min((instant for instant in found if instant), default=None)


def demo_clock_advance(*, to: datetime) -> int:
    """Move a demo's clock to `to`, stopping at every due instant on the way to do what is due then.

    So a visitor who jumps a month sees each notice go out at its own slot. Returns how many stops it made. An
    item that keeps failing does not hold the clock: it is the last stop.
    """
    stops = 0
    while (due := next_due(to)) is not None:
        if due > clock.now():
            clock.move(due)
        done = sweep()
        stops += 1
        # Nothing done and the same item still first: it fails. (If another sweeper took it, the next comes first.)
        if not (done["placed"] or done["reminded"] or done["ended"]) and next_due(to) == due:
            break
    if to > clock.now():
        clock.move(to)
    sweep()
    return stops
