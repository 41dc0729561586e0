"""Freezing: a populated database as a release leaves it, written down under fixtures/frozen/.

Everybody in it is invented. Its master key and epoch lie beside it, so that later versions can open what it sealed.
"""

import json
import lzma
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from accounts.models import User
from reports import access
from reports.election.models import Identity
from reports.vault.services import open_sealed
from sapr import clock, pgtools
from sapr.world.seeding import Wanted, seed
from tests.access.people import Scene, build
from tests.stage import Stage, admin_url, throwaway_copy
from tests.times import T0
from tests.world import World

FOLDER = Path(settings.BASE_DIR, "fixtures", "frozen")
APPS = ("accounts", "notifications", "reports", "sapr")
STORES = ("default", "keys")
LARGEST = 500_000
# Years of a small place, so that every table of its life has rows; the rest is added by hand.
WANTED = Wanted(reports=4, years=2, seed=11)
KEY_FILES = ("MASTER_KEY_FILE", "KEY_EPOCH_FILE")
# What no migration may add to or take from.
COUNTED = ("reports_event", "reports_case", "reports_report", "reports_duty", "notifications_notice")


def newest() -> dict[str, str]:
    """The last migration of each of our apps, by its own name."""
    graph = MigrationLoader(None).graph
    return {app: graph.leaf_nodes(app)[0][1] for app in APPS}


def called(migrations: dict[str, str]) -> str:
    """The folder's name for a schema: accounts-0008-notifications-0014-reports-0032-sapr-0003."""
    return "-".join(f"{app}-{migrations[app][:4]}" for app in APPS)


def freeze() -> Path:
    """Make the world at the schema of this version and write it down; its folder, which must not be there yet."""
    folder = FOLDER / called(newest())
    folder.mkdir(parents=True)
    with throwaway_copy() as stage:
        clock.move(T0, hold=True)
        seed(WANTED, progress=lambda *_: None)
        scene = build(World.build(), "restricted")
        told = {"migrations": newest(), "keys": _key_files(), **_opened(scene), "rows": counts(stage)}
        connections.close_all()
        for store in STORES:
            _dump(stage.names[store], folder / f"{store}.dump.xz")
    (folder / "about.json").write_text(json.dumps(told, indent=1, sort_keys=True) + "\n")
    return folder


def counts(stage: Stage) -> dict[str, int]:
    """How many rows the counted tables have, for a reader whom no policy binds."""
    with psycopg.connect(admin_url(stage.names["default"])) as admin:
        return {name: admin.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in COUNTED}  # noqa: S608


def identity(sarc: User, case_id: str) -> dict[str, str]:
    """What the SARC of the case reads of who it is about."""
    with access.viewing(sarc):
        record = Identity.objects.get(case_id=case_id)
        return open_sealed(record=record, actor=sarc, purpose="case_work", at=clock.now())


def _key_files() -> dict[str, str]:
    return {name: Path(getattr(settings, name)).read_text() for name in KEY_FILES}


def _dump(name: str, to: Path) -> None:
    """By PostgreSQL's own tool, of the oldest version that does it, so that every newer one reads it."""
    with TemporaryDirectory(prefix="sapr-frozen-") as folder:
        file = Path(folder, "dump")
        # What is unlogged are drafts: they are in no backup.
        words = ["--format=custom", "--compress=0", "--exclude-schema=pg_catalog", "--no-unlogged-table-data"]
        pgtools.run("pg_dump", [*words, f"--file={file}"], url=admin_url(name))
        to.write_bytes(lzma.compress(file.read_bytes(), preset=9))


def _opened(scene: Scene) -> dict[str, Any]:
    """One case whose identity can be opened, who opens it, when, and what they read."""
    case, sarc = str(scene.case.pk), scene.world.sarc
    return {
        "at": clock.now().isoformat(),
        "case": case,
        "sarc": str(sarc.pk),
        "identity": identity(sarc, case),
    }
