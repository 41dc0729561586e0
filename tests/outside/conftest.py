"""One copy of the database for each module here; its clock only ever goes forward."""

from datetime import timedelta

import pytest

from sapr import clock
from tests.stage import throwaway_copy
from tests.times import T0
from tests.world import World


@pytest.fixture(scope="module")
def out(django_db_blocker):
    """A world in a copy of its own, shared by the module's tests."""
    with django_db_blocker.unblock(), throwaway_copy() as copy:
        clock.move(T0, hold=True)
        copy.world = World.build()
        yield copy


@pytest.fixture
def later(out):
    """A fresh day: a week after the test before, in which nothing of it waits any more."""
    from notifications.models import Channel, Outgoing
    from notifications.sweeping import sweep

    at = clock.now() + timedelta(days=7)
    clock.move(at, hold=True)
    with out.as_worker():
        sweep()
        Channel.objects.update(
            failures=0, resume_at=None, failing_since=None, dead_due_at=None, dead_at=None, told_at=None
        )
        Outgoing.objects.filter(state="queued").update(state="dropped")
    return at
