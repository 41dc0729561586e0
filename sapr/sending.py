"""Statements sent to the database without waiting for each one's answer (the pipeline mode of libpq).

The database does them one after the other, as ever; this process goes on meanwhile. What is refused is said when an
answer is next waited for, at the latest when the block ends: nothing that stands in the block is done until then.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection

from sapr import cursors

Says = Callable[[DatabaseError], Exception | None]
Rows = Callable[[], list[tuple[Any, ...]]]
END = "COMMIT"
# Of these nobody asks how many rows they touched; a question is waited for by whoever fetches its rows.
GO_ON = ("INSERT", "SELECT", "WITH", END)


class _Block:
    """What is under way: the pipeline, and what to say of a refusal, whichever statement it was of."""

    def __init__(self) -> None:
        self.pipeline: psycopg.Pipeline | None = None
        self.says: list[Says] = []

    def send(self, execute: Callable, sql: Any, params: Any, many: bool, context: Any) -> Any:
        """The wrapper of a statement: an UPDATE, a DELETE, a savepoint is waited for as everywhere."""
        words = str(sql).lstrip()
        if words.startswith("ROLLBACK"):
            self.drop()
        result = execute(sql, params, many, context)
        if not words.startswith(GO_ON):
            with connection.wrap_database_errors:
                self._wait()
        return result

    def drop(self) -> None:
        """Take what is still on its way, and say nothing of it: an earlier failure is what counts."""
        while self.pipeline and not connection.connection.closed:
            # One answer at least is taken each time; those behind a refusal are refusals, too.
            with suppress(psycopg.Error):
                self.pipeline.sync()
                return

    def _wait(self) -> None:
        try:
            if self.pipeline:
                self.pipeline.sync()
        except psycopg.Error:
            self.drop()
            raise


_block: ContextVar[_Block | None] = ContextVar("sending", default=None)


@contextmanager
def sending() -> Iterator[None]:
    """For the block no INSERT and no question is waited for before its answer is needed. Within another: part of it.

    Within a transaction, which begins and ends outside: before its answers are there libpq does not know that one is
    open, and psycopg would leave out its COMMIT. Raises what the database refuses, in the words of `refused_as`, at
    the latest at its end. Behind a pooler each statement is waited for as ever.
    """
    if _block.get() is not None or settings.POOLER == "transaction":
        yield
        return
    if not connection.in_atomic_block:
        raise RuntimeError("what is sent without waiting is part of a transaction")
    block = _Block()
    before = _block.set(block)
    try:
        with (
            connection.execute_wrapper(block.send),
            connection.wrap_database_errors,
            connection.connection.pipeline() as block.pipeline,
        ):
            try:
                yield
            except BaseException:
                block.drop()
                raise
    except DatabaseError as error:
        _say(block.says, error)
        raise
    finally:
        _block.reset(before)


@contextmanager
def refused_as(says: Says) -> Iterator[None]:
    """A refusal of what is written in the block is raised as what `says` makes of it; None: as it is."""
    block = _block.get()
    if block is not None:
        # It may be said much later.
        block.says.append(says)
        yield
        return
    try:
        yield
    except DatabaseError as error:
        _say([says], error)
        raise


def _say(says: list[Says], error: DatabaseError) -> None:
    for each in says:
        if (said := each(error)) is not None:
            raise said from None


def sent(sql: str, params: Any, *, using: str = DEFAULT_DB_ALIAS) -> Rows:
    """Send a question; what is returned waits for its rows. Outside of a block they are there at once."""
    cursor = cursors.run(sql, params, using)

    def rows() -> list[tuple[Any, ...]]:
        found = cursor.fetchall()
        cursors.give_back(sql, cursor)
        return found

    return rows


def soon() -> None:
    """Let the answers to what was asked so far come while this process goes on; else they come with the next wait."""
    if _block.get() is not None:
        connection.connection.pgconn.send_flush_request()


def send_end() -> None:
    """In a block: the transaction ends here, and is known to have ended where the block does.

    Nothing more may be asked in it. Within a transaction of somebody else's it is left to them.
    """
    # Of the outermost block alone Django keeps no savepoint; its own COMMIT finds nothing left to end.
    if not connection.savepoint_ids:
        with connection.cursor() as cursor:
            cursor.execute(END)
