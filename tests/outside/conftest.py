"""One copy of the database for each module here; its clock only ever goes forward."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Role, User
from notifications.models import Channel, Outgoing
from notifications.outside import rounds
from notifications.outside.models import MailRound
from notifications.sweeping import sweep
from sapr import clock
from tests.factories import AppointmentFactory, InstallationFactory, PostFactory, UserFactory
from tests.outside.mailbox import BOX, NAME
from tests.stage import throwaway_copy
from tests.times import T0
from tests.world import World

UNITS = ("none", "one_", "five")
NEW_YORK, MORNING = ZoneInfo("America/New_York"), 9


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
    at = clock.now() + timedelta(days=7)
    clock.move(at, hold=True)
    with out.as_worker():
        sweep()
        Channel.objects.update(
            failures=0, resume_at=None, failing_since=None, dead_due_at=None, dead_at=None, told_at=None
        )
        Outgoing.objects.filter(state="queued").update(state="dropped")
    return at


@pytest.fixture
def box(settings):
    settings.EMAIL_BACKEND = NAME
    BOX.clear()
    yield BOX
    BOX.clear()


@pytest.fixture
def mailed(out, later, box):
    """A round of many is made, its mails queued and none handed over yet; the clock stands at its instant."""
    with out.as_worker():
        while True:
            planned = MailRound.objects.get(made_at=None)
            clock.move(planned.planned_at, hold=True)
            if planned.planned_at.astimezone(NEW_YORK).hour == MORNING:
                rounds.make(planned, planned.planned_at)
                return planned
            sweep()
            box.clear()


@pytest.fixture(scope="module")
def units(out):
    """Three installations in one zone with SARC and commander, whose addresses are equally long."""
    world = out.world
    User.objects.update(is_active=False)
    people = {}
    for unit in UNITS:
        place = InstallationFactory(name=f"Camp {unit}", parent=world.installation.parent)
        for role, who in ((Role.SARC, "sarc"), (Role.SENIOR_COMMANDER, "boss")):
            post = PostFactory(
                location=place, role=role, next_higher=world.posts["higher"] if who == "boss" else None
            )
            name = f"{who}-{unit}"
            person = UserFactory(username=name, email=f"{name}@staff.invalid")
            people[name] = AppointmentFactory(user=person, post=post).user
        PostFactory(location=place, role=Role.MCIO)
    return people
