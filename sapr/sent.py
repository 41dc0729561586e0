"""Statements that are sent without waiting for their answers, so that this process works while the database does."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.conf import settings
from django.db import connection


@contextmanager
def sending() -> Iterator[None]:
    """For the block, in a transaction: what a cursor executes is sent at once, and waited for where it is fetched.

    The end of the block waits for all that is left and raises the first error; what came after that was not done.
    `rowcount` is not known before the rows are fetched: no `update()`, no `save()` in the block. Behind a pooler each
    statement is waited for as ever.
    """
    pooled = settings.POOLER == "transaction"
    with connection.wrap_database_errors, nullcontext() if pooled else connection.connection.pipeline():
        yield


def send_end() -> None:
    """In such a block: the transaction ends here, and is known to have ended where the block does.

    Nothing more may be asked in it. Within a transaction of somebody else's it is left to them.
    """
    # Of the outermost block alone Django keeps no savepoint; its own COMMIT finds nothing left to end.
    if not connection.savepoint_ids:
        with connection.cursor() as cursor:
            cursor.execute("COMMIT")
