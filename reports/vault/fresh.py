"""The keys of a case that is entered in bulk: made here, wrapped for the key store, and used without it."""

from os import urandom
from uuid import UUID

from reports.vault.fields import VERSION
from reports.vault.keys import DataKey
from reports.vault.wrapping import NONCE, Wrapping


class FreshKeys:
    """What `case_key` would make, for a case that nobody knows yet. Nothing opens until `wrapped()` is in the store."""

    def __init__(self, case_id: UUID) -> None:
        self.case_id = case_id
        self._keys: dict[str, tuple[bytes, DataKey]] = {}

    def seal(self, label: str, sensitivity: str, row: str, value: str) -> bytes:
        """The value as ciphertext for that column of the row with this id, as a sealed field writes it."""
        nonce = urandom(NONCE)
        bound = f"{label}|".encode() + bytes.fromhex(row.replace("-", ""))
        return VERSION + nonce + self._key(sensitivity).aead.encrypt(nonce, value.encode(), bound)

    def commit(self, content: bytes) -> str:
        """What `keys.commitment` gives."""
        return self._key("narrative").commit(content)

    def index(self, sensitivity: str, text: str) -> bytes:
        """What `keys.case_index` gives."""
        return self._key(sensitivity).digest(text.encode())

    def wrapped(self, wrapping: Wrapping) -> list[tuple[str, bytes]]:
        """Each key that was used, as the key store keeps it: its class and its wrapped bytes."""
        return [(name, wrapping.wrap(self.case_id, name, raw)) for name, (raw, _) in self._keys.items()]

    def _key(self, sensitivity: str) -> DataKey:
        if sensitivity not in self._keys:
            raw = urandom(32)
            self._keys[sensitivity] = raw, DataKey(raw)
        return self._keys[sensitivity][1]
