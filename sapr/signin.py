"""Signing in to the database as another role than the process's own, for a block.

Only the demo, the rehearsals and their checks do this, and only where the environment holds that role's URL:
`./run` gives it to management commands, never to the web or worker process.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.db import connections

from reports.vault import keys, master
from sapr.errors import DomainError


def url_of(role: str, store: str = "default") -> str:
    """The URL of a role (`owner`, `worker`) for the case database or the key store (`keys`), or a refusal."""
    url = (settings.KEYS_URLS if store == "keys" else settings.ROLE_URLS)[role]
    if not url:
        raise DomainError(
            "role_url_missing",
            f"This command needs the {role} role's database URL in its environment. Use ./run manage, which gives it.",
        )
    return url


def in_database(url: str, name: str) -> str:
    """The URL with another database name."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def as_owner(store: str = "default") -> psycopg.Connection:
    """The owner role's connection to the database that Django is bound to; each statement its own transaction."""
    url = in_database(url_of("owner", store), connections[store].settings_dict["NAME"])
    return psycopg.connect(url.replace("postgres://", "postgresql://", 1), autocommit=True)


@contextmanager
def as_worker() -> Iterator[None]:
    """Django signs in as the worker role for the block, on a connection of its own, without a master key."""
    account = urlsplit(url_of("worker"))
    own = connections["default"]
    login = {"USER": unquote(account.username or ""), "PASSWORD": unquote(account.password or "")}
    worker = type(own)({**own.settings_dict, **login}, alias="default")
    connections["default"] = worker
    keys.forget()
    try:
        with master.instead():
            yield
    finally:
        connections["default"] = own
        worker.close()
