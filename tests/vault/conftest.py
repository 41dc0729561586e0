"""What the vault's tests share: a committed stage with its own keys, and short ways to open and to look."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from reports import access
from reports.election.models import Case, Identity
from reports.vault import keys
from reports.vault.services import open_sealed
from tests.times import T0


@dataclass
class Vault:
    """A stage, the files of its keys, and its sealed cases."""

    stage: Any
    cases: list[Case] = field(default_factory=list)

    @property
    def epoch(self) -> Path:
        return Path(settings.KEY_EPOCH_FILE)

    @property
    def master(self) -> Path:
        return Path(settings.MASTER_KEY_FILE)

    @property
    def place(self) -> Path:
        return Path(settings.KEY_STORE_PLACES[0])

    def opened(self, case: Case) -> str:
        """The name that is sealed in a case, as another process would open it."""
        keys.forget()
        world = self.stage.world
        with access.viewing(world.sarc):
            record = Identity.objects.get(case=case)
            return open_sealed(record=record, actor=world.sarc, purpose="case_work", at=T0)["name"]


@pytest.fixture
def vault(stage) -> Vault:
    """Three contacts with sealed names: Invented 0 to 2."""
    made = Vault(stage)
    made.cases = [stage.world.contact(name=f"Invented {number}") for number in range(3)]
    return made
