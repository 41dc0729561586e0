"""Writing the key store to its places, and filling an empty one from a place."""

import json
import logging
from datetime import datetime
from pathlib import Path
from uuid import UUID

import psycopg
from psycopg import sql

from reports.vault import keyfiles, places
from reports.vault.master import epochs
from reports.vault.rewrap import require_all_known, require_epoch_file, store_locked
from reports.vault.store import bury, tombstones
from sapr.errors import DomainError

FILL = sql.SQL("INSERT INTO {0} SELECT * FROM json_populate_recordset(NULL::{0}, %s)")
HOLDS_KEYS = "SELECT EXISTS (SELECT 1 FROM reports_wrappedkey) OR EXISTS (SELECT 1 FROM reports_personindex)"


def copy() -> list[str]:
    """Write the key store as it stands to every place; their names."""
    with store_locked() as connection:
        return places.copy(connection, epochs())


def forget_place(place: Path) -> None:
    """A place that is gone for good holds no copy any more: rotation and erasure go on without it."""
    with store_locked() as connection:
        places.forget(connection, place)
    logging.getLogger("sapr").warning("key_place_forgotten", extra={"fields": {"place": place.name}})


def load(place: Path) -> int:
    """Fill an empty key store, and the epoch's file, from a place's copy; how many keys.

    What a tombstone of the store, the copy or any place names stays out. Needs no master key, so that a store can
    be filled before the key is recovered.
    """
    path = require_epoch_file()
    with store_locked() as connection:
        if connection.execute(HOLDS_KEYS).fetchone()[0]:
            raise DomainError(
                "not_empty", "The key store holds keys already. A copy fills an empty one only."
            )
        kept, rows = places.read(place)
        named = [row for table, row in rows if table == "reports_tombstone"]
        stones = {UUID(row["case_id"]): datetime.fromisoformat(row["destroyed_at"]) for row in named}
        stones |= places.noted() | tombstones(connection)
        # On disk before any row needs it. An empty store needs no epoch, so the present one may go.
        keyfiles.write(path, kept)
        with connection.transaction():
            # A copy made in the middle of a rotation holds rows under two wrapping keys.
            _accept_any(connection, True)
            bury(connection, stones)
            loaded = _insert(connection, rows, {str(case) for case in stones})
            _accept_any(connection, False)
        places.note(stones)
    return loaded


def load_epoch(place: Path) -> None:
    """Bring the epoch's file back from a place's copy, for a key store that is whole; refused when it does not fit."""
    path = require_epoch_file()
    with store_locked() as connection:
        kept, _ = places.read(place)
        require_all_known(connection, kept)
        keyfiles.write(path, kept)


def _accept_any(connection: psycopg.Connection, any_: bool) -> None:
    for table in ("reports_wrappedkey", "reports_personindex"):
        change = (
            "ALTER TABLE {} DISABLE TRIGGER accepted" if any_ else "ALTER TABLE {} ENABLE TRIGGER accepted"
        )
        connection.execute(sql.SQL(change).format(sql.Identifier(table)))


def _insert(connection: psycopg.Connection, rows: list[places.Row], dead: set[str]) -> int:
    loaded = 0
    for table in places.TABLES:
        living = [row for name, row in rows if name == table and row.get("case_id") not in dead]
        connection.execute(FILL.format(sql.Identifier(table)), [json.dumps(living)])
        loaded += len(living) if table == "reports_wrappedkey" else 0
    return loaded
