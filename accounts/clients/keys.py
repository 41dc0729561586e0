"""Keys of API clients at the door: whose a key is, and the certificate that must come with it."""

import secrets
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from accounts import certificates
from accounts.clients.models import ClientKey
from sapr.errors import DomainError

# `saprc_` and eight characters by which a key is recognised on a page; then what is kept as a digest alone.
MARK, PREFIX = "saprc_", 14


def fresh() -> str:
    """A key that nobody knows yet."""
    return f"{MARK}{secrets.token_hex(4)}_{secrets.token_urlsafe(32)}"


def require_certificate(key: ClientKey, shown: bytes | None) -> None:
    """DomainError `certificate_needed` (401) where the key is bound to a certificate that did not come with it."""
    if key.fingerprint is not None and bytes(key.fingerprint) != shown:
        raise DomainError(
            "certificate_needed",
            "This key is bound to a client certificate. Send it with that certificate, through the front end.",
            status=401,
        )


def keep_day(key: ClientKey, at: datetime) -> None:
    """That the key was used is kept by day."""
    if key.last_used_on != at.date():
        ClientKey.objects.filter(pk=key.pk, revoked_at=None).update(last_used_on=at.date())


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
