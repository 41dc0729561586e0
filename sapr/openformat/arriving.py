"""An open export into an empty system: all of it, verified, or nothing (docs/openformat.md)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
import pyrage
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from psycopg import sql

from reports.ledger import exporting
from reports.ledger.services import append_system
from reports.ledger.verifier import BrokenFileError, Verifier
from reports.vault import copies
from reports.vault.rewrap import store_locked
from sapr import clock, pgtools
from sapr.backup import admin_url
from sapr.errors import DomainError
from sapr.models import Kind, UpkeepKind
from sapr.openformat.cut import Cut
from sapr.openformat.leaving import as_admin, everything
from sapr.openformat.lines import ImportRefusedError, Lines
from sapr.openformat.loading import Loader
from sapr.openformat.ring import NewRing
from sapr.openformat.tables import EVENTS, tables
from sapr.operating import upkeep
from sapr.operating.shutting import shut
from sapr.sql import directory_fields

AT_ONCE = 500
# What an empty system holds already: that it was prepared, and the way of the constant mail. The file brings its own.
OWN = {EVENTS: sql.SQL("kind = 'database_prepared'"), "notifications_channel": sql.SQL("kind = 'mail'")}
STORE_IN_USE = """SELECT EXISTS (SELECT FROM reports_wrappedkey) OR EXISTS (SELECT FROM reports_tombstone)
                         OR EXISTS (SELECT FROM reports_personindex)"""
TRIGGERS = (
    "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2"
)
STRAY = sql.SQL("""SELECT EXISTS (SELECT FROM {table} r WHERE r.{column} IS NOT NULL
                   AND NOT EXISTS (SELECT FROM {there} d WHERE d.id = r.{column}))""")
BROKEN_CUSTODY = "SELECT count(*) FROM reports_kitcard c WHERE sapr_custody_broken(c.id) IS NOT NULL"


def open_import(source: Path, *, identity: Path, keys: list[bytes] | None = None) -> dict[str, Any]:
    """Fill this system, which is empty, from a file for the holder of a key; what came in.

    `identity`: the reader's secret key. `keys`: public keys that the checkpoints in it must be signed with, the newest
    first; without them signatures are not looked at. Refused as a whole (`import_refused`) when a line is wrong, when
    the ledger does not hold, or when the system would not give the same bytes again. It comes in on hold, as a restored
    one: nothing is placed or sent until `release`.
    """
    reader = _identity(identity)
    with as_admin(), store_locked() as store:
        # First, so that a system that holds something is not shut.
        replaced = _require_empty(store)
        with (
            psycopg.connect(pgtools.libpq(admin_url()), autocommit=True) as admin,
            shut(admin),
            store.transaction(),
            transaction.atomic(),
        ):
            told = _filled(source, reader, NewRing(store), keys or [])
            append_system(
                kind="open_imported", actor=None, at=clock.now(), data=told | {"replaced_events": replaced}
            )
    if settings.KEY_STORE_PLACES:
        copies.copy()
    return told


def _filled(source: Path, reader: pyrage.x25519.Identity, ring: NewRing, keys: list[bytes]) -> dict[str, Any]:
    upkeep.hold(connection.connection)
    loader = Loader(ring)
    lines = loader.lines = Lines(clock.kind(), loader.take, AT_ONCE)
    with _restoring():
        _clear()
        try:
            with source.open("rb") as file:
                pyrage.decrypt_io(file, lines, [reader])
        except (pyrage.DecryptError, OSError):
            # Also of a file that was cut off or changed: it is sealed piece by piece.
            raise DomainError(
                "not_for_this_key", "This file cannot be read with this key: it is another's, cut off or changed.",
                path="file",
            ) from None  # fmt: skip
        lines.end()
        loader.finish()
        _require_references()
    cut = Cut.read(str(lines.head["cut"]))
    _require_later(cut)
    events = _require_ledger(keys)
    upkeep.note(UpkeepKind.VERIFIED)
    digest = lines.digest.hexdigest()
    again = sha256()
    for line in everything(cut, ring):
        again.update(line)
    if again.hexdigest() != digest:
        raise ImportRefusedError([{"line": 0, "code": "not_the_same_again"}])
    return {"sha256": digest, "lines": lines.number, "cut": str(cut), "events": events}


def _identity(path: Path) -> pyrage.x25519.Identity:
    try:
        found = [line.strip() for line in path.read_text().splitlines() if line.strip() and line[0] != "#"]
        return pyrage.x25519.Identity.from_str(found[0])
    except (OSError, IndexError, UnicodeDecodeError, pyrage.IdentityError):
        raise DomainError(
            "bad_identity",
            "Name the file with the secret key of the reader, as age-keygen wrote it.",
            path="identity",
        ) from None


def _require_empty(store: psycopg.Connection) -> int:
    """Refuse a system that holds anything; how many events of its own the file's will stand in the place of."""
    if store.execute(STORE_IN_USE).fetchone() == (True,):
        raise DomainError("not_empty", "The key store holds keys already. Use an empty one.", status=409)
    with connection.cursor() as cursor:
        for table in tables().values():
            if table.store:
                continue
            own = OWN.get(table.name, sql.SQL("false"))
            there = sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE NOT ({}))")
            cursor.execute(there.format(sql.Identifier(table.name), own))
            if cursor.fetchone()[0]:
                raise DomainError(
                    "not_empty",
                    "This system is not empty. Make a new database and a new key store, prepare them, import there.",
                    status=409,
                )
        cursor.execute("SELECT count(*) FROM reports_event")
        return cursor.fetchone()[0]


