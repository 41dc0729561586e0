"""Nobody comes in while a case database is filled, from a backup or from an open export."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from psycopg import sql

from sapr.errors import DomainError
from sapr.pgtools import UNFINISHED

GUESTS = ("web", "worker")
IN_USE = DomainError(
    "database_in_use", "Somebody is connected to the database. Stop web and worker first.", status=409
)
CONNECTED = """SELECT EXISTS (SELECT FROM pg_stat_activity
                              WHERE datname = current_database() AND usename::text = ANY (%s))"""


@contextmanager
def shut(admin: psycopg.Connection) -> Iterator[None]:
    """Web and worker may not connect for the block; refused while one of them is. `admin`: not in a transaction.

    What is refused or killed in the block leaves the database marked and shut, whatever `roles` is asked.
    """
    if admin.execute(CONNECTED, [[settings.ROLE_NAMES[role] for role in GUESTS]]).fetchone() == (True,):
        raise IN_USE
    _mark(admin, UNFINISHED)
    admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(admin.info.dbname)))
    _doors(admin, "REVOKE CONNECT ON DATABASE {} FROM {}")
    yield
    _mark(admin, "")
    _doors(admin, "GRANT CONNECT ON DATABASE {} TO {}")


def _mark(admin: psycopg.Connection, text: str) -> None:
    comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
    admin.execute(comment.format(sql.Identifier(admin.info.dbname), sql.Literal(text or None)))


def _doors(admin: psycopg.Connection, statement: str) -> None:
    name = sql.Identifier(admin.info.dbname)
    for role in GUESTS:
        admin.execute(sql.SQL(statement).format(name, sql.Identifier(settings.ROLE_NAMES[role])))
