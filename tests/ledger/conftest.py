"""One committed ledger for every attack: tampered with, exported, and put back as it was."""

import pytest
from django.test import override_settings

from reports import access
from reports.ledger.services import append
from tests.ledger.attacker import Attacker
from tests.ledger.inspecting import KEY, checkpoint
from tests.stage import throwaway_copy
from tests.times import T0


class Scene:
    """Two cases and the system's chain, three checkpoints, everything sealed; and the first checkpoint's backup."""

    def __init__(self, copy, world) -> None:
        self.stage, self.world = copy, world
        self.case = world.signed("restricted").case
        self.other = world.signed("unrestricted").case
        self.attacker = Attacker(copy)
        checkpoint()
        self.attacker.save("old")
        self.log(self.case, 3)
        checkpoint()
        self.log(self.other, 2)
        self.newest = checkpoint()
        self.attacker.save("whole")
        self.length = self.attacker.length(self.case.pk)

    def log(self, case, times: int) -> None:
        with access.viewing(self.world.sarc):
            for _ in range(times):
                append(case_id=case.pk, kind="contact_logged", actor=self.world.sarc, at=T0)


@pytest.fixture(scope="module")
def whole_scene(django_db_setup, django_db_blocker):
    from sapr import clock
    from tests.world import World

    with (
        django_db_blocker.unblock(),
        override_settings(CHECKPOINT_KEY=KEY, CHECKPOINT_DIR="", CHECKPOINT_MAIL=[]),
        throwaway_copy() as copy,
    ):
        clock.move(T0, hold=True)
        yield Scene(copy, World.build())


@pytest.fixture
def scene(whole_scene):
    """The scene untouched; whatever a test does to it is undone."""
    yield whole_scene
    whole_scene.attacker.put_back("whole")
