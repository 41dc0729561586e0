"""Throw-away copies of the test database: committed data without cleaning up after it."""

import os
import secrets
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from tests import shared

URLS = (
    "OWNER_DATABASE_URL",
    "DATABASE_URL",
    "WORKER_DATABASE_URL",
    "KEYS_DATABASE_URL",
    "OWNER_KEYS_DATABASE_URL",
)


def admin_connection():
    """A connection as the test server's administrator: it may end other people's sessions when it drops."""
    return psycopg.connect(in_database(os.environ["ADMIN_DATABASE_URL"], "postgres"), autocommit=True)


def in_database(url: str, name: str) -> str:
    """The URL with another database name, in the scheme psycopg knows."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}", scheme="postgresql"))


def admin_url(name: str) -> str:
    """The administrator's way into a database of the test server."""
    return in_database(os.environ["ADMIN_DATABASE_URL"], name)


def told_of(env: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    """The environment for processes that should use these databases."""
    told = {
        name: in_database(env[name], names["keys" if "KEYS" in name else "default"]).replace(
            "postgresql://", "postgres://", 1
        )
        for name in URLS
    }
    # No copy writes its checkpoints beside another's: a test that wants a folder names one.
    return {**env, **told, "SAPR_CHECKPOINT_DIR": ""}


@dataclass
class Stage:
    """A committed copy: its database names, and the environment for processes that should use it."""

    names: dict[str, str]
    env: dict[str, str]
    world: Any = field(default=None)

    @contextmanager
    def as_worker(self):
        """Sign in as the worker role, without a master key, for the block."""
        from reports.vault import master

        with self._as("WORKER_DATABASE_URL"), master.instead():
            yield

    @contextmanager
    def as_owner(self):
        """Sign in as the owner role for the block: what whoever runs the system types."""
        with self._as("OWNER_DATABASE_URL"):
            yield

    @contextmanager
    def _as(self, variable: str):
        from reports.vault import keys

        account = urlsplit(os.environ[variable])
        config = connections["default"].settings_dict
        before = dict(config)
        connections["default"].close()
        config.update(USER=account.username, PASSWORD=account.password)
        keys.forget()
        try:
            yield
        finally:
            connections["default"].close()
            config.update(USER=before["USER"], PASSWORD=before["PASSWORD"])


@contextmanager
def throwaway_copy():
    """Copy both test databases, bind Django to the copies, drop them afterwards. The keys are the copy's own."""
    from reports.vault import keys, master

    mark = secrets.token_hex(4)
    aliases = ("default", "keys")
    templates = {alias: connections[alias].settings_dict["NAME"] for alias in aliases}
    names = {alias: f"stage_{mark}_{alias}" for alias in aliases}
    shared.close_world()
    connections.close_all()
    with admin_connection() as admin:
        for alias in aliases:
            admin.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY").format(
                    sql.Identifier(names[alias]),
                    sql.Identifier(settings.ROLE_NAMES["owner"]),
                    sql.Identifier(templates[alias]),
                )
            )
        env = told_of(os.environ, names)
        for alias in aliases:
            connections[alias].settings_dict["NAME"] = names[alias]
        keys.forget()
        try:
            with TemporaryDirectory(prefix="sapr-stage-") as folder, master.instead(Path(folder)) as own:
                yield Stage(names=names, env=env | own)
        finally:
            keys.forget()
            shared.close_world()
            connections.close_all()
            for alias in aliases:
                connections[alias].settings_dict["NAME"] = templates[alias]
                admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(names[alias])))
