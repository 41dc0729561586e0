"""`manage.py roles`: the database accounts and databases of one installation. Safe to repeat."""

from urllib.parse import unquote, urlsplit

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from psycopg import sql

from sapr import sessions
from sapr.pgtools import UNFINISHED
from sapr.signin import in_database


class Command(BaseCommand):
    help = (
        "Create the owner, web, worker and key-store roles and both databases, as the four URLs name them. "
        "Needs ADMIN_DATABASE_URL: an account that may create roles and databases."
    )
    requires_system_checks = []

    def handle(self, *args, **options) -> None:
        if not settings.ADMIN_DATABASE_URL:
            raise CommandError(
                "Set ADMIN_DATABASE_URL to an account that may create roles, then type this again."
            )
        urls = {
            "owner": settings.ROLE_URLS["owner"],
            "web": settings.ROLE_URLS["web"],
            "worker": settings.ROLE_URLS["worker"],
            "keys": settings.KEYS_URLS["web"],
        }
        missing = [name for name, url in urls.items() if not url]
        if missing:
            raise CommandError(
                f"No URL for the role(s) {', '.join(missing)}. docs/running.md lists the variables."
            )
        admin = settings.ADMIN_DATABASE_URL.replace("postgres://", "postgresql://", 1)
        with psycopg.connect(admin, autocommit=True) as connection:
            for name, url in urls.items():
                self._role(connection, urlsplit(url), may_create_databases=name == "owner")
                if name in sessions.LIMITED:
                    sessions.limit(connection, unquote(urlsplit(url).username or ""))
            owner = unquote(urlsplit(urls["owner"]).username or "")
            self._database(connection, urls["owner"], owner, [urls["web"], urls["worker"]])
            self._database(connection, urls["keys"], owner, [urls["keys"]])
        for name in ("owner", "keys"):
            with psycopg.connect(
                in_database(admin, unquote(urlsplit(urls[name]).path.lstrip("/")))
            ) as connection:
                if not sessions.hide_counters(connection, owner):
                    self.stderr.write(
                        "The server's counters stay readable: only its superuser can hide them (docs/database.md)."
                    )
        self.stderr.write("roles and databases are there")

    @staticmethod
    def _role(connection, url, *, may_create_databases: bool) -> None:
        # Only a verifier is sent: a server that logs statements, or shows them, never sees the password.
        verifier = connection.pgconn.encrypt_password(
            unquote(url.password or "").encode(), unquote(url.username).encode()
        )
        name, password = sql.Identifier(unquote(url.username)), sql.Literal(verifier.decode())
        found = connection.execute(
            "SELECT 1 FROM pg_roles WHERE rolname = %s", [unquote(url.username)]
        ).fetchone()
        verb = sql.SQL("ALTER") if found else sql.SQL("CREATE")
        rights = sql.SQL("CREATEDB" if may_create_databases else "NOCREATEDB")
        connection.execute(
            sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS {} PASSWORD {}").format(
                verb, name, rights, password
            )
        )

    @staticmethod
    def _database(connection, url: str, owner: str, guests: list[str]) -> None:
        name = unquote(urlsplit(url).path.lstrip("/"))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(
                    sql.Identifier(name), sql.Identifier(owner)
                )
            )
        marked = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
        if marked == (UNFINISHED,):
            raise CommandError(
                "A restore or an import into this database was refused or did not finish, so it stays closed. Repeat "
                "the restore with --aside, the import with a new database and a new key store."
            )
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
        for guest in guests:
            connection.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                    sql.Identifier(name), sql.Identifier(unquote(urlsplit(guest).username or ""))
                )
            )
