"""Keys of API clients at the door: whose a key is, and the certificate that must come with it."""

import secrets
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from accounts import certificates
from accounts.clients.models import ClientKey, KeyState
from accounts.keys import digest
from sapr.errors import DomainError

# `saprc_` and eight characters by which a key is recognised on a page; then what is kept as a digest alone.
MARK, PREFIX = "saprc_", 14


def fresh() -> str:
    """A key that nobody knows yet."""
    return f"{MARK}{secrets.token_hex(4)}_{secrets.token_urlsafe(32)}"


def key_asking(*, key: str, request: HttpRequest, at: datetime) -> ClientKey | None:
    """The key in use at the instant that was sent; its account's `client_key` is set. None for any other.

    DomainError `certificate_needed` (401) where it is bound to a certificate that did not come with it. That it was
    used is kept by day.
    """
    rows = ClientKey.objects.filter(
        key_hash=digest(key),
        state=KeyState.APPROVED,
        revoked_at=None,
        expires_at__gt=at,
        client__ended_at=None,
        client__user__is_active=True,
    )
    row = rows.select_related("client__user").first()
    if row is None:
        return None
    if row.fingerprint is not None and bytes(row.fingerprint) != fingerprint_of(request):
        raise DomainError(
            "certificate_needed",
            "This key is bound to a client certificate. Send it with that certificate, through the front end.",
            status=401,
        )
    if row.last_used_on != at.date():
        ClientKey.objects.filter(pk=row.pk, revoked_at=None).update(last_used_on=at.date())
    row.client.user.client_key = row
    return row


def fingerprint_of(request: HttpRequest) -> bytes | None:
    """SHA-256 of the client certificate that the front end vouches for; None when it vouches for none."""
    if not settings.CLIENT_FINGERPRINT_HEADER or not certificates.is_from_front_end(request):
        return None
    return as_fingerprint(request.headers.get(settings.CLIENT_FINGERPRINT_HEADER, ""))


def as_fingerprint(text: str) -> bytes | None:
    """32 bytes written as 64 hexadecimal digits, with or without colons; None for anything else."""
    plain = text.strip().replace(":", "")
    try:
        return bytes.fromhex(plain) if len(plain) == 64 and plain.isascii() and plain.isalnum() else None
    except ValueError:
        return None
