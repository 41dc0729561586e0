"""A small world, made once."""

import pytest

from sapr import clock
from sapr.world.seeding import Wanted, seed
from tests.stage import throwaway_copy
from tests.times import T0

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(django_db_blocker):
    with django_db_blocker.unblock(), throwaway_copy() as copy:
        clock.move(T0, hold=True)
        copy.made = seed(Wanted(60, 2, 7), progress=lambda *_: None)
        yield copy


def test_it_is_made(made):
    print(made.made)
