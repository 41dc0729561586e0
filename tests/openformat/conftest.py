"""A system with a bit of everything, and the open export of it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pyrage
import pytest
from django.conf import settings
from django.db import connections

from accounts.models import User
from reports.erasure import destruction
from reports.exports.services import export_approve, open_export_ask
from reports.ledger import checkpoints
from reports.models import Case
from reports.vault import keys
from sapr import clock
from sapr.openformat import arriving, leaving
from sapr.openformat.cut import Cut
from sapr.signin import url_of
from tests.access import people
from tests.adoption.settings import second_manager
from tests.erasure.conftest import agreed, left_without_signing
from tests.evidence.conftest import Room
from tests.meeting.ways import called, held, line_of, minutes_kept
from tests.stage import throwaway_copy
from tests.times import T0
from tests.world import World

# Behind every slot of the story: the clock stood there once.
LATER = T0 + timedelta(days=2)


@contextmanager
def as_owner_role() -> Iterator[None]:
    """Django signs in as the owner, as the operator's commands do."""
    account, own = urlsplit(url_of("owner")), connections["default"]
    login = {"USER": unquote(account.username or ""), "PASSWORD": unquote(account.password or "")}
    connections["default"] = type(own)({**own.settings_dict, **login}, alias="default")
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = own


@dataclass
class Made:
    """A file, its reader's key, and what the system that it came from was like."""

    file: Path
    identity: Path
    reader: pyrage.x25519.Identity
    told: dict[str, Any]
    world: World
    erased: Case
    folder: Path

    @property
    def lines(self) -> list[bytes]:
        return pyrage.decrypt(self.file.read_bytes(), [self.reader]).splitlines(keepends=True)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The lines of a table, read."""
        return [found for line in self.lines if (found := json.loads(line)).get("table") == table]

    def changed(self, name: str, change: Callable[[list[bytes]], list[bytes]]) -> Path:
        """A file of other lines, for the same reader."""
        path = self.folder / name
        path.write_bytes(pyrage.encrypt(b"".join(change(self.lines)), [self.reader.to_public()]))
        return path

    def imported(self, file: Path | None = None) -> dict[str, Any]:
        """Into the system that Django is bound to."""
        connections.close_all()
        keys.forget()
        return arriving.open_import(file or self.file, identity=self.identity)


def story() -> tuple[World, Case]:
    """A Restricted report with all that can hang on it, others of every kind, and a case whose keys are destroyed."""
    world = World.build()
    people.build(world, "restricted")
    meeting = called(world)
    unrestricted = world.signed("unrestricted")
    world.converted(world.signed("restricted", at=T0 - timedelta(hours=2)))
    world.contact()
    minutes_kept(world, line_of(world, held(world, meeting), unrestricted.case_id))
    Room.build(world).sealed("unrestricted")
    gone = left_without_signing(world)
    agreed(world, gone)
    with as_owner_role():
        destruction.case_erase(destruction.find(gone.number), clock.now())
        checkpoints.checkpoint_make(at=clock.now())
    return world, gone


def written(
    path: Path, world: World, recipient: str, cut: Cut | None = None, second: User | None = None
) -> dict[str, Any]:
    """Asked for by one programme manager, approved by another, made by the operator."""
    row = open_export_ask(actor=world.manager, recipient=recipient, at=clock.now())
    export_approve(actor=second or second_manager(world), export_id=row.pk, at=clock.now())
    with as_owner_role():
        return leaving.open_export(path, export_id=row.pk, recipient=recipient, cut=cut)


@pytest.fixture(scope="session")
def made(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Made]:
    folder = tmp_path_factory.mktemp("open")
    reader = pyrage.x25519.Identity.generate()
    identity = folder / "key.txt"
    identity.write_text(f"# invented\n{reader}\n")
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), throwaway_copy():
        patch.setattr("notifications.compose.draw", lambda: 0.999)
        patch.setattr(settings, "CHECKPOINT_DIR", "")
        patch.setattr(settings, "CHECKPOINT_KEY", "5a" * 32)
        clock.move(T0, hold=True)
        world, gone = story()
        clock.move(LATER, hold=True)
        told = written(folder / "all.age", world, str(reader.to_public()))
        connections.close_all()
    return Made(folder / "all.age", identity, reader, told, world, gone, folder)


@pytest.fixture
def empty(django_db_setup, django_db_blocker) -> Iterator[Any]:
    """An empty system, prepared, with keys of its own."""
    with django_db_blocker.unblock(), throwaway_copy() as copy:
        yield copy
