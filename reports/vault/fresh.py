"""The keys of a case that is entered in bulk: made here, wrapped for the key store, and used without it."""

from os import urandom
from uuid import UUID

from reports.vault.fields import VERSION
from reports.vault.keys import DataKey
from reports.vault.wrapping import NONCE, Wrapping

# Of random bytes as many are fetched at once as most cases need.
FETCHED = 512
# The digit of an id that says its variant keeps two bits of chance.
VARIANT = {f"{digit:x}": "89ab"[digit & 3] for digit in range(16)}


class Chances:
    """Random bytes of the operating system's, each given out once. For one case, in one process: never kept longer."""

    def __init__(self) -> None:
        self._fetched, self._given = urandom(FETCHED), 0

    def take(self, count: int) -> bytes:
        """So many that nobody had before."""
        begin = self._given
        self._given = end = begin + count
        if end > FETCHED:
            self._fetched, begin, self._given = urandom(FETCHED), 0, count
            end = count
        return self._fetched[begin:end]

    def id(self) -> str:
        """What str(uuid4()) gives, in a fifth of the time."""
        text = self.take(16).hex()
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{VARIANT[text[16]]}{text[17:20]}-{text[20:]}"


class FreshKeys:
    """What `case_key` would make, for a case that nobody knows yet. Nothing opens until `wrapped()` is in the store."""

    def __init__(self, case_id: UUID, chances: Chances) -> None:
        self.case_id, self._chances = case_id, chances
        self._keys: dict[str, tuple[bytes, DataKey]] = {}
        self._narrative = self._key("narrative")

    def seal(self, bound: bytes, sensitivity: str, value: bytes) -> bytes:
        """The value as a sealed field writes it; `bound` to its cell: the column's `prefix` and the row's id."""
        nonce = self._chances.take(NONCE)
        return VERSION + nonce + self._key(sensitivity).aead.encrypt(nonce, value, bound)

    def commit(self, content: bytes) -> str:
        """What `keys.commitment` gives."""
        return self._narrative.commit(content)

    def index(self, sensitivity: str, text: str) -> bytes:
        """What `keys.case_index` gives."""
        return self._key(sensitivity).digest(text.encode())

    def wrapped(self, wrapping: Wrapping) -> list[tuple[str, bytes]]:
        """Each key that was used, as the key store keeps it: its class and its wrapped bytes."""
        return [(name, wrapping.wrap(self.case_id, name, raw)) for name, (raw, _) in self._keys.items()]

    def _key(self, sensitivity: str) -> DataKey:
        found = self._keys.get(sensitivity)
        if found is None:
            raw = self._chances.take(32)
            found = self._keys[sensitivity] = raw, DataKey(raw)
        return found[1]
