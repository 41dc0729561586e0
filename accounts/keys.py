"""Keys for what signing in keeps: each use has its own, all derived from the secret key file (HKDF-SHA256)."""

import base64
import hmac
import secrets
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE = 12


def digest(token: str) -> bytes:
    """How a random token is kept: long enough that a plain digest cannot be turned round."""
    return sha256(token.encode()).digest()


def _derived(use: str) -> bytes:
    return _of_secret(use, settings.SECRET_KEY)


@lru_cache(maxsize=64)
def _of_secret(use: str, secret: str) -> bytes:
    """Kept in the process, as the secret itself is: every request needs some."""
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"sapr accounts {use}".encode())
    return kdf.derive(secret.encode())


def keyed_digest(use: str, value: str) -> bytes:
    """A digest that only this installation can compute; the same value under another use looks unrelated."""
    return hmac.digest(_derived(use), value.encode("utf-8", "surrogatepass"), sha256)


def fernet(use: str) -> Fernet:
    """Encryption of small secrets that are no case's own."""
    return Fernet(base64.urlsafe_b64encode(_derived(use)))


def sealed_with(use: str, value: str, plain: bytes, bound: bytes) -> bytes:
    """Sealed so that it opens with `value` alone, which is kept nowhere, and only for what it is `bound` to."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(keyed_digest(use, value)).encrypt(nonce, plain, bound)


def opened_with(use: str, value: str, sealed: bytes, bound: bytes) -> bytes | None:
    """What `sealed_with` sealed; None: with another value, for something else, or changed since."""
    try:
        return AESGCM(keyed_digest(use, value)).decrypt(sealed[:NONCE], sealed[NONCE:], bound)
    except InvalidTag:
        return None
