"""Wrapping every key anew, in batches. A kill at any point leaves a store that opens; the next call finishes.

The order makes it so: the new secret is on disk, beside the old one, before the key store names its wrapping key as
the one in use; the old secret is destroyed after no row and no copy needs it.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import psycopg
from django.conf import settings
from psycopg import sql
from psycopg.errors import LockNotAvailable

from reports.vault import keyfiles, places
from reports.vault.errors import VaultLockedError
from reports.vault.master import epochs, masters
from reports.vault.models import NO_CASE
from reports.vault.wrapping import Wrapping, available
from sapr.errors import DomainError
from sapr.signin import as_owner

BATCH = 5_000
PATIENCE = "60s"
LOCK = 0x5A9F_4B45_5953  # of rotations, erasures and copies: one at a time
KEYS_LEFT = "SELECT id, case_id, sensitivity, kek_id, wrapped FROM reports_wrappedkey WHERE kek_id <> ALL (%s) LIMIT %s"
KEYS_SET = """UPDATE reports_wrappedkey old SET kek_id = %s, wrapped = new.wrapped
              FROM unnest(%s::uuid[], %s::bytea[]) AS new (id, wrapped) WHERE old.id = new.id"""
SET_ASIDE = "UPDATE reports_wrappedkey SET kek_id = %s WHERE id = ANY (%s)"
PEOPLE_LEFT = "SELECT case_id, kek_id, digest FROM reports_personindex WHERE kek_id <> %s LIMIT %s"
PEOPLE_SET = """UPDATE reports_personindex old SET kek_id = %s, digest = new.digest
                FROM unnest(%s::uuid[], %s::bytea[]) AS new (case_id, digest)
                WHERE old.case_id = new.case_id AND old.kek_id <> %s"""
# What a draft's key is bound to beside its id.
DRAFT = "draft"
# Stands in the place of a wrapping key's name at a row whose bytes were changed and that was set aside.
DAMAGED = "damaged"
DRAFTS_LEFT = "SELECT id, kek_id, wrapped FROM reports_draftkey WHERE kek_id <> %s"
DRAFT_SET = "UPDATE reports_draftkey SET kek_id = %s, wrapped = %s WHERE id = %s"
DRAFTS_DROP = "DELETE FROM reports_draftkey WHERE id = ANY (%s)"
NAMES = "SELECT kek_id FROM reports_wrappedkey UNION SELECT kek_id FROM reports_personindex"
ADDITIONS_WAIT = (
    "LOCK TABLE reports_wrappedkey, reports_personindex, reports_draftkey IN SHARE ROW EXCLUSIVE MODE"
)
IN_USE = """INSERT INTO reports_currentwrapping (id, kek_id) VALUES (%s, %s)
            ON CONFLICT (id) DO UPDATE SET kek_id = excluded.kek_id"""

# Where an act notes the rows that it set aside; None: it refuses instead.
Damaged = list[UUID] | None


@contextmanager
def store_locked() -> Iterator[psycopg.Connection]:
    """The key store as its owner, with no other rotation, erasure or copy beside; waits for its turn.

    Refused when somebody holds a table for so long that it cannot be rewritten; what was begun is finished next time.
    """
    with as_owner("keys") as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        connection.execute("SELECT set_config('lock_timeout', %s, false)", [PATIENCE])
        try:
            yield connection
        except LockNotAvailable:
            raise DomainError(
                "store_in_use", "The key store is in use all the time. Type this again to finish.", status=409
            ) from None


def require_epoch_file() -> Path:
    """The epoch's file; without one nothing can be destroyed for good."""
    if not settings.KEY_EPOCH_FILE:
        raise DomainError("no_epoch_file", "Name the file of the key epoch in SAPR_KEY_EPOCH_FILE.")
    return Path(settings.KEY_EPOCH_FILE)


def require_all_known(connection: psycopg.Connection, kept: tuple[bytes, ...] | None = None) -> None:
    """Refuse when a row is wrapped by a key that this process cannot make, with the file's epochs or those `kept`."""
    known = {*available(kept), DAMAGED}
    if any(name not in known for (name,) in connection.execute(NAMES)):
        raise DomainError(
            "keys_unknown",
            "Some keys of the store open under no master key and epoch of this process. Put the earlier ones back.",
        )


def add_epoch() -> None:
    """A new epoch before the present one, on disk before anything hangs on it."""
    path = require_epoch_file()
    keyfiles.write(path, (secrets.token_bytes(keyfiles.KEY_BYTES), *epochs()))


