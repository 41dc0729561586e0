"""A backup of the case database, and its way back: closed until every destroyed key is destroyed again.

The key store is not in it and has no history: a restored backup is opened by the keys that there are now.
"""

import os
from hashlib import file_digest
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from reports.ledger import checkpoints, exporting
from reports.ledger.services import append_system
from reports.ledger.verifier import BrokenFileError, Verifier
from reports.vault import copies, store
from sapr import clock, pgtools
from sapr.errors import DomainError
from sapr.signin import in_database

GUESTS = ("web", "worker")


def backup(to: Path) -> dict[str, Any]:
    """Write the whole case database into a new file, readable by its owner alone, and copy the key store to its places.

    Returns the file's size and SHA-256, and how many copies of the key store were written.
    """
    try:
        os.close(os.open(to, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        raise DomainError(
            "file_exists", "There is a file of this name already. Name another.", path="to"
        ) from None
    except OSError:
        raise DomainError("unwritable", "This file cannot be written. Check the folder.", path="to") from None
    try:
        pgtools.run("pg_dump", ["--format=custom", f"--file={to}"], url=_url())
    except BaseException:
        to.unlink()
        raise
    # Keys without their cases open nothing, cases without their keys neither: both are as of now.
    places = copies.copy() if settings.KEY_STORE_PLACES else []
    return {"bytes": to.stat().st_size, "sha256": _sha256(to), "key_store_copies": len(places)}


def restore(source: Path) -> dict[str, Any]:
    """Fill the empty case database from a backup; nobody is let in before the tombstones were replayed.

    Killed or failed on the way, the database stays closed to web and worker: empty it and start again.
    """
    digest = _sha256(source)
    with psycopg.connect(_url().replace("postgres://", "postgresql://", 1), autocommit=True) as admin:
        if admin.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1").fetchone():
            raise DomainError(
                "not_empty", "The database is not empty. Restore into a new one (manage.py roles)."
            )
        closed = sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(admin.info.dbname))
        admin.execute(closed)
        _doors(admin, "REVOKE CONNECT ON DATABASE {} FROM {}")
        pgtools.run("pg_restore", ["--exit-on-error", "--dbname", admin.info.dbname, str(source)], url=_url())
        tombstones = store.replay_tombstones()
        events = _verified()
        told = {"sha256": digest, "tombstones": tombstones}
        append_system(kind="database_restored", actor=None, at=clock.now(), data=told)
        _doors(admin, "GRANT CONNECT ON DATABASE {} TO {}")
    return told | {"events": events, "checkpoints_ahead": checkpoints.ahead_outside()}


def _url() -> str:
    """The administrator's way into the case database: the owner is bound by row-level security and sees no case."""
    if not settings.ADMIN_DATABASE_URL:
        raise DomainError(
            "no_admin_url",
            "Set ADMIN_DATABASE_URL to an account that may read every row, then type this again.",
        )
    return in_database(settings.ADMIN_DATABASE_URL, connection.settings_dict["NAME"])


def _doors(admin: psycopg.Connection, statement: str) -> None:
    name = sql.Identifier(admin.info.dbname)
    for role in GUESTS:
        admin.execute(sql.SQL(statement).format(name, sql.Identifier(settings.ROLE_NAMES[role])))


def _verified() -> int:
    """How many events there are; refuses to open a ledger that does not hold."""
    keys = [checkpoints.public_key()] if settings.CHECKPOINT_KEY else []
    verifier = Verifier(keys, None)
    try:
        broken = bool(verifier.read(exporting.export_lines(case_id=None)).bad)
    except BrokenFileError:
        broken = True
    if broken:
        raise DomainError(
            "ledger_broken",
            "The backup's ledger does not hold, so the database stays closed. Try an older backup.",
        )
    return verifier.events


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        raise DomainError("unreadable", "This file cannot be read. Check its name.", path="from") from None
