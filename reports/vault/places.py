"""Copies of the key store: one file per place, the latest state only, and a list of tombstones beside it.

A place is a folder that is not part of the cases' backups. A copy holds the epoch and every wrapped key; with the
master key, which is never in it, it opens everything.
"""

import json
import os
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
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
REMEMBERED = "SELECT path FROM reports_keyplace ORDER BY path"
REMEMBER = "INSERT INTO reports_keyplace (id, path) VALUES (gen_random_uuid(), %s) ON CONFLICT DO NOTHING"
FORGET = "DELETE FROM reports_keyplace WHERE path = %s"
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


def require_remembered(connection: psycopg.Connection) -> None:
    """Refuse when a place that was given a copy is not among those of this deployment: its copy would stay."""
    named = {str(place.resolve()) for place in places()}
    left = [path for (path,) in connection.execute(REMEMBERED) if path not in named]
    if left:
        raise DomainError(
            "place_not_named",
            f"A copy of the key store lies in a place that SAPR_KEY_STORE_PLACES does not name: {', '.join(left)}. "
            f"Name it again; if it is gone for good, type: keys forget-place {left[0]}",
        )


def forget(connection: psycopg.Connection, place: Path) -> None:
    """Take a place off the list of those that hold a copy; a copy still within reach is overwritten first."""
    resolved = place.resolve()
    if resolved in [each.resolve() for each in map(Path, settings.KEY_STORE_PLACES)]:
        raise DomainError("place_named", "Take this place out of SAPR_KEY_STORE_PLACES first.", path="place")
    if (str(resolved),) not in connection.execute(REMEMBERED).fetchall():
        raise DomainError("place_unknown", "The key store was never copied to that place.", path="place")
    copied = resolved / COPY
    try:
        keyfiles.clear_remnants(copied)
        if copied.exists():
            keyfiles.shred(copied)
    except OSError:
        raise DomainError("place_unreachable", "The copy in that place cannot be overwritten.") from None
    connection.execute(FORGET, [str(resolved)])


def copy(connection: psycopg.Connection, epochs: tuple[bytes, ...]) -> list[str]:
    """Write the key store as it stands to every place; their names. The earlier copies are overwritten."""
    found = places()
    for place in found:
        # Remembered first: after a kill the list may name too many places, never too few.
        connection.execute(REMEMBER, [str(place.resolve())])
        keyfiles.replace(place / COPY, lambda file: _fill(file, connection, epochs))
    return [place.name for place in found]


def _fill(file, connection: psycopg.Connection, epochs: tuple[bytes, ...]) -> None:
    digest, rows = sha256(), -1
    for line in _lines(connection, epochs):
        written = line.encode() + b"\n"
        digest.update(written)
        file.write(written)
        rows += 1
    file.write(_end(rows, digest.hexdigest()).encode() + b"\n")


def _lines(connection: psycopg.Connection, epochs: tuple[bytes, ...]) -> Iterator[str]:
    """The head, then every row."""
    yield json.dumps({"format": FORMAT, "epochs": [epoch.hex() for epoch in epochs]})
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for table in TABLES:
            query = ROWS.format(sql.Literal(table), sql.Identifier(table))
            for (line,) in connection.cursor().stream(query):
                yield line


def _end(rows: int, digest: str) -> str:
    """The last line, by which a copy is known to be whole."""
    return json.dumps({"rows": rows, "sha256": digest})


def read(place: Path) -> tuple[tuple[bytes, ...], list[Row]]:
    """The epochs and rows of a place's copy; refused when there is none or it is not whole."""
    try:
        text = (place / COPY).read_text()
        head, *lines, end = text.splitlines()
        told = json.loads(head)
        rows = [(each["table"], each["row"]) for each in map(json.loads, lines)]
        known = told["format"] == FORMAT and {table for table, _ in rows} <= set(TABLES)
        before = text.removesuffix(f"{end}\n")
        known = known and end == _end(len(rows), sha256(before.encode()).hexdigest())
        epochs = tuple(bytes.fromhex(epoch) for epoch in told["epochs"])
    except (OSError, ValueError, KeyError, TypeError):
        known = False
    if not known:
        raise DomainError("no_copy", "There is no whole copy of the key store in that place.", path="from")
    return epochs, rows


def clear_remnants() -> None:
    """Destroy what a kill left beside the lists of tombstones; a copy's own goes when the copy is written."""
    for place in places():
        keyfiles.clear_remnants(place / TOMBSTONES)


def note(stones: Stones) -> None:
    """Add tombstones to the list of every place; those already there stay as they are."""
    clear_remnants()
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
