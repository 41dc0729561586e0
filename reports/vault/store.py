"""The key store's owner-side acts: destroying a case's keys for good, and rotation.

They run where the environment holds the owner's URL of the key store (`./run manage` gives it), not in the web process.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import psycopg
from django.conf import settings

from reports.vault import places
from reports.vault.master import epochs, master_id, masters
from reports.vault.models import NO_CASE
from reports.vault.rewrap import (
    ADDITIONS_WAIT,
    Damaged,
    add_epoch,
    add_master,
    finish,
    require_all_known,
    require_epoch_file,
    store_locked,
)
from sapr.errors import DomainError

BURY = """INSERT INTO reports_tombstone (case_id, destroyed_at, clean)
          SELECT stone.case_id, stone.at, false
          FROM unnest(%s::uuid[], %s::timestamptz[]) AS stone (case_id, at) ON CONFLICT DO NOTHING"""
REMOVE_KEYS = "DELETE FROM reports_wrappedkey WHERE case_id = ANY (%s) RETURNING case_id, sensitivity"
REMOVE_PEOPLE = "DELETE FROM reports_personindex WHERE case_id = ANY (%s) RETURNING case_id"
EXPIRE = (
    "UPDATE reports_shareset SET expires_at = greatest(made_at, %s) WHERE expires_at > %s AND master_id <> %s"
)


@dataclass(frozen=True)
class Destroyed:
    """What a destruction did: the classes of keys it removed, rows wrapped anew, names of the places rewritten.

    `damaged`: rows of others that were changed, open under no key and were set aside; they stop no erasure.
    """

    classes: list[str]
    rewrapped: int
    places: list[str]
    damaged: list[UUID] = field(default_factory=list)


@dataclass(frozen=True)
class Rotated:
    """What a rotation did: rows wrapped anew, places rewritten, whether it finished one that was killed.

    `damaged`: rows set aside, as in a destruction; only where that was asked for.
    """

    rewrapped: int
    places: list[str]
    resumed: bool
    damaged: list[UUID] = field(default_factory=list)


def destroy(case_id: UUID, *, at: datetime) -> Destroyed:
    """Destroy a case's keys so that nobody can bring them back; safe to repeat, also after a kill.

    A tombstone is written first, to every place and to the key store. Then the rows go, every living key is wrapped
    under a new epoch, tables and copies are rewritten, and the old epoch is overwritten: whatever still holds the
    old rows holds bytes that no key opens. A second call for a case that is done does nothing.
    """
    if case_id == NO_CASE:
        raise ValueError("the index keys belong to no case")
    require_epoch_file()
    with store_locked() as connection:
        places.require_remembered(connection)
        require_all_known(connection)
        stones = {case_id: at} | tombstones(connection)
        places.note(stones)
        removed = _remove(connection, {case_id: stones[case_id]})
        damaged: list[UUID] = []
        moved, written = _clean(connection, damaged) if removed or _unclean(connection) else (0, [])
    return Destroyed(sorted(removed), moved, written, _told(damaged))


def replay_tombstones() -> int:
    """Remove every key that a tombstone names, in the store's own list or any place's; how many there were.

    For after a restore. Cleans as `destroy` does when there was anything, or when an earlier call was killed.
    """
    require_epoch_file()
    with store_locked() as connection:
        places.require_remembered(connection)
        stones = places.noted() | tombstones(connection)
        places.note(stones)
        removed = _remove(connection, stones)
        if removed or _unclean(connection):
            require_all_known(connection)
            damaged: list[UUID] = []
            _clean(connection, damaged)
            _told(damaged)
    return len(removed)


def rotate(*, at: datetime, master: bool = False, skip_damaged: bool = False) -> Rotated:
    """A new epoch, with `master` also a new master key; every key is wrapped anew, no case is touched.

    A rotation that was begun and killed is finished instead of beginning another. Share sets of an earlier master
    key expire. A row that was changed stops it, unless such rows are to be skipped.
    """
    require_epoch_file()
    if master and not settings.MASTER_KEY_FILE:
        raise DomainError(
            "master_not_a_file",
            "The master key is not in a file of this system. Put the new one first where it is kept, then rotate.",
        )
    with store_locked() as connection:
        places.require_remembered(connection)
        require_all_known(connection)
        damaged: list[UUID] | None = [] if skip_damaged else None
        begun, master_begun = len(epochs()) > 1, len(masters()) > 1
        moved, written = finish(connection, damaged) if begun or master_begun else (0, [])
        master = master and not master_begun
        if master or not (begun or master_begun) or _unclean(connection):
            further, written = _renew(connection, damaged, master=master)
            moved += further
        if connection.execute(EXPIRE, [at, at, master_id(masters()[0])]).rowcount:
            written = places.copy(connection, epochs())
    return Rotated(moved, written, begun or master_begun, _told(damaged or []))


def tombstones(connection: psycopg.Connection) -> places.Stones:
    """The store's own list."""
    return dict(connection.execute("SELECT case_id, destroyed_at FROM reports_tombstone").fetchall())


def bury(connection: psycopg.Connection, stones: Mapping[UUID, datetime]) -> None:
    """Tombstones in the store's own list; those already there stay as they are."""
    connection.execute(BURY, [list(stones), list(stones.values())])


def _remove(connection: psycopg.Connection, stones: Mapping[UUID, datetime]) -> list[str]:
    """Tombstones and no rows: both or neither. The classes of the keys that went, once for each."""
    cases = list(stones)
    with connection.transaction():
        # Waits for additions under way, so that none slips past the tombstone.
        connection.execute(ADDITIONS_WAIT)
        bury(connection, stones)
        removed = connection.execute(REMOVE_KEYS, [cases]).fetchall()
        people = connection.execute(REMOVE_PEOPLE, [cases]).fetchall()
        touched = [row[0] for row in (*removed, *people)]
        connection.execute("UPDATE reports_tombstone SET clean = false WHERE case_id = ANY (%s)", [touched])
    return [kind for _, kind in removed]


def _unclean(connection: psycopg.Connection) -> bool:
    found = connection.execute("SELECT EXISTS (SELECT 1 FROM reports_tombstone WHERE NOT clean)").fetchone()
    return bool(found and found[0])


def _told(damaged: list[UUID]) -> list[UUID]:
    """The rows, said in the log too: somebody wrote into the key store, or its disk fails."""
    if damaged:
        said = {"count": len(damaged), "rows": [str(row) for row in damaged]}
        logging.getLogger("sapr").error("keys_damaged", extra={"fields": said})
    return damaged


def _clean(connection: psycopg.Connection, damaged: Damaged) -> tuple[int, list[str]]:
    """See to it that no old byte brings a removed key back."""
    # A rotation that was killed may have wrapped the removed keys under the newest epoch already: it ends first.
    begun, _ = finish(connection, damaged) if len(epochs()) > 1 else (0, [])
    moved, written = _renew(connection, damaged)
    return begun + moved, written


def _renew(
    connection: psycopg.Connection, damaged: Damaged, *, master: bool = False
) -> tuple[int, list[str]]:
    add_epoch()
    if master:
        add_master()
    moved, written = finish(connection, damaged)
    connection.execute("UPDATE reports_tombstone SET clean = true WHERE NOT clean")
    return moved, written
