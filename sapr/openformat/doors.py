"""Who may come in while a system is filled, and afterwards: nobody; then people; the worker when somebody says so."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from sapr import pgtools
from sapr.errors import DomainError
from sapr.signin import in_database

GUESTS = ("web", "worker")
IN_USE = """SELECT EXISTS (SELECT FROM pg_stat_activity
                           WHERE datname = current_database() AND usename::text = ANY (%s))"""


@contextmanager
def shut() -> Iterator[None]:
    """Nobody but administrator and owner may connect for the block; afterwards people may, the worker may not.

    What is refused or killed on the way leaves the database marked and shut, also for `roles`.
    """
    with _admin() as admin:
        roles = [settings.ROLE_NAMES[role] for role in GUESTS]
        if admin.execute(IN_USE, [roles]).fetchone() == (True,):
            raise DomainError(
                "database_in_use",
                "Somebody is connected to the database. Stop web and worker first.",
                status=409,
            )
        _mark(admin, pgtools.UNFINISHED)
        admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(_name(admin)))
        for role in roles:
            admin.execute(
                sql.SQL("REVOKE CONNECT ON DATABASE {} FROM {}").format(_name(admin), sql.Identifier(role))
            )
        yield
        _let_in(admin, "web")
        _mark(admin, pgtools.HELD)


def release() -> None:
    """Let the worker in. DomainError `not_held` when it is not kept out by an import."""
    with _admin() as admin:
        found = admin.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        ).fetchone()
        if found != (pgtools.HELD,):
            raise DomainError(
                "not_held", "The worker is not kept out here; there is nothing to release.", status=409
            )
        _let_in(admin, "worker")
        _mark(admin, "")


def _admin() -> psycopg.Connection:
    if not settings.ADMIN_DATABASE_URL:
        raise DomainError(
            "no_admin_url",
            "Set ADMIN_DATABASE_URL to an account that may read and write every row, then type this again.",
        )
    url = in_database(settings.ADMIN_DATABASE_URL, connection.settings_dict["NAME"])
    return psycopg.connect(pgtools.libpq(url), autocommit=True)


def _name(admin: psycopg.Connection) -> sql.Identifier:
    return sql.Identifier(admin.info.dbname)


def _mark(admin: psycopg.Connection, text: str) -> None:
    comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
    admin.execute(comment.format(_name(admin), sql.Literal(text or None)))


def _let_in(admin: psycopg.Connection, role: str) -> None:
    grant = sql.SQL("GRANT CONNECT ON DATABASE {} TO {}")
    admin.execute(grant.format(_name(admin), sql.Identifier(settings.ROLE_NAMES[role])))