def add_master() -> None:
    """A new master key before the present one, in the master key's file."""
    path = Path(settings.MASTER_KEY_FILE)
    keyfiles.write(path, (secrets.token_bytes(keyfiles.KEY_BYTES), *masters()))


def finish(connection: psycopg.Connection, damaged: Damaged) -> tuple[int, list[str]]:
    """Bring every row and copy under the first master key and epoch, then destroy the others.

    How many rows were wrapped anew, and the names of the places. A row that does not open under the key it names is
    added to `damaged` and set aside; with None it stops the act. A key of this process's own went with that name:
    setting aside loses nothing that any key opens.
    """
    moved = move(connection, damaged)
    # Rewritten whole: the table's files keep no earlier row. (The server's log does, under the epoch that goes next.)
    for table in ("reports_wrappedkey", "reports_personindex", "reports_draftkey"):
        connection.execute(sql.SQL("VACUUM FULL {}").format(sql.Identifier(table)))
    written = places.copy(connection, epochs()[:1])
    places.clear_remnants()
    if len(epochs()) > 1:
        keyfiles.write(require_epoch_file(), epochs()[:1])
    if settings.MASTER_KEY_FILE and len(masters()) > 1:
        keyfiles.write(Path(settings.MASTER_KEY_FILE), masters()[:1])
    return moved, written


def move(connection: psycopg.Connection, damaged: Damaged) -> int:
    """Wrap by the key files' first wrapping key every row that stands under another; how many there were."""
    known = available()
    target = next(iter(known.values()))
    with connection.transaction():
        # Waits for additions under way: from here on no row comes in under another wrapping key.
        connection.execute(ADDITIONS_WAIT)
        connection.execute(IN_USE, [NO_CASE, target.kek_id])
    _drafts(connection, known, target)
    return _keys(connection, known, target, damaged) + _people(connection, known, target, damaged)


def _keys(
    connection: psycopg.Connection, known: dict[str, Wrapping], target: Wrapping, damaged: Damaged
) -> int:
    moved = 0
    while rows := connection.execute(KEYS_LEFT, [[target.kek_id, DAMAGED], BATCH]).fetchall():
        fresh: dict[UUID, bytes] = {}
        for row, case, kind, name, wrapped in rows:
            with _naming(row, damaged):
                fresh[row] = target.wrap(case, kind, known[name].unwrap(case, kind, wrapped))
        connection.execute(KEYS_SET, [target.kek_id, list(fresh), list(fresh.values())])
        connection.execute(SET_ASIDE, [DAMAGED, [row[0] for row in rows if row[0] not in fresh]])
        moved += len(fresh)
    return moved


def _people(
    connection: psycopg.Connection, known: dict[str, Wrapping], target: Wrapping, damaged: Damaged
) -> int:
    moved = 0
    while rows := connection.execute(PEOPLE_LEFT, [target.kek_id, BATCH]).fetchall():
        fresh: dict[UUID, bytes | None] = {}
        for case, name, masked in rows:
            fresh[case] = None  # a damaged one names nobody, until the number is sealed again
            with _naming(case, damaged):
                fresh[case] = masked and target.mask(known[name].unmask(masked))
        # Not those that were written anew meanwhile: the web process adds under the new wrapping key already.
        connection.execute(PEOPLE_SET, [target.kek_id, list(fresh), list(fresh.values()), target.kek_id])
        moved += len(rows)
    return moved


def _drafts(connection: psycopg.Connection, known: dict[str, Wrapping], target: Wrapping) -> None:
    """The keys of drafts. One that does not open is dropped: a draft lives for hours, and its page holds the text."""
    for row, name, wrapped in connection.execute(DRAFTS_LEFT, [target.kek_id]).fetchall():
        try:
            fresh = target.wrap(row, DRAFT, known[name].unwrap(row, DRAFT, wrapped))
        except (KeyError, VaultLockedError):
            connection.execute(DRAFTS_DROP, [[row]])
            continue
        connection.execute(DRAFT_SET, [target.kek_id, fresh, row])


@contextmanager
def _naming(row: UUID, damaged: Damaged) -> Iterator[None]:
    """A row whose bytes were changed is named: in the list, or in the refusal that stops the act."""
    try:
        yield
    except VaultLockedError:
        if damaged is None:
            raise DomainError(
                "key_damaged",
                f"Row {row} of the key store was changed and does not open. Load a copy, or go on without such rows: "
                "keys rotate --skip-damaged",
            ) from None
        damaged.append(row)
