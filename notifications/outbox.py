"""The outbox: each message leased for a minute, handed over outside any transaction, marked.

A kill between handing over and marking repeats the same bytes under the same key; the lease runs out by itself, so
nobody has to rescue anything.
"""

import logging
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q

from notifications.models import Outgoing, WebhookSecret
from notifications.outside import health, messages, news, smtp, webhook
from notifications.outside.handing import NotHandedOver, Outcome
from notifications.outside.models import MAY_GO, ChannelKind, OutgoingKind, OutgoingState
from reports import policy
from sapr import clock
from sapr.models import Kind
from sapr.operating import upkeep

log = logging.getLogger("sapr.sweep")
LEASE = timedelta(seconds=60)


class Leased(NamedTuple):
    """A message that is ours for a minute, and its exact bytes; `mail` where it is one."""

    row: Outgoing
    mail: EmailMessage | None
    request: bytes


def send_one(*, at: datetime) -> bool:
    """Lease one due message, hand it over, mark it. Returns whether there was one."""
    leased, refused = _lease(at)
    if leased is None:
        return refused
    try:
        acknowledged = _hand_over(leased)
    except NotHandedOver as error:
        _not_taken(leased.row, error)
    except Exception:
        # Whatever is wrong with this one, the others are not its hostages.
        log.exception("message_failed", extra={"fields": {"id": str(leased.row.pk)}})
        _not_taken(leased.row, NotHandedOver(Outcome.FAILED, this_one=True))
    else:
        _taken(leased.row, acknowledged=acknowledged)
    return True


def drop_expired(at: datetime) -> int:
    """Leave out what was not handed over in its window: after a day without a mail server nobody gets a heap of mail.

    What is leased is left to whoever has it. After a restore so are the rounds from before the hold was lifted: their
    mails may have gone out already.
    """
    late = Q(expires_at__lte=at)
    if (lifted := upkeep.lifted_at()) is not None:
        late |= Q(round__isnull=False, planned_at__lte=lifted)
    found = Outgoing.objects.filter(late, state=OutgoingState.QUEUED, look_at__lte=at)
    return found.update(state=OutgoingState.DROPPED)


def clear(at: datetime, most: int) -> int:
    """Delete what never left and old heartbeats, the oldest first, at most so many (DN-34); how many it were.

    What was handed over to reach a person stays: its key, digest and instants are the proof.
    """
    going = Outgoing.objects.filter(MAY_GO, planned_at__lte=at - policy.outside(on=at.date()).cleared_after)
    oldest = going.order_by("planned_at").values_list("pk", flat=True)[:most]
    return Outgoing.objects.filter(pk__in=list(oldest)).delete()[0]


@transaction.atomic
def _lease(at: datetime) -> tuple[Leased | None, bool]:
    """Claim the oldest due message for a minute, its digest kept before anything leaves.

    Channels that failed just now are left alone. Second value: whether one was looked at and could not be made.
    """
    row = (
        Outgoing.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("channel")
        .filter(Q(channel__resume_at=None) | Q(channel__resume_at__lte=at))
        .filter(state=OutgoingState.QUEUED, look_at__lte=at, expires_at__gt=at, channel__ended_at=None)
        .order_by("look_at", "id")
        .first()
    )
    if row is None:
        return None, False
    row.attempts += 1
    row.look_at = at + LEASE
    row.tries = [*row.tries, [at.isoformat(), Outcome.LEASED]]
    try:
        leased = _made(row)
    except NotHandedOver as error:
        row.save(update_fields=["attempts", "look_at", "tries"])
        _not_taken(row, error)
        return None, True
    row.sha256 = sha256(leased.request).hexdigest()
    row.save(update_fields=["attempts", "look_at", "tries", "sha256"])
    return leased, True


def _made(row: Outgoing) -> Leased:
    """The row with its bytes, the same ones whenever it is asked."""
    key, kind = row.pk, OutgoingKind(row.kind)
    if row.channel.kind == ChannelKind.MAIL:
        mail = messages.mail(key, kind, row.address, row.planned_at)
        leased = Leased(row, mail, messages.mail_bytes(mail))
    else:
        secret = WebhookSecret.of(row.channel_id)
        if secret is None:
            raise NotHandedOver(Outcome.NO_KEY)
        said = news.told(row) if kind == OutgoingKind.NEWS else []
        request = messages.webhook_request(key, kind, row.channel.url, row.planned_at, secret, said)
        leased = Leased(row, None, request)
    if row.sha256 not in ("", sha256(leased.request).hexdigest()):
        raise NotHandedOver(Outcome.BYTES_CHANGED, for_good=True, this_one=True)
    return leased


def _hand_over(leased: Leased) -> bool:
    """Outside any transaction. Whether the channel acknowledges: a webhook's 2xx does, a mail server's word is that it
    will carry the mail on."""
    if leased.mail is not None:
        smtp.hand_over(leased.mail)
        return False
    url = leased.row.channel.url
    host = webhook.checked(url, loopback=True).hostname
    webhook.hand_over(
        leased.request,
        url,
        private=host in settings.WEBHOOK_PRIVATE_HOSTS,
        loopback=clock.kind() in (Kind.DEMO, Kind.REHEARSAL),
    )
    return True


@transaction.atomic
def _taken(row: Outgoing, *, acknowledged: bool) -> None:
    at = clock.now()
    health.took(row.channel_id, at)
    _mark(
        row,
        Outcome.ACKNOWLEDGED if acknowledged else Outcome.HANDED_OVER,
        state=OutgoingState.ACKNOWLEDGED if acknowledged else OutgoingState.SENT,
        handed_at=at,
        acknowledged_at=at if acknowledged else None,
    )


@transaction.atomic
def _not_taken(row: Outgoing, error: NotHandedOver) -> None:
    """Put it off, or give it up for a person to see. A heartbeat is only left out: that the channel fails says it."""
    at = clock.now()
    if not error.this_one:
        health.failed(row.channel_id, at)
    elif error.outcome in (Outcome.REFUSED, Outcome.BUSY):
        # It answered: the channel lives.
        health.took(row.channel_id, at)
    state = OutgoingState.QUEUED
    if error.for_good or row.attempts >= policy.outside(on=at.date()).tries:
        state = OutgoingState.DROPPED if row.kind == OutgoingKind.HEARTBEAT else OutgoingState.DEAD
    _mark(row, error.outcome, state=state, look_at=at + health.pause(row.attempts, at))


def _mark(row: Outgoing, outcome: Outcome, **changed: object) -> None:
    """Only what is still queued: whoever took it over after our lease marked it already."""
    tries = [*row.tries[:-1], [row.tries[-1][0], outcome]]
    Outgoing.objects.filter(pk=row.pk, state=OutgoingState.QUEUED).update(tries=tries, **changed)
