"""The lines of an open export, one object each, in the order of the file (docs/openformat.md).

PostgreSQL spells rows (`jsonb`) and events (the hashed bytes): nothing is read and written anew on the way, so the same
rows give the same bytes. Some rows at a time are in memory, whatever their number.
"""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from django.db import connection
from psycopg import sql

from reports.vault.commitments import outdated, refusal
from reports.vault.fields import Sealed
from sapr import clock
from sapr.errors import DomainError
from sapr.openformat.cut import ENDS, Cut
from sapr.openformat.ring import Ring
from sapr.openformat.schema import schema_digest
from sapr.openformat.tables import COMMITMENTS, EVENTS, TOMBSTONES, Table, tables

FORMAT = "sapr-open/1"
ROWS_AT_ONCE = 500
# As plain JSON has no word for it: the value was there, and its key was destroyed.
ERASED = False
EVENT_ROWS = sql.SQL("""
SELECT e.case_id, e.seq, encode(e.hash, 'hex'), e.canonical, sapr_canonical(e)
FROM ({ends}) ends JOIN reports_event e ON e.case_id = ends.case_id AND e.seq <= ends.last ORDER BY e.case_id, e.seq
""").format(ends=ENDS)
CHAIN_ENDS = sql.SQL("{ends} ORDER BY case_id").format(ends=ENDS)


def spelled(value: Any) -> str:
    """JSON as PostgreSQL would space it, names in order."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def manifest(cut: Cut, ring: Ring, *, latest: bool = False) -> bytes:
    """The first line: what the file is, up to when, and of each table how many lines there are and their SHA-256.

    `latest`: hold opened values against the ledger on the way, and refuse one that is not the value sealed last.
    """
    told = []
    for table, rows in body(cut, ring, latest=latest):
        digest, count = sha256(), 0
        for line in rows:
            digest.update(line)
            count += 1
        told.append({"table": table, "lines": count, "sha256": digest.hexdigest()})
    head = {
        "line": "manifest", "format": FORMAT, "schema": schema_digest(), "kind": clock.kind(), "cut": str(cut),
        "tables": told,
    }  # fmt: skip
    return spelled(head).encode() + b"\n"


def body(cut: Cut, ring: Ring, *, latest: bool = False) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Behind the manifest: each table with its lines. To be read in one snapshot of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TimeZone = 'UTC'")
    for table in tables().values():
        yield table.name, _lines(table, cut, ring, latest)


def _lines(table: Table, cut: Cut, ring: Ring, latest: bool) -> Iterator[bytes]:
    if table.name == EVENTS:
        return _events(cut)
    if table.name == COMMITMENTS:
        return _commitments(cut, ring)
    if table.name == TOMBSTONES:
        return _tombstones(ring)
    return _rows(table, cut, ring, latest)


def _line(table: str, row: str, more: str = "") -> bytes:
    return f'{{"line": "row", "table": "{table}", "row": {row}{more}}}\n'.encode()


def _rows(table: Table, cut: Cut, ring: Ring, latest: bool) -> Iterator[bytes]:
    hidden = [*table.sealed, *table.keyed, *table.derived, *table.dropped]
    case = sql.SQL("r.case_id" if table.of_case else "NULL::uuid")
    key = sql.Identifier("r", table.key)
    select = sql.SQL(
        "SELECT (to_jsonb(r) - %(hidden)s::text[])::text, {case}, {columns} FROM {table} r {until} ORDER BY {order}"
    ).format(
        case=case,
        columns=sql.SQL(", ").join([key, *(sql.Identifier("r", each) for each in table.sealed)]),
        table=sql.Identifier(table.name),
        until=sql.SQL("WHERE {} <= %(cut)s").format(sql.Identifier("r", table.until))
        if table.until
        else sql.SQL(""),
        # By case where there is something to open: a few keys at a time do.
        order=sql.SQL(", ").join([case, key] if table.sealed else [key]),
    )
    for some in _some(select, hidden=hidden, **cut.values):
        if table.sealed:
            ring.take({row[1] for row in some if row[1]})
        for text, case_id, key, *values in some:
            if not table.sealed:
                yield _line(table.name, text)
                continue
            opened = _opened(table, ring, key, case_id, values, latest)
            yield _line(table.name, text, f', "sealed": {spelled(opened)}')


def _opened(
    table: Table, ring: Ring, key, case_id, values: list, latest: bool
) -> dict[str, str | bool | None]:
    row, found = table.row(key, case_id), {}
    for column, raw in zip(table.sealed, values, strict=True):
        if raw is None:
            found[column] = None
        elif case_id in ring.erased:
            found[column] = ERASED
        else:
            field = table.field(column)
            found[column] = field.open_under(ring.key(row.case_id, field.sensitivity), row, Sealed(raw))
    if latest and case_id is not None and case_id not in ring.erased:
        named = {table.field(column).label: value or "" for column, value in found.items()}
        if late := outdated(case_id, named):
            raise refusal(late)
    return found


def _events(cut: Cut) -> Iterator[bytes]:
    for some in _some(EVENT_ROWS, **cut.values):
        for _, seq, digest, canonical, row in some:
            if bytes(canonical) != bytes(row):
                raise DomainError(
                    "ledger_broken",
                    f"Event {seq} of a chain was changed: nothing is exported. Type: ledger verify --all",
                )
            yield b'{"line": "event", "hash": "%s", "event": %s}\n' % (digest.encode(), bytes(canonical))


def _commitments(cut: Cut, ring: Ring) -> Iterator[bytes]:
    """Both in the order of the cases: the ends of their chains, and their keys."""
    ends = ((case, last) for some in _some(CHAIN_ENDS, **cut.values) for case, last in some)
    end = next(ends, None)
    for case, before, own in ring.commitments():
        while end is not None and end[0] < case:
            end = next(ends, None)
        if end is None or end[0] != case or end[1] is None:
            continue
        kept = list(before)
        if own is not None and (not kept or kept[-1][0] < end[1]):
            kept.append((end[1], own))
        keys = [{"key": key.hex(), "upto": upto} for upto, key in kept]
        yield _line(COMMITMENTS, spelled({"case": str(case), "keys": keys}))


def _tombstones(ring: Ring) -> Iterator[bytes]:
    for case, at in ring.tombstones():
        yield _line(TOMBSTONES, spelled({"case": str(case), "destroyed_at": str(Cut(at))}))


def _some(statement: sql.Composable, **values: Any) -> Iterator[list[tuple]]:
    """The rows by a cursor on the server, some at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, values)
        while some := cursor.fetchmany(ROWS_AT_ONCE):
            yield some
