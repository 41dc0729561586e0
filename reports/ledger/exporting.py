"""The ledger as a file that a stranger can verify: one JSON line each, in the order `verifier.py` reads them.

Runs as the owner, who alone sees every chain. Nothing is held in memory but the checkpoint at hand.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from reports.ledger import proofs
from reports.ledger.verifier import EXPORT_FORMAT, dump, salt_of
from sapr.errors import DomainError

EVENTS = """
SELECT e.case_id::text, e.seq, 0, e.kind, encode(e.hash, 'hex'), e.canonical, sapr_canonical(e) FROM reports_event e
WHERE {which} ORDER BY e.case_id, e.seq, e.id
"""
LEAVES = """
SELECT l.case_id::text, l.seq, c.number, encode(l.hash, 'hex') FROM reports_checkpointleaf l
JOIN reports_checkpoint c ON c.id = l.checkpoint_id WHERE {which} ORDER BY l.case_id, l.seq, c.number
"""
CHECKPOINTS = "SELECT number, body, signature, blind FROM reports_checkpoint ORDER BY number"
TREES = """
SELECT c.number, c.blind, l.case_id, l.seq, l.hash FROM reports_checkpoint c
LEFT JOIN reports_checkpointleaf l ON l.checkpoint_id = c.id ORDER BY c.number
"""
ROWS_AT_ONCE = 2_000


def export_lines(*, case_id: UUID | None = None) -> Iterator[bytes]:
    """Every line of the export of one case, or of all, in one snapshot of the database."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield from lines_here(case_id=case_id)


def lines_here(*, case_id: UUID | None = None) -> Iterator[bytes]:
    """The same as the caller's transaction sees it."""
    yield _line("header", format=EXPORT_FORMAT, scope=str(case_id) if case_id else "all")
    checkpoints = events = chains = 0
    for _, body, signature, blind in _rows(CHECKPOINTS):
        checkpoints += 1
        hidden = {"salt": salt_of(bytes(blind)).hex()} if case_id else {"blind": bytes(blind).hex()}
        yield _line(
            "checkpoint",
            body=bytes(body).decode(errors="replace"),
            signature=bytes(signature).hex(),
            **hidden,
        )
    leaves: Iterable[tuple] = _rows(LEAVES.format(which="true"))
    absent: list[dict[str, Any]] = []
    which = "true"
    if case_id:
        which = "e.case_id = %(case)s"
        leaves, absent = proofs.of_case(case_id, _rows(TREES))
    both = merge(_rows(EVENTS.format(which=which), case=case_id), leaves, key=itemgetter(0, 1, 2))
    for _, chain in groupby(both, itemgetter(0)):
        chains += 1
        for row in chain:
            if row[2]:
                yield _leaf(*row)
            else:
                events += 1
                yield _event(*row)
    for each in absent:
        yield _line("absent", **each)
    yield _line("end", chains=chains, checkpoints=checkpoints, events=events)


def _line(line: str, /, **content: Any) -> bytes:
    return f"{dump({'line': line, **content})}\n".encode()


def _event(case: str, seq: int, _: int, kind: str, event_hash: str, canonical: bytes, row: bytes) -> bytes:
    """The hashed bytes as they are; where the row says otherwise, both."""
    canonical, row = bytes(canonical), bytes(row)
    if canonical == row:
        return b'{"hash": "%s", "event": %s}\n' % (event_hash.encode(), canonical)
    altered = {"case": case, "seq": seq, "kind": kind, "hash": event_hash}
    return _line("altered", canonical=canonical.hex(), row=row.decode(), **altered)


def _leaf(case: str, seq: int, number: int, event_hash: str, proof: dict[str, Any] | None = None) -> bytes:
    return _line("leaf", case=case, seq=seq, checkpoint=number, hash=event_hash, **(proof or {}))


def _rows(sql: str, **values: Any) -> Iterator[tuple]:
    """The rows by a cursor on the server, some at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.cursor.itersize = ROWS_AT_ONCE
        cursor.execute(sql, values)
        yield from cursor


@contextmanager
def new_file(path: Path):
    """A private file that appears whole or not at all, and never in the place of another one."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise DomainError("file_exists", "That file exists already: name another one.", path="out") from None
    except OSError as error:
        raise _unwritable(error) from None
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException as error:
        fresh.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _unwritable(error) from None
        raise


def _unwritable(error: OSError) -> DomainError:
    return DomainError("unwritable", f"That file cannot be written: {error.strerror}.", path="out")
