"""What commitments of before an import were made with: kept in the key store as one wrapped row of a case.

An imported case has new keys, while its ledger stays as it is, byte for byte: the commitments in it hang on a key of
the system that it came from. Of that key only this derivation came along (`DataKey.for_commitments`), which seals and
opens nothing. Each is good for the chain up to a number; behind that the case's own key commits.
"""

from collections.abc import Iterable

KEY, NUMBER = 32, 8


def packed(kept: Iterable[tuple[int, bytes]]) -> bytes:
    """Number of the last event and key, one after the other, the oldest first."""
    return b"".join(upto.to_bytes(NUMBER, "big") + key for upto, key in kept)


def unpacked(raw: bytes) -> list[tuple[int, bytes]]:
    """The same again."""
    size = NUMBER + KEY
    parts = [raw[at : at + size] for at in range(0, len(raw), size)]
    return [(int.from_bytes(part[:NUMBER], "big"), part[NUMBER:]) for part in parts]
