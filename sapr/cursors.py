"""Statements that come again: each keeps a cursor of its connection, and with it how its values and rows are read.

psycopg finds out anew for every cursor how each type is written and read, and takes long statements apart each time.
What is kept is of the statement; nothing of anybody's stays with it.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper

# More statements than are kept in this code; each is a text, and in every connection a cursor.
MOST = 512
_PLACE = re.compile(r"%(?:\((\w+)\))?(.)", re.DOTALL)


class Kept(psycopg.RawCursor[tuple[Any, ...]]):
    """The cursor of one statement."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> "Kept":
        """As any cursor's, with `%s` or `%(name)s`; whoever asks for it is its only user until `forget`."""
        text, names = _numbered(query)
        super().execute(text, params if names is None else [params[name] for name in names], **options)
        return self

    def forget(self) -> None:
        """What was asked and answered goes; how it is read stays."""
        self._reset()
        self._tx.set_pgresult(None)


@lru_cache(maxsize=MOST)
def _numbered(query: str) -> tuple[str, tuple[str, ...] | None]:
    """The statement as PostgreSQL numbers its places, and by which names they are filled, if they have any."""
    names: list[str] = []
    count = 0

    def number(found: re.Match[str]) -> str:
        nonlocal count
        name, kind = found.groups()
        if kind == "%":
            return "%"
        if kind != "s":
            raise ValueError(f"no place for a value: {found.group()}")
        if name is None:
            count += 1
            return f"${count}"
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    text = _PLACE.sub(number, query)
    if names and count:
        raise ValueError("places with names and without")
    return text, tuple(names) if names else None


def run(query: str, params: Sequence[Any] | dict[str, Any], using: str = DEFAULT_DB_ALIAS) -> CursorWrapper:
    """Execute a statement with its kept cursor, which is the caller's until `give_back`.

    As `connections[using].cursor().execute`, for a text that is always the same; never one with values in it.
    """
    connection = connections[using]
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    idle = _idle(connection).setdefault(query, [])
    kept = idle.pop() if idle else Kept(connection.connection)
    cursor = connection.make_debug_cursor(kept) if connection.queries_logged else connection.make_cursor(kept)
    cursor.execute(query, params)
    return cursor


def give_back(query: str, cursor: CursorWrapper) -> None:
    """The statement's cursor is used no more: its answer has come and was read.

    Whoever holds on to it and reads again gets an error, never the rows of who asks next.
    """
    kept, cursor.cursor = cursor.cursor, None
    kept.forget()
    # The answer may have been read after the connection was lost and opened anew.
    if kept.connection is cursor.db.connection:
        _idle(cursor.db).setdefault(query, []).append(kept)


def _idle(connection: Any) -> dict[str, list[Kept]]:
    """Of a connection to the database, its cursors that nobody uses."""
    of, idle = getattr(connection, "idle_cursors", (None, None))
    if of is not connection.connection or idle is None:
        idle = {}
        connection.idle_cursors = connection.connection, idle
    return idle
