"""Copies of the key store: one file per place, the latest state only, and a list of tombstones beside it.

A place is a folder that is not part of the cases' backups. A copy holds the epoch and every wrapped key; with the
master key, which is never in it, it opens everything.
"""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from psycopg import sql

from reports.vault import keyfiles
from sapr.errors import DomainError

COPY, TOMBSTONES = "keystore.jsonl", "tombstones"
FORMAT = 1
# In the order in which they are loaded: what refuses a key comes before the keys.
TABLES = (
    "reports_tombstone", "reports_currentwrapping", "reports_wrappedkey", "reports_personindex", "reports_shareset",
)  # fmt: skip
ROWS = sql.SQL("SELECT json_build_object('table', {}::text, 'row', row_to_json(t))::text FROM {} t")
Stones = dict[UUID, datetime]
Row = tuple[str, dict[str, Any]]


def places() -> list[Path]:
    """The places of this deployment; refused when one of them cannot be written, before anything is done."""
    found = [Path(place) for place in settings.KEY_STORE_PLACES]
    for place in found:
        if not (place.is_dir() and os.access(place, os.W_OK | os.X_OK)):
            raise DomainError(
                "place_unreachable",
                f"A place of the key store cannot be written: {place.name}. Mount it, then type this again.",
            )
    return found


def copy(connection: psycopg.Connection, epochs: tuple[bytes, ...]) -> list[str]:
    """Write the key store as it stands to every place; their names. The earlier copies are overwritten."""
    found = places()
    for place in found:
        keyfiles.replace(place / COPY, lambda file: _fill(file, connection, epochs))
    return [place.name for place in found]


def _fill(file, connection: psycopg.Connection, epochs: tuple[bytes, ...]) -> None:
    head = {"format": FORMAT, "epochs": [epoch.hex() for epoch in epochs]}
    file.write(json.dumps(head).encode() + b"\n")
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for table in TABLES:
            query = ROWS.format(sql.Literal(table), sql.Identifier(table))
            for (line,) in connection.cursor().stream(query):
                file.write(line.encode() + b"\n")


def read(place: Path) -> tuple[tuple[bytes, ...], list[Row]]:
    """The epochs and rows of a place's copy; refused when there is none or it is not whole."""
    try:
        head, *lines = (place / COPY).read_text().splitlines()
        told = json.loads(head)
        rows = [(each["table"], each["row"]) for each in map(json.loads, lines)]
        known = told["format"] == FORMAT and {table for table, _ in rows} <= set(TABLES)
        epochs = tuple(bytes.fromhex(epoch) for epoch in told["epochs"])
    except (OSError, ValueError, KeyError, TypeError):
        known = False
    if not known:
        raise DomainError("no_copy", "There is no whole copy of the key store in that place.", path="from")
    return epochs, rows


def note(stones: Stones) -> None:
    """Add tombstones to the list of every place; those already there stay as they are."""
    for place in places():
        listed = _listed(place)
        if stones.keys() - listed.keys():
            lines = "".join(f"{case} {at.isoformat()}\n" for case, at in (stones | listed).items())
            keyfiles.replace(place / TOMBSTONES, lambda file, text=lines: file.write(text.encode()))


def noted() -> Stones:
    """The tombstones that any place's list names."""
    return {case: at for place in places() for case, at in _listed(place).items()}


def _listed(place: Path) -> Stones:
    try:
        lines = (place / TOMBSTONES).read_text().splitlines()
        return {UUID(case): datetime.fromisoformat(at) for case, at in map(str.split, lines)}
    except FileNotFoundError:
        return {}
    except ValueError:
        raise DomainError("no_copy", f"The list of tombstones in {place.name} is damaged.") from None
