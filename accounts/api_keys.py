"""Keys for the REST door: each acts for one member of staff, and only its hash is kept."""

import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from accounts.keys import digest
from accounts.models import ApiKey, User
from reports.ledger.services import append_system
from sapr.errors import DomainError


@transaction.atomic
def api_key_create(*, user: User, valid: timedelta, actor: User | None, at: datetime) -> str:
    """A key for the REST door, returned once. It can do what its user can, until it expires."""
    key = f"sapr_{secrets.token_urlsafe(32)}"
    try:
        ApiKey.objects.create(user=user, key_hash=digest(key), expires_at=at + valid)
    except IntegrityError:
        raise DomainError("try_again", "Please try again.") from None
    append_system(kind="api_key_created", actor=actor, at=at, data={"user": str(user.pk)})
    return key


@transaction.atomic
def api_keys_revoke(*, user: User, actor: User | None, at: datetime) -> int:
    """End every valid API key of the user; how many there were."""
    count = ApiKey.objects.filter(user=user, revoked_at=None, expires_at__gt=at).update(revoked_at=at)
    if count:
        data = {"user": str(user.pk), "keys": count}
        append_system(kind="api_keys_revoked", actor=actor, at=at, data=data)
    return count
