"""Keys for what signing in keeps: each use has its own, all derived from the secret key file (HKDF-SHA256)."""

import base64
import hmac
from hashlib import sha256

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def digest(token: str) -> bytes:
    """How a random token is kept: long enough that a plain digest cannot be turned round."""
    return sha256(token.encode()).digest()


def _derived(use: str) -> bytes:
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"sapr accounts {use}".encode())
    return kdf.derive(settings.SECRET_KEY.encode())


def keyed_digest(use: str, value: str) -> bytes:
    """A digest that only this installation can compute; the same value under another use looks unrelated."""
    return hmac.digest(_derived(use), value.encode("utf-8", "surrogatepass"), sha256)


def fernet(use: str) -> Fernet:
    """Encryption of small secrets that are no case's own."""
    return Fernet(base64.urlsafe_b64encode(_derived(use)))
