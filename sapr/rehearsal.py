"""Throw-away databases for replays: made, prepared, used and dropped within one block."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from reports.vault import keys, master
from sapr.errors import DomainError
from sapr.models import Kind
from sapr.signin import as_owner, in_database, url_of

# Which URL of the environment lies in which of the two databases.
STORES = {
    "OWNER_DATABASE_URL": "default",
    "DATABASE_URL": "default",
    "WORKER_DATABASE_URL": "default",
    "OWNER_KEYS_DATABASE_URL": "keys",
    "KEYS_DATABASE_URL": "keys",
}
# PostgreSQL cuts names off at 63 bytes; the mark at the end must stay whole.
PREFIX = 32
NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"


@contextmanager
def rehearsal_database(kind: Kind = Kind.REHEARSAL) -> Iterator[dict[str, str]]:
    """Two fresh databases; Django is bound to them for the block, then they are dropped.

    Yields the environment for worker processes that should use them. The database accounts are the
    deployment's own, the keys are made for the block, mail goes nowhere. An exception, Ctrl-C included,
    drops them too; only `kill -9` leaves them behind (`docs/walkthrough.md` says how to find them).
    """
    if kind == Kind.REAL:
        raise ValueError("a throw-away database is never a real one")
    owned, mark = urlsplit(url_of("owner")).path.lstrip("/"), secrets.token_hex(4)
    names = {store: f"{owned[:PREFIX]}_rehearsal_{mark}_{store}" for store in ("default", "keys")}
    guests = {"default": ("web", "worker"), "keys": ("keys",)}
    env = {**os.environ, **{url: in_database(_url(url), names[store]) for url, store in STORES.items()}}
    with ExitStack() as stack:
        for store, name in names.items():
            stack.enter_context(_database(name, store, [settings.ROLE_NAMES[role] for role in guests[store]]))
        _prepare({**env, "SAPR_KIND": kind}, kind)
        stack.enter_context(_bound(names))
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="sapr-rehearsal-")))
        yield {**env, **stack.enter_context(master.instead(folder)), "SAPR_KIND": kind}


def _url(variable: str) -> str:
    named = variable.split("_")[0].lower()
    return url_of(named if named in ("owner", "worker") else "web", STORES[variable])


@contextmanager
def _database(name: str, store: str, guests: list[str]) -> Iterator[None]:
    identifier = sql.Identifier(name)
    try:
        with as_owner(store) as owner:
            owner.execute(sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(identifier))
            owner.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(identifier))
            for guest in guests:
                grant = sql.SQL("GRANT CONNECT ON DATABASE {} TO {}")
                owner.execute(grant.format(identifier, sql.Identifier(guest)))
        yield
    except InsufficientPrivilege:
        raise DomainError(
            "no_createdb", "The owner role may not create databases. Let an administrator grant it CREATEDB."
        ) from None
    finally:
        with as_owner(store) as owner:
            # Not FORCE: the owner may not end other roles' sessions; without it PostgreSQL waits for them to go.
            owner.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(identifier))


def _prepare(env: dict[str, str], kind: Kind) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "prepare", "--kind", kind],
        cwd=settings.BASE_DIR,
        env={**env, "SAPR_ROLE": "owner"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DomainError(
            "not_prepared",
            "The rehearsal database could not be prepared. Does `manage.py prepare` work here?",
        )


@contextmanager
def _bound(names: dict[str, str]) -> Iterator[None]:
    own = {store: connections[store].settings_dict["NAME"] for store in names}
    backend = settings.EMAIL_BACKEND
    _bind(names)
    settings.EMAIL_BACKEND = NO_MAIL
    try:
        yield
    finally:
        settings.EMAIL_BACKEND = backend
        _bind(own)


def _bind(names: dict[str, str]) -> None:
    for store, name in names.items():
        connections[store].close()
        connections[store].settings_dict["NAME"] = name
    keys.forget()
