"""Thawing: a frozen database brought up in two throw-away ones, Django bound to them, its clock where it stood."""

import json
import lzma
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.db import connections
from psycopg import sql

from reports.vault import keys, master
from sapr import pgtools
from tests import shared
from tests.frozen.freezing import STORES
from tests.stage import Stage, admin_connection, admin_url, told_of

GUESTS = {"default": ("web", "worker"), "keys": ("keys",)}


@contextmanager
def thawed(folder: Path) -> Iterator[tuple[Stage, dict[str, Any]]]:
    """The frozen databases as they were, and what was written down of them; dropped afterwards."""
    about = json.loads((folder / "about.json").read_text())
    mark = secrets.token_hex(4)
    names = {store: f"frozen_{mark}_{store}" for store in STORES}
    own = {store: connections[store].settings_dict["NAME"] for store in STORES}
    shared.close_world()
    connections.close_all()
    with admin_connection() as admin, TemporaryDirectory(prefix="sapr-frozen-") as place:
        try:
            for store in STORES:
                dump = Path(place, f"{store}.dump")
                dump.write_bytes(lzma.decompress((folder / f"{store}.dump.xz").read_bytes()))
                _brought_up(admin, names[store], dump, GUESTS[store])
                connections[store].settings_dict["NAME"] = names[store]
            with master.instead(Path(place)) as told:
                for name, lines in about["keys"].items():
                    Path(getattr(settings, name)).write_text(lines)
                keys.forget()
                yield Stage(names=names, env=told_of(os.environ, names) | told), about
        finally:
            keys.forget()
            connections.close_all()
            for store in STORES:
                connections[store].settings_dict["NAME"] = own[store]
                drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
                admin.execute(drop.format(sql.Identifier(names[store])))


def _brought_up(admin, name: str, dump: Path, guests: tuple[str, ...]) -> None:
    database, owner = sql.Identifier(name), sql.Identifier(settings.ROLE_NAMES["owner"])
    create = sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0")
    admin.execute(create.format(database, owner))
    pgtools.run("pg_restore", ["--exit-on-error", "--dbname", name, str(dump)], url=admin_url(name))
    for guest in guests:
        grant = sql.SQL("GRANT CONNECT ON DATABASE {} TO {}")
        admin.execute(grant.format(database, sql.Identifier(settings.ROLE_NAMES[guest])))
