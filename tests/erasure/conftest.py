"""Ways to a case that may be erased."""

from datetime import datetime

import pytest

from reports import access
from reports.election import contacts
from reports.erasure import services
from reports.erasure.models import Erasure
from sapr import clock
from tests.adoption.settings import second_manager
from tests.times import T0


def left_without_signing(world):
    """A contact that ended: nothing of it has a period of keeping."""
    case = world.contact()
    contacts.contact_walk_away(actor=world.sarc, case_id=case.pk, at=T0)
    return case


def agreed(world, case, at: datetime = T0) -> Erasure:
    """Proposed by the SARC and approved by a programme manager."""
    row = services.erasure_propose(actor=world.sarc, case_id=case.pk, at=at)
    return services.erasure_approve(actor=world.manager, erasure_id=row.pk, at=at)


def at(instant: datetime) -> datetime:
    """Let the clock stand there."""
    clock.move(instant, hold=True)
    return instant


@pytest.fixture
def second(world):
    return second_manager(world)


@pytest.fixture
def as_sarc(world):
    with access.viewing(world.sarc):
        yield
