"""A backup of the case database, and its way back: closed until every destroyed key is destroyed again.

The key store is not in it and has no history: a restored backup is opened by the keys that there are now.
"""

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
from sapr.models import Kind, UpkeepKind
from sapr.operating import schema, sealing, upkeep
from sapr.operating.shutting import IN_USE, shut
from sapr.signin import as_owner, in_database

# Rights on the catalog are the server's own: one of another version knows other functions.
# What is unlogged are drafts: they are in no backup.
DUMPED = ("--format=custom", "--exclude-schema=pg_catalog", "--no-unlogged-table-data")


def backup(to: Path, *, whole_server: bool = False) -> dict[str, Any]:
    """Write the case database into a new file, readable by its owner alone, and copy the key store to its places.

    `whole_server`: instead all files of the database server, from which `sapr.operating.instants` gets to any later
    instant. Encrypted where SAPR_BACKUP_RECIPIENTS names somebody. Returns the file's size and SHA-256, whether it is
    encrypted, and how many copies of the key store were written. Until it is whole the file has another name.
    """
    if whole_server:
        _require_keys_elsewhere()
        # One stream, with the log that makes it consistent.
        tool, words = (
            "pg_basebackup",
            ["--pgdata=-", "--format=tar", "--wal-method=fetch", "--checkpoint=fast"],
        )
    else:
        tool, words = "pg_dump", [*DUMPED]
    with sealing.new_file(to) as file, pgtools.piped(tool, words, url=admin_url()) as said:
        sealed = sealing.seal(said, file)
    # Keys without their cases open nothing, cases without their keys neither: both are as of now.
    places = copies.copy() if settings.KEY_STORE_PLACES else []
    upkeep.note(UpkeepKind.BACKUP)
    told = {"bytes": to.stat().st_size, "sha256": _sha256(to), "encrypted": sealed}
    return told | {"key_store_copies": len(places)}


def restore(source: Path, *, aside: bool = False, identity: Path | None = None) -> dict[str, Any]:
    """Fill an empty case database from a backup; nobody is let in before tombstones were replayed and all verified.

    `aside`: the present database is kept under another name and an empty one takes its place. `identity`: the file of
    the secret key of an encrypted backup. Killed or refused on the way, the database is marked and stays closed to web
    and worker, whatever `roles` is asked. It is let in on hold: nothing is placed or sent until `release`.
    """
    digest = _sha256(source)
    # First, so that an unreachable place of the key store is known before anything is moved.
    tombstones = store.replay_tombstones()
    kept_as = _make_room(aside)
    with psycopg.connect(pgtools.libpq(admin_url()), autocommit=True) as admin, shut(admin):
        words = ["--exit-on-error", "--dbname", admin.info.dbname]
        with pgtools.piped("pg_restore", words, url=admin_url(), takes=True) as listens:
            sealing.open_into(source, listens, identity)
        # One of an earlier version comes to this one first.
        if schema.pending():
            schema.migrate()
        upkeep.hold(admin)
        events = _verified()
        upkeep.note(UpkeepKind.VERIFIED)
        told = {"sha256": digest, "tombstones": tombstones, "certified": _certify_again()}
        append_system(kind="database_restored", actor=None, at=clock.now(), data=told)
        sessions.hide_counters(admin, settings.ROLE_NAMES["owner"])
    return told | {
        "events": events,
        "kept_as": kept_as,
        "checkpoints_ahead": checkpoints.ahead_outside(),
    }


def _require_keys_elsewhere() -> None:
    """All files of a server hold its every database, as of then: the key store has no history and is in no backup."""
    case, keys = (connections[store].settings_dict for store in ("default", "keys"))
    same = (case["HOST"], case["PORT"]) == (keys["HOST"], keys["PORT"])
    if same and settings.KIND == Kind.REAL:
        raise DomainError(
            "keys_beside",
            "The key store stands on the same server and would be in this backup. Give it a server of its own first.",
        )


def _make_room(aside: bool) -> str:
    """See to an empty database; under which name the present one is kept ('' when it was empty)."""
    name = connection.settings_dict["NAME"]
    connections.close_all()
    with psycopg.connect(pgtools.libpq(admin_url()), autocommit=True) as admin:
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
            raise IN_USE from None
        create = sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0")
        admin.execute(create.format(sql.Identifier(name), sql.Identifier(settings.ROLE_NAMES["owner"])))
    return kept_as


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


def admin_url() -> str:
    """The administrator's way into the case database: the owner is bound by row-level security and sees no case."""
    if not settings.ADMIN_DATABASE_URL:
        raise DomainError(
            "no_admin_url",
            "Set ADMIN_DATABASE_URL to an account that may read and write every row, then type this again.",
        )
    return in_database(settings.ADMIN_DATABASE_URL, connection.settings_dict["NAME"])


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
