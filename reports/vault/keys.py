"""Data keys: one of 256 bits per case and class, stored only wrapped.

Unwrapped keys are remembered per thread and forgotten at the end of each request and task, so that a destroyed
key is gone everywhere at the next one.
"""

import hmac
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection
from functools import cached_property
from hashlib import sha256
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import IntegrityError, transaction

from reports.vault import earlier
from reports.vault.digests import Digests
from reports.vault.errors import ErasedError, VaultLockedError
from reports.vault.models import NO_CASE, CurrentWrapping, Sensitivity, Tombstone, WrappedKey
from reports.vault.stored import Wrapped, wrapped_of
from reports.vault.wrapping import MISFIT, NONCE, Wrapping, available

CACHE_LIMIT = 2_000
# A rotation may come between reading which wrapping key is in use and adding a key; twice in a row is unheard of.
ATTEMPTS = 5


class DataKey:
    """An unwrapped key. Shows nothing of itself, and cannot be pickled or copied."""

    def __init__(self, raw: bytes) -> None:
        self._raw, self.aead = raw, AESGCM(raw)

    @cached_property
    def _digests(self) -> Digests:
        return Digests(self._raw)

    @cached_property
    def _commits(self) -> Digests:
        return Digests(self.for_commitments())

    def commit(self, content: bytes) -> str:
        """A keyed digest of content, in hexadecimal."""
        return self._commits.of(content).hex()

    def for_commitments(self) -> bytes:
        """What this key's commitments are made with. It opens nothing: an open export takes it along."""
        return self._digests.of(b"sapr/commitment")

    def digest(self, content: bytes) -> bytes:
        """A keyed digest for an index whose key this is."""
        return self._digests.of(content)

    def __repr__(self) -> str:
        return "<data key>"

    def __reduce__(self):
        raise TypeError("a data key stays in its process")


def committed_by(key: bytes, content: bytes) -> str:
    """The commitment to content that was made with this."""
    return hmac.digest(key, content, sha256).hex()


class _Remembered(threading.local):
    def __init__(self) -> None:
        self.keys: OrderedDict[tuple[UUID, str], DataKey] = OrderedDict()
        # Wrapped ones of the cases that were asked about: the store is asked once for all classes of a case.
        self.rows: dict[tuple[UUID, str], Wrapped | WrappedKey] = {}


_remembered = _Remembered()
_wrappings: dict[str, Wrapping] = {}


def case_key(case_id: UUID, sensitivity: str, *, create: bool = False) -> DataKey:
    """The case's data key of a class, unwrapped; with `create` it is made on first use.

    Two processes may race to make it: the key store's unique constraint picks one, both then read it. Raises
    ErasedError when the case's keys were destroyed, VaultLockedError when there is none or it does not open.
    """
    place, known = (case_id, sensitivity), _remembered.keys
    if (key := known.get(place)) is not None:
        known.move_to_end(place)
        return key
    row = _remembered.rows.get(place)
    if row is None or row.kek_id not in _wrappings:
        # Not asked about yet, or rewrapped by a rotation since: what is remembered opens under no key that is left.
        row = _looked_up(case_id, sensitivity)
    if row is None:
        if not create:
            refuse_erased(case_id)
            raise VaultLockedError("the key of this record is gone")
        row = _made(case_id, sensitivity)
    key = DataKey(wrapping_named(row.kek_id).unwrap(case_id, sensitivity, bytes(row.wrapped)))
    known[place] = key
    if len(known) > CACHE_LIMIT:
        known.popitem(last=False)
    return key


def _looked_up(case_id: UUID, sensitivity: str) -> Wrapped | WrappedKey | None:
    remember_wrapped(case_id)
    return _remembered.rows.get((case_id, sensitivity))


def remember_wrapped(case_id: UUID) -> None:
    """Ask the key store for the case's keys, still wrapped: for whoever will open with them and now waits anyway.

    Unwrapped they are by `case_key` alone.
    """
    if len(_remembered.rows) > CACHE_LIMIT:
        _remembered.rows.clear()
    for row in wrapped_of(case_id):
        _remembered.rows[case_id, row.sensitivity] = row


def unwrapped_of(cases: Collection[UUID], sensitivity: str) -> dict[UUID, DataKey]:
    """The keys of many cases at once, not remembered; a case whose keys were destroyed is absent."""
    rows = WrappedKey.objects.filter(case_id__in=cases, sensitivity=sensitivity)
    return {
        row.case_id: DataKey(wrapping_named(row.kek_id).unwrap(row.case_id, sensitivity, bytes(row.wrapped)))
        for row in rows
    }


