"""The outbox: content-free mail, handed over outside any transaction."""

from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db import transaction

from notifications.models import OutboxMail, OutboxState

LEASE = timedelta(seconds=60)
ATTEMPTS = 8
SUBJECT = "Please sign in"
BODY = "Please sign in to the SAPR system when you can.\n"


def send_one(*, at: datetime) -> bool:
    """Lease one due mail, hand it over, mark it. A kill in between repeats the same content-free mail.

    Returns whether there was one.
    """
    mail = _lease(at)
    if mail is None:
        return False
    pk, address, attempts = mail
    try:
        EmailMessage(SUBJECT, BODY, to=[address]).send()
    except OSError:
        gone = attempts >= ATTEMPTS
        OutboxMail.objects.filter(pk=pk).update(
            state=OutboxState.DEAD if gone else OutboxState.QUEUED, look_at=at + LEASE * 2**attempts
        )
        return True
    OutboxMail.objects.filter(pk=pk).update(state=OutboxState.SENT, sent_at=at)
    return True


@transaction.atomic
def _lease(at: datetime):
    """Claim the oldest due mail for a minute: (id, address, attempts so far), or None."""
    row = (
        OutboxMail.objects.select_for_update(skip_locked=True)
        .filter(state=OutboxState.QUEUED, look_at__lte=at)
        .order_by("look_at")
        .first()
    )
    if row is None:
        return None
    row.attempts += 1
    row.look_at = at + LEASE
    row.save(update_fields=["attempts", "look_at"])
    address = OutboxMail.objects.filter(pk=row.pk).values_list("user__email", flat=True).get()
    return row.pk, address, row.attempts
