"""Prepared statements for the tests: the same few hundred statements are asked again and again on one connection.

Planning is most of what PostgreSQL does for a test. In the product statements are kept, too, but not over a rollback,
with which each test ends; what a statement does is the same either way.
"""

from django.db import connections
from django.db.backends.signals import connection_created
from psycopg._preparing import PrepareManager

# Savepoints bear a new name each time, and must not push the others out.
_MOST = 4_000


class _Kept(PrepareManager):
    """Keeps what was prepared when a test is rolled back: nothing that tests ask of is made in their transactions."""

    prepare_threshold = 1
    prepared_max = _MOST

    def _should_discard(self, prep, results) -> bool:
        return False


def keep_statements() -> None:
    """From the next connection on."""
    connection_created.connect(_keep, dispatch_uid="tests.prepared")
    for connection in connections.all(initialized_only=True):
        if connection.connection is not None:
            _keep(connection=connection)


def _keep(*, connection, **kwargs) -> None:
    # Who asked something before this was told keeps names of its own.
    connection.connection.execute("DEALLOCATE ALL")
    connection.connection._prepared = _Kept()
    # A test stays in one transaction, on a slow machine for longer than a session of the product may idle in one.
    connection.connection.execute("SET idle_in_transaction_session_timeout = 0")
