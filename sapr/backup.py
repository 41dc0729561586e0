"""A backup of the case database, and its way back: closed until every destroyed key is destroyed again.

The key store is not in it and has no history: a restored backup is opened by the keys that there are now.
"""

import os
import secrets
from hashlib import file_digest
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, connections
from psycopg import sql

from reports.ledger import checkpoints, exporting
from reports.ledger.models import Event
from reports.ledger.services import append, append_system
from reports.ledger.verifier import BrokenFileError
from reports.vault import copies, store
from sapr import clock, pgtools, sessions
from sapr.errors import DomainError
from sapr.signin import as_owner, in_database

GUESTS = ("web", "worker")


def backup(to: Path) -> dict[str, Any]:
    """Write the whole case database into a new file, readable by its owner alone, and copy the key store to its places.

    Returns the file's size and SHA-256, and how many copies of the key store were written. Until it is whole the
    file has another name.
    """
    part = to.with_name(f"{to.name}.part")
    if to.exists():
        raise DomainError("file_exists", "There is a file of this name already. Name another.", path="to")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError:
        raise DomainError(
            "unwritable", f"{part.name} cannot be written or is there already. Check the folder.", path="to"
        ) from None
    try:
        # Rights on the catalog are the server's own: one of another version knows other functions.
        # What is unlogged are drafts: they are in no backup.
        words = [
            "--format=custom", "--exclude-schema=pg_catalog", "--no-unlogged-table-data", f"--file={part}",
        ]  # fmt: skip
        pgtools.run("pg_dump", words, url=_url())
        part.rename(to)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    # Keys without their cases open nothing, cases without their keys neither: both are as of now.
    places = copies.copy() if settings.KEY_STORE_PLACES else []
    return {"bytes": to.stat().st_size, "sha256": _sha256(to), "key_store_copies": len(places)}


def restore(source: Path, *, aside: bool = False) -> dict[str, Any]:
    """Fill an empty case database from a backup; nobody is let in before tombstones were replayed and all verified.

    `aside`: the present database is kept under another name and an empty one takes its place. Killed or refused on
    the way, the database is marked and stays closed to web and worker, whatever `roles` is asked.
    """
    digest = _sha256(source)
    # First, so that an unreachable place of the key store is known before anything is moved.
    tombstones = store.replay_tombstones()
    kept_as = _make_room(aside)
    with psycopg.connect(pgtools.libpq(_url()), autocommit=True) as admin:
        _mark(admin, pgtools.UNFINISHED)
        everybody = sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC")
        admin.execute(everybody.format(sql.Identifier(admin.info.dbname)))
        _doors(admin, "REVOKE CONNECT ON DATABASE {} FROM {}")
        pgtools.run("pg_restore", ["--exit-on-error", "--dbname", admin.info.dbname, str(source)], url=_url())
        events = _verified()
        told = {"sha256": digest, "tombstones": tombstones, "certified": _certify_again()}
        append_system(kind="database_restored", actor=None, at=clock.now(), data=told)
        sessions.hide_counters(admin, settings.ROLE_NAMES["owner"])
        _mark(admin, "")
        _doors(admin, "GRANT CONNECT ON DATABASE {} TO {}")
    return told | {
        "events": events,
        "kept_as": kept_as,
        "checkpoints_ahead": checkpoints.ahead_outside(),
    }


def _make_room(aside: bool) -> str:
    """See to an empty database; under which name the present one is kept ('' when it was empty)."""
    name = connection.settings_dict["NAME"]
    connections.close_all()
    with psycopg.connect(pgtools.libpq(_url()), autocommit=True) as admin:
        empty = not admin.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1").fetchone()
    if empty:
        return ""
    if not aside:
        raise DomainError(
            "not_empty",
            "The database is not empty. With --aside it is kept under another name and an empty one takes its place.",
        )
    kept_as = f"{name[:40]}_aside_{secrets.token_hex(4)}"
    with psycopg.connect(
        pgtools.libpq(in_database(settings.ADMIN_DATABASE_URL, "postgres")), autocommit=True
    ) as admin:
        try:
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            admin.execute(rename.format(sql.Identifier(name), sql.Identifier(kept_as)))
        except psycopg.errors.ObjectInUse:
            raise DomainError(
                "database_in_use",
                "Somebody is connected to the database. Stop web and worker first.",
                status=409,
            ) from None
        create = sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0")
        admin.execute(create.format(sql.Identifier(name), sql.Identifier(settings.ROLE_NAMES["owner"])))
    return kept_as


def _mark(admin: psycopg.Connection, text: str) -> None:
    comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
    admin.execute(comment.format(sql.Identifier(admin.info.dbname), sql.Literal(text or None)))


def _certify_again() -> int:
    """The backup knows nothing of what was erased after it: each such case gets its certificate again."""
    with as_owner("keys") as keys:
        stones = store.tombstones(keys)
    erased = set(
        Event.objects.filter(kind="case_erased", case_id__in=stones).values_list("case_id", flat=True)
    )
    known = Event.objects.filter(case_id__in=stones, seq=1).values_list("case_id", flat=True)
    missing = sorted(set(known) - erased)
    for case_id in missing:
        data = {"before_this_restore": True, "destroyed_at": stones[case_id].isoformat()}
        append(case_id=case_id, kind="case_erased", actor=None, at=clock.now(), data=data)
    return len(missing)


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
    verifier = checkpoints.verifier_here()
    try:
        broken = bool(verifier.read(exporting.export_lines(case_id=None)).bad)
    except BrokenFileError:
        broken = True
    if clock.kind() != settings.KIND:
        raise DomainError(
            "other_kind",
            f"The backup is of a database of the kind '{clock.kind()}', this installation is '{settings.KIND}'. It "
            "stays closed.",
        )
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
