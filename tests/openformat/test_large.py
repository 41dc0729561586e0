"""The round trip of whole systems: the synthetic world, and cases in bulk, whose number memory does not follow."""

import os
import resource
import time

import pyrage
import pytest
from django.conf import settings
from django.db import connections

from accounts.models import Post, Role, User
from bench.load.filling import Filling
from reports.exports.services import export_approve, open_export_ask
from reports.vault import keys
from sapr import clock
from sapr.openformat import arriving, leaving
from sapr.openformat.cut import Cut
from sapr.world.seeding import Wanted, seed
from tests.factories import AppointmentFactory, UserFactory
from tests.openformat.conftest import as_owner_role
from tests.stage import throwaway_copy
from tests.times import T0

# For a measurement: as many cases in bulk as one likes.
BULK = int(os.environ.get("OPEN_CASES", "1000"))
MEGABYTES = 120
# Two patterns of many: making every one of them takes longer than all the rest.
STORIES = ("restricted, a day old", "restricted, long ago")


def peak() -> int:
    """The most memory that this process ever had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def round_trip(tmp_path, make, monkeypatch) -> dict[str, float]:
    """Out of a system that `make` fills, into an empty one, and counted over again there; seconds and megabytes."""
    monkeypatch.setattr(settings, "CHECKPOINT_DIR", "")
    reader = pyrage.x25519.Identity.generate()
    identity, file = tmp_path / "key.txt", tmp_path / "all.age"
    identity.write_text(str(reader))
    with throwaway_copy():
        make()
        asks = User.objects.filter(appointments__post__role=Role.PROGRAMME_MANAGER).first()
        post = Post.objects.filter(role=Role.PROGRAMME_MANAGER).first()
        decides = AppointmentFactory(post=post, user=UserFactory(username="decides")).user
        recipient = str(reader.to_public())
        row = open_export_ask(actor=asks, recipient=recipient, at=clock.now())
        export_approve(actor=decides, export_id=row.pk, at=clock.now())
        before, began = peak(), time.monotonic()
        with as_owner_role():
            told = leaving.open_export(file, export_id=row.pk, recipient=recipient)
        figures = {"lines": told["lines"], "out": time.monotonic() - began, "out_mb": peak() - before}
    with throwaway_copy():
        connections.close_all()
        keys.forget()
        before, began = peak(), time.monotonic()
        done = arriving.open_import(file, identity=identity)
        figures |= {"in": time.monotonic() - began, "in_mb": peak() - before}
        assert done["sha256"] == told["sha256"]
        with as_owner_role():
            assert leaving.checked(Cut.read(told["cut"]))["sha256"] == told["sha256"]
    return figures


@pytest.mark.long
@pytest.mark.slow
def test_the_synthetic_world_goes_round(django_db_blocker, tmp_path, monkeypatch) -> None:
    with django_db_blocker.unblock():

        def make() -> None:
            clock.move(T0, hold=True)
            seed(Wanted(40, 2, 7), progress=lambda *_: None)

        assert round_trip(tmp_path, make, monkeypatch)["lines"] > 5_000


@pytest.mark.long
@pytest.mark.slow
def test_memory_does_not_follow_the_number_of_cases(django_db_blocker, tmp_path, monkeypatch, capsys) -> None:
    with django_db_blocker.unblock():

        def make() -> None:
            with Filling(BULK, lambda text: None, STORIES) as filling:
                filling.fill()

        figures = round_trip(tmp_path, make, monkeypatch)
    with capsys.disabled():
        print(BULK, figures)
    assert max(figures["out_mb"], figures["in_mb"]) < MEGABYTES
