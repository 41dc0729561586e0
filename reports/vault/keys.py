"""Keys: one 256-bit data key per case and class, stored only wrapped by the master key.

The master key stands outside every database (a file today). Only the web process is given it.
"""

import hmac
import secrets
from collections import OrderedDict
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from reports.vault.models import WrappedKey

NONCE = 12
CACHE_LIMIT = 10_000
_cache: OrderedDict[tuple[UUID, str], bytes] = OrderedDict()


class VaultLockedError(Exception):
    """This process has no master key, or the key does not fit: nothing can be sealed or opened."""


def _master() -> bytes:
    if not settings.MASTER_KEY:
        raise VaultLockedError("no master key in this process")
    return bytes.fromhex(settings.MASTER_KEY)


def _derived(purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"sapr/{purpose}".encode()).derive(_master())


def kek_id() -> str:
    """The public name of the master key in use."""
    return sha256(b"sapr/kek-id" + _master()).hexdigest()[:16]


def _bound_to(case_id: UUID, sensitivity: str) -> bytes:
    return case_id.bytes + sensitivity.encode()


def case_key(case_id: UUID, sensitivity: str, *, create: bool = False) -> bytes:
    """The case's data key of a class, unwrapped; with `create` it is made on first use.

    Two processes may race to make it: the key store's unique constraint picks one, both then read it.
    """
    place = (case_id, sensitivity)
    if place in _cache:
        _cache.move_to_end(place)
        return _cache[place]
    rows = WrappedKey.objects.filter(case_id=case_id, sensitivity=sensitivity)
    row = rows.first()
    if row is None:
        if not create:
            raise VaultLockedError("the key of this record is gone")
        key, nonce = secrets.token_bytes(32), secrets.token_bytes(NONCE)
        wrapped = nonce + AESGCM(_derived("wrap")).encrypt(nonce, key, _bound_to(case_id, sensitivity))
        new = WrappedKey(case_id=case_id, sensitivity=sensitivity, kek_id=kek_id(), wrapped=wrapped)
        WrappedKey.objects.bulk_create([new], ignore_conflicts=True)
        row = rows.get()
    raw = bytes(row.wrapped)
    try:
        key = AESGCM(_derived("wrap")).decrypt(raw[:NONCE], raw[NONCE:], _bound_to(case_id, sensitivity))
    except InvalidTag:
        raise VaultLockedError("the master key does not fit this record") from None
    _cache[place] = key
    if len(_cache) > CACHE_LIMIT:
        _cache.popitem(last=False)
    return key


def forget() -> None:
    """Drop every unwrapped key this process remembers."""
    _cache.clear()


def blind_index(purpose: str, text: str) -> bytes:
    """A keyed 32-byte digest for exact-match look-up of a sealed value."""
    return hmac.new(_derived(f"blind/{purpose}"), text.encode(), sha256).digest()


def commitment(case_id: UUID, content: bytes) -> str:
    """A keyed digest of sealed content for the ledger; without the case's key it says nothing."""
    key = hmac.new(case_key(case_id, "narrative", create=True), b"sapr/commitment", sha256).digest()
    return hmac.new(key, content, sha256).hexdigest()