@contextmanager
def _restoring() -> Iterator[None]:
    """Rows come in as they were: no trigger of ours dates, numbers or refuses one, within this transaction alone.

    The administrator turns them off for its own, uncommitted, transaction and holds the tables; constraints and
    references are checked as always. Web and worker account can do none of this.
    """
    written = [each.name for each in tables().values() if not each.store] + ["reports_chainhead"]
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS)
        before = cursor.fetchall()
        for table in written:
            cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
        yield
        for table in written:
            cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(table)))
        cursor.execute(TRIGGERS)
        if cursor.fetchall() != before:
            raise DomainError("trigger_changed", "A trigger would not be as it was, so nothing was imported.")


def _clear() -> None:
    with connection.cursor() as cursor:
        for table in (*OWN, "reports_chainhead"):
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))


def _require_references() -> None:
    """Foreign keys, and what points into the directory without one."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except DatabaseError as error:
        named = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
        raise ImportRefusedError([{"line": 0, "code": "missing_reference", "constraint": named}]) from None
    written = {each.name for each in tables().values()}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            for field in directory_fields(model) if table in written else ():
                named = {"table": table, "column": field.column, "there": field.related_model._meta.db_table}
                cursor.execute(STRAY.format(**{name: sql.Identifier(each) for name, each in named.items()}))
                if cursor.fetchone()[0]:
                    told = {"line": 0, "code": "missing_reference", "table": table, "column": field.column}
                    raise ImportRefusedError([told])


def _require_later(cut: Cut) -> None:
    """This system's clock stands behind the cut; an invented one's is moved there."""
    if clock.now() > cut.at:
        return
    if clock.kind() == Kind.REAL:
        raise DomainError(
            "clock_behind", "This server's clock stands before the file was made. Set it right."
        )
    clock.move(cut.at + timedelta(seconds=1))


def _require_ledger(keys: list[bytes]) -> int:
    """Every chain and every checkpoint, and the custody of every kit, by their own checks."""
    verifier = Verifier(keys, by_earlier_key=True)
    try:
        broken = bool(verifier.read(exporting.lines_here()).bad)
    except BrokenFileError:
        broken = True
    if broken:
        raise ImportRefusedError([{"line": 0, "code": "ledger_broken"}])
    with connection.cursor() as cursor:
        cursor.execute(BROKEN_CUSTODY)
        if cursor.fetchone()[0]:
            raise ImportRefusedError([{"line": 0, "code": "custody_broken"}])
    return verifier.events