def seal_for_nobody(sensitivity: str, value: str) -> None:
    """The work of sealing something for a case, where there is none: a look for its key, and bytes thrown away."""
    WrappedKey.objects.filter(case_id=uuid4(), sensitivity=sensitivity).first()
    DataKey(secrets.token_bytes(32)).aead.encrypt(secrets.token_bytes(NONCE), value.encode(), None)


def _made(case_id: UUID, sensitivity: str) -> WrappedKey:
    key = secrets.token_bytes(32)

    def add(wrapping: Wrapping) -> None:
        wrapped = wrapping.wrap(case_id, sensitivity, key)
        new = WrappedKey(case_id=case_id, sensitivity=sensitivity, kek_id=wrapping.kek_id, wrapped=wrapped)
        WrappedKey.objects.bulk_create([new], ignore_conflicts=True)

    under_wrapping_in_use(case_id, add)
    return WrappedKey.objects.get(case_id=case_id, sensitivity=sensitivity)


def under_wrapping_in_use(case_id: UUID, add: Callable[[Wrapping], None]) -> None:
    """Add a row of a case to the key store under the wrapping key in use; again when a rotation came between.

    Raises ErasedError when the case has a tombstone.
    """
    for _ in range(ATTEMPTS):
        try:
            with transaction.atomic(using="keys"):
                return add(wrapping_in_use())
        except IntegrityError:
            refuse_erased(case_id)
    raise VaultLockedError("the wrapping key in use changes all the time")


def refuse_erased(case_id: UUID) -> None:
    """ErasedError when the case has a tombstone."""
    if Tombstone.objects.filter(case_id=case_id).exists():
        raise ErasedError


def wrapping_named(kek_id: str) -> Wrapping:
    """The wrapping key of that name; an unknown name means a rotation, so the key files are read again."""
    global _wrappings
    found = _wrappings.get(kek_id)
    if found is None:
        _wrappings = available()
        found = _wrappings.get(kek_id)
    if found is None:
        raise VaultLockedError(MISFIT)
    return found


def wrapping_in_use() -> Wrapping:
    """The wrapping key for new keys: the one that the key store names, for an empty store the key files' first.

    A store filled before it named one: the first of this process's that wraps a row there. Raises VaultLockedError
    when the store's is none of this process's, so that nothing is ever sealed under a wrong master key.
    """
    named = CurrentWrapping.objects.values_list("kek_id", flat=True).first()
    if named:
        return wrapping_named(named)
    made = available()
    under = set(WrappedKey.objects.values_list("kek_id", flat=True).distinct())
    if not under:
        return next(iter(made.values()))
    for name in made:
        if name in under:
            return made[name]
    raise VaultLockedError(MISFIT)


def forget() -> None:
    """Drop every key this thread remembers, and the wrapping keys."""
    global _wrappings
    forget_data_keys()
    _wrappings = {}


def forget_data_keys(**kwargs) -> None:
    """Drop the unwrapped data keys of this thread: at the end of a request or a task."""
    _remembered.keys.clear()
    _remembered.rows.clear()


def blind_index(purpose: str, text: str) -> bytes:
    """A keyed 32-byte digest for exact-match look-up of a sealed value."""
    return case_key(NO_CASE, f"index_{purpose}", create=True).digest(text.encode())


def case_index(case_id: UUID, sensitivity: Sensitivity, text: str) -> bytes:
    """The same under the case's own key, for look-ups inside one case: after an erasure it says nothing."""
    return case_key(case_id, sensitivity, create=True).digest(text.encode())


def commitment(case_id: UUID, content: bytes) -> str:
    """A keyed digest of sealed content for the ledger; without the case's key it says nothing."""
    return case_key(case_id, Sensitivity.NARRATIVE, create=True).commit(content)


def is_committed(case_id: UUID, content: bytes, said: str) -> bool:
    """Whether a commitment of the case's record is to this content; also one of before the case came to this system."""
    if hmac.compare_digest(case_key(case_id, Sensitivity.NARRATIVE).commit(content), said):
        return True
    row = WrappedKey.objects.filter(case_id=case_id, sensitivity=Sensitivity.COMMITMENT).first()
    return row is not None and any(
        hmac.compare_digest(committed_by(key, content), said)
        for _, key in earlier.unpacked(
            wrapping_named(row.kek_id).unwrap(case_id, row.sensitivity, bytes(row.wrapped))
        )
    )
