"""The keys of many cases at hand: read from the key store some at a time, or made for an empty one."""

import hmac
import secrets
from collections.abc import Collection, Iterator
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from uuid import UUID

import psycopg

from reports.vault import earlier
from reports.vault.errors import VaultLockedError
from reports.vault.keys import DataKey, wrapping_named
from reports.vault.models import NO_CASE, Sensitivity
from reports.vault.wrapping import available

KEYS = "SELECT case_id, sensitivity, kek_id, wrapped FROM reports_wrappedkey WHERE case_id = ANY (%s)"
STONES = "SELECT case_id, destroyed_at FROM reports_tombstone ORDER BY case_id"
COMMITTING = """SELECT case_id, sensitivity, kek_id, wrapped FROM reports_wrappedkey
                WHERE sensitivity IN ('commitment', 'narrative') ORDER BY case_id, sensitivity"""
ADD = """INSERT INTO reports_wrappedkey (id, case_id, sensitivity, kek_id, wrapped)
         VALUES (gen_random_uuid(), %s, %s, %s, %s) ON CONFLICT (case_id, sensitivity) DO NOTHING"""
BURY = "INSERT INTO reports_tombstone (case_id, destroyed_at, clean) VALUES (%s, %s, true)"
INDEX = "INSERT INTO reports_personindex (case_id, kek_id, digest) VALUES (%s, %s, %s)"
ROWS_AT_ONCE = 2_000


class Ring:
    """Keys as the key store has them. `store`: its owner's connection, in a transaction."""

    def __init__(self, store: psycopg.Connection) -> None:
        self.store = store
        self.erased: set[UUID] = {case for case, _ in store.execute(STONES).fetchall()}
        self._known: dict[tuple[UUID, str], DataKey] = {}

    def take(self, cases: Collection[UUID]) -> None:
        """Have the keys of these cases at hand, and no others."""
        self._known = {
            (case, kind): DataKey(wrapping_named(name).unwrap(case, kind, wrapped))
            for case, kind, name, wrapped in self.store.execute(KEYS, [[*cases, NO_CASE]])
            if kind != Sensitivity.COMMITMENT
        }

    def key(self, case_id: UUID, sensitivity: str) -> DataKey:
        """The key; VaultLockedError where there is none."""
        try:
            return self._known[case_id, sensitivity]
        except KeyError:
            raise VaultLockedError("the key of this record is gone") from None

    def tombstones(self) -> Iterator[tuple[UUID, datetime]]:
        """The cases whose keys were destroyed, by id."""
        yield from self.store.execute(STONES).fetchall()

    def commitments(self) -> Iterator[tuple[UUID, list[tuple[int, bytes]], bytes | None]]:
        """Of each case by id: what commitments of before an import were made with, and what its own are made with."""
        with self.store.cursor("committing") as cursor:
            cursor.itersize = ROWS_AT_ONCE
            cursor.execute(COMMITTING)
            for case, rows in groupby(cursor, itemgetter(0)):
                before: list[tuple[int, bytes]] = []
                own = None
                for _, kind, name, wrapped in rows:
                    raw = wrapping_named(name).unwrap(case, kind, wrapped)
                    if kind == Sensitivity.COMMITMENT:
                        before = earlier.unpacked(raw)
                    else:
                        own = DataKey(raw).for_commitments()
                if case != NO_CASE:
                    yield case, before, own


class NewRing(Ring):
    """Keys for an empty key store.

    Each is derived from a secret that this object has and nobody else: it is forgotten with it, so no key can be made
    a second time. So none need be kept in memory while the tables come one after the other.
    """

    def __init__(self, store: psycopg.Connection) -> None:
        super().__init__(store)
        self._secret = secrets.token_bytes(32)
        self._wrapping = next(iter(available().values()))
        self._added: set[tuple[UUID, str]] = set()

    def key(self, case_id: UUID, sensitivity: str) -> DataKey:
        return DataKey(self._raw(case_id, sensitivity))

    def _raw(self, case_id: UUID, sensitivity: str) -> bytes:
        return hmac.digest(self._secret, case_id.bytes + sensitivity.encode(), sha256)

    def used(self, case_id: UUID, sensitivity: str) -> None:
        """Something of the case is sealed under this key: it is to stand in the store."""
        self._added.add((case_id, sensitivity))

    def keep(self) -> None:
        """Write into the store what was used since the last time."""
        rows = [(case, kind, self._wrapped(case, kind, self._raw(case, kind))) for case, kind in self._added]
        self._write(rows)
        self._added.clear()

    def bury(self, case_id: UUID, destroyed_at: datetime) -> None:
        """The case's keys were destroyed where it comes from: it gets none here."""
        self.store.execute(BURY, [case_id, destroyed_at])
        self.erased.add(case_id)

    def keep_commitments(self, case_id: UUID, kept: list[tuple[int, bytes]]) -> None:
        """What the commitments in its chain were made with; its own key commits from here on."""
        wrapped = self._wrapped(case_id, Sensitivity.COMMITMENT, earlier.packed(kept))
        self._write([(case_id, Sensitivity.COMMITMENT, wrapped)])
        self.used(case_id, Sensitivity.NARRATIVE)

    def index_person(self, case_id: UUID, dod_id: str) -> None:
        """The case is found by this number."""
        self.used(NO_CASE, Sensitivity.INDEX_PERSON)
        self.keep()
        digest = self.key(NO_CASE, Sensitivity.INDEX_PERSON).digest(dod_id.encode())
        self.store.execute(INDEX, [case_id, self._wrapping.kek_id, self._wrapping.mask(digest)])

    def _wrapped(self, case_id: UUID, kind: str, raw: bytes) -> bytes:
        return self._wrapping.wrap(case_id, kind, raw)

    def _write(self, rows: list[tuple[UUID, str, bytes]]) -> None:
        with self.store.cursor() as cursor:
            cursor.executemany(ADD, [(case, kind, self._wrapping.kek_id, raw) for case, kind, raw in rows])
