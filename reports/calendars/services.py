"""Making and revoking the address of one's calendar feed. The token is returned once; only its hash is kept."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.keys import digest
from accounts.models import Appointment
from accounts.selectors import appointments_of
from reports import access, policy
from reports.calendars.models import Feed
from reports.ledger.services import append_system
from sapr.errors import DomainError, NotFoundError


@access.service
def feed_make(*, actor, appointment_id: UUID, at: datetime) -> str:
    """The token of a new address for one of the actor's appointments as SARC or SAPR VA; an earlier one ends.

    It lasts as long as DS-20 says, and no longer than the appointment. `at`: aware. NotFoundError for an appointment
    that is not the actor's, or not in force.
    """
    access.require(actor, "discharge_duty", at)
    held = _appointment(actor, appointment_id, at)
    _revoke(actor, held.pk, at)
    token = secrets.token_urlsafe(32)
    days = policy.access_rules(at.date()).limits["feed_days"]
    row = Feed(
        user=actor,
        appointment=held,
        token_hash=digest(token),
        # The trigger's to write.
        made_at=at,
        expires_at=at + timedelta(days=days),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise DomainError(
            "try_again", "Another address was made at this moment. Reload the page.", status=409
        ) from None
    append_system(kind="calendar_feed_made", actor=actor, at=at, data={"user": str(actor.pk)})
    return token


@access.service
def feed_revoke(*, actor, appointment_id: UUID, at: datetime) -> None:
    """End the address of one of the actor's appointments; from now on it is not found. Refused where there is none."""
    access.require(actor, "discharge_duty", at)
    if not _revoke(actor, appointment_id, at):
        raise DomainError("no_feed", "There is no address to revoke.", status=409)


def _appointment(actor, appointment_id: UUID, at: datetime) -> Appointment:
    rows = appointments_of(actor, at).filter(pk=appointment_id, post__role__in=access.VERBS["discharge_duty"])
    found = rows.first()
    if found is None:
        raise NotFoundError
    return found


def _revoke(actor, appointment_id: UUID, at: datetime) -> bool:
    ended = Feed.objects.filter(user=actor, appointment_id=appointment_id, revoked_at=None).update(
        revoked_at=at
    )
    if ended:
        append_system(kind="calendar_feed_revoked", actor=actor, at=at, data={"user": str(actor.pk)})
    return bool(ended)
