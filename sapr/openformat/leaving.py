"""Making an open export: agreed on by two persons, opened on the record, encrypted for one reader."""

import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pyrage
from django.db import connection, connections, transaction
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.json import Jsonb

from reports.exports.models import Export, ExportKind, ExportState
from reports.exports.services import recipient_check
from reports.ledger.exporting import new_file
from reports.ledger.models import SYSTEM_CHAIN
from reports.ledger.services import append_system
from sapr import clock, pgtools
from sapr.backup import admin_url
from sapr.errors import DomainError
from sapr.openformat import writing
from sapr.openformat.cut import Cut
from sapr.openformat.ring import Ring
from sapr.openformat.tables import tables
from sapr.signin import as_owner

CASES_AT_ONCE = 500
# Which sealed columns of a case hold something.
SEALED_OF = sql.SQL("SELECT case_id, %s::text FROM {table} WHERE case_id = ANY (%s) AND {column} IS NOT NULL")
SAY = """
INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)
SELECT said.id, said.case_id, 'sealed_exported', %s, NULL, said.data
FROM unnest(%s::uuid[], %s::uuid[], %s::jsonb[]) AS said (id, case_id, data) ORDER BY said.case_id
"""


def approved(export_id: UUID, recipient: str) -> Export:
    """The request that two persons agreed on, for this reader, while it holds; DomainError `not_approved`."""
    row = Export.objects.filter(pk=export_id, kind=ExportKind.OPEN, state=ExportState.APPROVED).first()
    if row is None or row.look_at <= clock.now():
        raise DomainError(
            "not_approved",
            "Two persons have not agreed to this, or its time is over. A programme manager asks for it on the page "
            "Exports, another one approves it; the page of the request shows its number.",
            path="export",
        )
    if row.recipient != recipient:
        raise DomainError(
            "other_recipient",
            "It was approved for another reader's key. Name that key, or ask for a new one.",
            path="recipient",
        )
    return row


@contextmanager
def as_admin() -> Iterator[None]:
    """Django signs in as the database's administrator for the block: the owner is bound by row-level security."""
    own = connections["default"]
    told = conninfo_to_dict(pgtools.libpq(admin_url()))
    login = {name.upper(): str(told[name]) for name in ("host", "port", "user", "password") if told.get(name)}
    admin = type(own)({**own.settings_dict, **login}, alias="default")
    connections["default"] = admin
    try:
        yield
    finally:
        connections["default"] = own
        admin.close()


@contextmanager
def snapshot() -> Iterator[Ring]:
    """Cases and keys as they stand at one moment, for the block."""
    with transaction.atomic(), as_owner("keys") as store, store.transaction():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        store.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield Ring(store)


def open_export(to: Path, *, export_id: UUID, recipient: str, cut: Cut | None = None) -> dict[str, Any]:
    """Write everything into a new file that the holder of a key can read, and nobody else; what was written.

    On record before anything is opened: in the chain of each case what of it leaves. The file appears once it is whole
    and the request is marked as done.
    """
    reader = recipient_check(recipient)
    row = approved(export_id, reader)
    with as_admin(), new_file(to) as file:
        if cut:
            cut.require_there()
        _say_on_cases(row.pk, clock.now())
        told = _written(file, reader, cut)
        _mark_done(row.pk, told)
    return told | {"bytes": to.stat().st_size}


def checked(cut: Cut | None = None) -> dict[str, Any]:
    """Count over again: the same bytes, into nothing but their SHA-256. That it was done is on record."""
    with as_admin():
        if cut:
            cut.require_there()
        # Before anything is opened, and behind any cut.
        append_system(
            kind="open_checked", actor=None, at=clock.now(), data={"cut": str(cut) if cut else None}
        )
        return _read_through(cut, lambda _lines: None)


def _written(file: Any, reader: str, cut: Cut | None) -> dict[str, Any]:
    recipients = [pyrage.x25519.Recipient.from_str(reader)]
    return _read_through(cut, lambda lines: pyrage.encrypt_io(Stream(lines), file, recipients))


def _read_through(cut: Cut | None, sink: Callable[[Iterator[bytes]], None]) -> dict[str, Any]:
    """Twice in one snapshot: once to count, for the first line, and once for the sink."""
    digest, count = hashlib.sha256(), 0

    def lines(cut: Cut, ring: Ring) -> Iterator[bytes]:
        nonlocal count
        for line in everything(cut, ring, latest=True):
            digest.update(line)
            count += 1
            yield line

    with snapshot() as ring:
        upto = cut or Cut(clock.now())
        all_lines = lines(upto, ring)
        sink(all_lines)
        for _ in all_lines:
            pass
    return {"sha256": digest.hexdigest(), "lines": count, "cut": str(upto)}


def everything(cut: Cut, ring: Ring, *, latest: bool = False) -> Iterator[bytes]:
    """Every line of the file; to be read in one snapshot."""
    yield writing.manifest(cut, ring, latest=latest)
    for _, rows in writing.body(cut, ring):
        yield from rows


class Stream(io.RawIOBase):
    """Lines as a file to read from, some bytes at a time."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines, self._left = lines, b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        parts, have = [self._left], len(self._left)
        while have < size and (line := next(self._lines, None)) is not None:
            parts.append(line)
            have += len(line)
        whole = b"".join(parts)
        self._left = whole[size:]
        return whole[:size]


def _say_on_cases(export_id: UUID, at: datetime) -> None:
    """In the chain of each case: which of its sealed parts leave. Some cases at a time, each time for good."""
    last, sealed = UUID(int=0), [each for each in tables().values() if each.sealed and each.of_case]
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM reports_case WHERE id > %s ORDER BY id LIMIT %s", [last, CASES_AT_ONCE]
            )
            cases = [case for (case,) in cursor.fetchall()]
            if not cases:
                return
            held: dict[UUID, set[str]] = {}
            for table in sealed:
                for column in table.sealed:
                    named = {"table": sql.Identifier(table.name), "column": sql.Identifier(column)}
                    cursor.execute(SEALED_OF.format(**named), [table.field(column).label, cases])
                    for case, label in cursor.fetchall():
                        held.setdefault(case, set()).add(label)
            data = [Jsonb({"export": str(export_id), "what": sorted(held[case])}) for case in sorted(held)]
            cursor.execute(SAY, [at, [uuid4() for _ in held], sorted(held), data])
            last = cases[-1]


def _mark_done(export_id: UUID, told: dict[str, Any]) -> None:
    """Once: of two commands at the same moment one finds it done already."""
    with as_owner() as owner, owner.transaction():
        done = owner.execute(
            "UPDATE reports_export SET state = 'downloaded', digest = %s WHERE id = %s AND state = 'approved'",
            [told["sha256"], export_id],
        )
        if done.rowcount != 1:
            raise DomainError("already_decided", "This export was made already, or ran out.", status=409)
        _say(owner, "export_downloaded", {"export": str(export_id), **told})


def _say(owner: psycopg.Connection, kind: str, data: dict[str, Any]) -> None:
    owner.execute(
        "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)"
        " VALUES (gen_random_uuid(), %s, %s, sapr_now(), NULL, %s)",
        [SYSTEM_CHAIN, kind, Jsonb(data)],
    )
