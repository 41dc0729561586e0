"""Wrapping keys: derived from a master key and an epoch, they wrap data keys and mask the person index.

    wrapping key = HKDF(master key, salt = epoch)

A database keeps wrapped bytes it was told to forget, in its files, its log and older copies. When the epoch is
replaced and the old one destroyed, all of those are dead, also for somebody who holds the master key.
"""

import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from reports.vault.errors import VaultLockedError
from reports.vault.master import epochs, masters

NONCE = 12
MISFIT = "no key of this process fits this record"


def derived(master: bytes, purpose: str, *, epoch: bytes | None = None, length: int = 32) -> bytes:
    """A key of its own for a purpose."""
    return HKDF(SHA256(), length, salt=epoch, info=f"sapr/{purpose}".encode()).derive(master)


@dataclass(frozen=True)
class Wrapping:
    """One wrapping key under its public name."""

    kek_id: str
    _aead: AESGCM = field(repr=False)
    _mask: AESSIV = field(repr=False)

    @classmethod
    def of(cls, master: bytes, epoch: bytes | None) -> "Wrapping":
        """The wrapping key of a master key and an epoch; without an epoch, as the first version wrapped."""
        key = derived(master, "wrap", epoch=epoch)
        named = b"sapr/kek-id" + (master if epoch is None else key)
        mask = AESSIV(derived(master, "mask", epoch=epoch, length=64))
        return cls(sha256(named).hexdigest()[:16], AESGCM(key), mask)

    def wrap(self, case_id: UUID, sensitivity: str, key: bytes) -> bytes:
        """The key as ciphertext that opens for this case and class only."""
        nonce = secrets.token_bytes(NONCE)
        return nonce + self._aead.encrypt(nonce, key, _bound_to(case_id, sensitivity))

    def unwrap(self, case_id: UUID, sensitivity: str, wrapped: bytes) -> bytes:
        """The key; VaultLockedError when bytes, case, class and wrapping key do not belong together."""
        try:
            return self._aead.decrypt(wrapped[:NONCE], wrapped[NONCE:], _bound_to(case_id, sensitivity))
        except (InvalidTag, ValueError):
            raise VaultLockedError(MISFIT) from None

    def mask(self, digest: bytes) -> bytes:
        """A digest of the person index as it is stored: the same each time, useless without this key."""
        return self._mask.encrypt(digest, [b"sapr/person"])

    def unmask(self, masked: bytes) -> bytes:
        """The digest again."""
        try:
            return self._mask.decrypt(masked, [b"sapr/person"])
        except (InvalidTag, ValueError):
            raise VaultLockedError(MISFIT) from None


def _bound_to(case_id: UUID, sensitivity: str) -> bytes:
    return case_id.bytes + sensitivity.encode()


def available(kept: tuple[bytes, ...] | None = None) -> dict[str, Wrapping]:
    """Every wrapping key that this process can make, by name; first the one that its key files put first.

    `kept`: by these epochs instead of the file's.
    """
    keys = masters()
    made = [
        Wrapping.of(key, epoch) for epoch in (*(epochs() if kept is None else kept), None) for key in keys
    ]
    return {each.kek_id: each for each in made}
