"""Places, posts and appointments: what is refused, and how an appointment ends."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from accounts import selectors, services
from accounts.models import Appointment, Location, LocationKind, Role, User
from reports.policy import FactsError
from sapr.errors import DomainError
from tests.database.refusals import refused
from tests.factories import AppointmentFactory, PostFactory
from tests.signed_in import signed_in
from tests.times import T0

HOUR = timedelta(hours=1)


def refusal(action, **kwargs) -> str:
    """The code with which the service refuses."""
    with pytest.raises((DomainError, FactsError)) as told, transaction.atomic():
        action(**kwargs)
    return told.value.code


@pytest.fixture
def manager(world) -> Client:
    return signed_in(world.manager)


def appointed(world, *, starts_at=T0 - HOUR, ends_at=None, user=None, post="mcio") -> Appointment:
    """Made by the system, so in force at once; what two persons make is in test_two_persons.py."""
    return services.appointment_create(
        user=user or world.va,
        post=world.posts[post],
        starts_at=starts_at,
        ends_at=ends_at,
        actor=None,
        at=T0,
    )


class TestAnAppointmentEndsOnce:
    def test_a_planned_end_is_moved_to_now(self, world):
        row = appointed(world, ends_at=T0 + 30 * HOUR)
        assert services.appointment_end(appointment=row, actor=world.manager, at=T0).ends_at == T0
        assert "mcio" not in selectors.roles_of(world.va, T0)

    def test_one_that_has_ended_stays_as_it_is(self, world):
        row = appointed(world, ends_at=T0 + HOUR)
        services.appointment_end(appointment=row, actor=world.manager, at=T0)
        again = {"appointment": row, "actor": world.manager}
        assert refusal(services.appointment_end, at=T0, **again) == "already_ended"
        with refused("only ever ended"):
            Appointment.objects.filter(pk=row.pk).update(ends_at=T0 - HOUR / 2)

    @pytest.mark.parametrize("later", [T0 + 3 * HOUR, None])
    def test_a_planned_end_is_never_put_off(self, world, later):
        row = appointed(world, ends_at=T0 + 2 * HOUR)
        with refused("only ever ended"):
            Appointment.objects.filter(pk=row.pk).update(ends_at=later)
        Appointment.objects.filter(pk=row.pk).update(ends_at=T0 + HOUR)

    def test_the_page_ends_a_planned_one_now(self, world, manager):
        row = appointed(world, ends_at=T0 + 30 * HOUR)
        url = f"/admin/staff/appointments/{row.pk}/end/"
        assert f'href="{url}">End now</a>' in manager.get("/admin/staff/").content.decode()
        assert manager.post(url, {"confirm": "on"}).status_code == 302
        row.refresh_from_db()
        assert row.ends_at == T0
        assert url not in manager.get("/admin/staff/").content.decode()

    def test_nobody_ends_their_own(self, world, manager):
        row = Appointment.objects.get(user=world.manager)
        own = {"appointment": row, "actor": world.manager, "at": T0}
        assert refusal(services.appointment_end, **own) == "own_rights"


class TestNobodyHoldsAPostTwiceAtATime:
    @pytest.mark.parametrize(
        ("starts_at", "ends_at"),
        [(T0, None), (T0, T0 + HOUR), (T0 - 2 * HOUR, T0), (T0 - 2 * HOUR, None), (T0 + HOUR, T0 + 2 * HOUR)],
    )
    def test_an_overlap_is_refused(self, world, starts_at, ends_at):
        appointed(world, ends_at=T0 + 3 * HOUR)
        twice = {"world": world, "starts_at": starts_at, "ends_at": ends_at}
        assert refusal(appointed, **twice) == "already_appointed"

    @pytest.mark.parametrize(("starts_at", "ends_at"), [(T0 + 3 * HOUR, None), (T0 - 2 * HOUR, T0 - HOUR)])
    def test_one_after_the_other_is_not(self, world, starts_at, ends_at):
        appointed(world, ends_at=T0 + 3 * HOUR)
        assert appointed(world, starts_at=starts_at, ends_at=ends_at)

    def test_another_person_or_post_is_not(self, world):
        appointed(world)
        assert appointed(world, user=world.stranger)
        assert appointed(world, post="commander")


class TestAnInstallationLivesByAZone:
    @pytest.mark.parametrize("zone", ["Factory", "localtime", "posixrules", "Mars/Olympus", "../UTC"])
    def test_a_name_that_is_no_place_is_refused(self, world, manager, zone):
        place = {"kind": LocationKind.INSTALLATION, "name": "Camp Nowhere", "zone": zone}
        new = place | {"parent": None, "actor": world.manager, "at": T0}
        assert refusal(services.location_create, **new) == "unknown_zone"
        assert manager.post("/admin/staff/locations/new/", place).status_code == 422
        assert not Location.objects.filter(name="Camp Nowhere").exists()


class TestAPlaceBelongsToTheKindAboveIt:
    """So that Python and row-level security name the same installation for a unit."""

    KINDS = (*LocationKind, None)
    FIT = {
        (LocationKind.UNIT, LocationKind.INSTALLATION),
        (LocationKind.INSTALLATION, LocationKind.COMMAND),
        (LocationKind.INSTALLATION, None),
        (LocationKind.COMMAND, LocationKind.COMMAND),
        (LocationKind.COMMAND, None),
    }

    @pytest.mark.parametrize("above", KINDS)
    @pytest.mark.parametrize("kind", LocationKind)
    def test_in_the_service_and_in_the_database(self, world, kind, above):
        parent = Location.objects.filter(kind=above).first()
        assert (parent is None) == (above is None)
        new = {"kind": kind, "name": "Camp Somewhere", "zone": "UTC", "parent": parent}
        if (kind, above) in self.FIT:
            assert services.location_create(**new, actor=world.manager, at=T0)
        else:
            assert refusal(services.location_create, **new, actor=world.manager, at=T0) == "wrong_parent"
            with refused("a unit belongs to an installation"):
                Location.objects.create(**new)

    def test_the_page_offers_no_unit(self, world, manager):
        page = manager.get("/admin/staff/locations/new/").content.decode()
        unit = Location.objects.get(kind=LocationKind.UNIT)
        assert (str(world.installation.pk) in page, str(unit.pk) in page) == (True, False)


class TestACommanderHasSomebodyAbove:
    @pytest.fixture
    def unit(self, world) -> Location:
        return Location.objects.create(
            kind=LocationKind.UNIT, name="2nd Sample Company", zone="UTC", parent=world.installation
        )

    def test_the_service_asks_for_the_next_higher_post(self, world, unit, manager):
        new = {"location": unit, "role": Role.UNIT_COMMANDER, "title": "Commander, 2nd Sample Company"}
        by = {"actor": world.manager, "at": T0}
        assert refusal(services.post_create, next_higher=None, **new, **by) == "next_higher_needed"
        data = {**new, "location": str(unit.pk)}
        assert manager.post("/admin/staff/posts/new/", data).status_code == 422
        assert services.post_create(next_higher=world.posts["commander"], **new, **by).pk

    def test_the_database_does_too(self, unit):
        with refused("has a next higher post"):
            PostFactory(location=unit, role=Role.UNIT_COMMANDER)


def test_the_quick_statement_and_the_query_say_the_same_of_everybody(world) -> None:
    """Roles are read by one statement, lists of people by a query; at every instant they agree."""
    ended = AppointmentFactory(post=world.posts["va"], user=world.mcio, ends_at=T0 + HOUR)
    AppointmentFactory(post=world.posts["sarc"], user=world.commander, certified=False)
    AppointmentFactory(post=world.posts["unit_commander"], user=world.commander, starts_at=T0 + HOUR)
    services.appointment_create(
        user=world.higher, post=world.posts["mcio"], starts_at=T0, ends_at=None, actor=world.manager, at=T0
    )
    closed = AppointmentFactory(post=world.posts["mcio"]).user
    closed.is_active = False
    people = [*User.objects.exclude(pk=closed.pk), closed]
    for at in (
        T0 - 100 * HOUR * 24,
        T0 - HOUR,
        T0,
        ended.ends_at - HOUR / 60,
        ended.ends_at,
        T0 + 10**5 * HOUR,
    ):
        for user in people:
            held = selectors.appointments_of(user, at)
            assert selectors.roles_of(user, at) == {each.post.role for each in held}
            places = selectors.places_by_role(user, at)
            assert places == {
                role: {
                    selectors.installation_of(each.post.location).pk
                    for each in held
                    if each.post.role == role
                }
                for role in places
            }
            assert set(places) == selectors.roles_of(user, at)
