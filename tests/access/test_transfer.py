"""Access ends with the appointment that carried it, also for somebody who holds the same role somewhere else."""

import json
from datetime import timedelta

import pytest
from django.db import connection, transaction

from accounts.models import Appointment, Location, LocationKind, Role
from accounts.selectors import holders_under, installation_of
from accounts.services import appointment_end
from reports import access
from reports.casework.services import va_assign
from reports.election.contacts import contact_open
from sapr.errors import DomainError
from tests.factories import AppointmentFactory, PostFactory, UserFactory
from tests.signed_in import signed_in
from tests.times import T0

RAW = """SELECT (SELECT count(*) FROM reports_case), (SELECT count(*) FROM reports_identity),
                (SELECT count(*) FROM reports_event)"""


def end(world, user, post) -> None:
    row = Appointment.objects.get(user=user, post=world.posts[post])
    appointment_end(appointment=row, actor=world.manager, at=T0)


def raw(user) -> tuple[int, int, int]:
    with access.viewing(user), connection.cursor() as cursor:
        cursor.execute(RAW)
        return cursor.fetchone()


def doors(user, case) -> tuple[bool, int, int, int]:
    """Whether the case is in the list, and what the API, opening and the desk answer."""
    client = signed_in(user)
    client.raise_request_exception = False
    listed = str(case.pk) in client.get("/api/v1/cases").content.decode()
    body = json.dumps({"purpose": "case_work"})
    sealed = client.post(f"/api/v1/cases/{case.pk}/sealed", body, content_type="application/json")
    found = client.get(f"/api/v1/cases/{case.pk}")
    return listed, found.status_code, sealed.status_code, client.get(f"/admin/cases/{case.pk}/").status_code


def refusal(action, **kwargs) -> str:
    with pytest.raises(DomainError) as told, transaction.atomic():
        action(**kwargs)
    return told.value.code


@pytest.mark.parametrize(("who", "role"), [("sarc", Role.SARC), ("va", Role.VA)])
def test_who_is_transferred_reaches_the_old_cases_by_no_door_from_that_moment(world, held_clock, who, role):
    case = world.contact()
    va_assign(actor=world.sarc, case_id=case.pk, va=world.va, at=T0)
    person = getattr(world, who)
    fort = world.posts["stranger"].location
    new = fort.posts.filter(role=role).first() or PostFactory(location=fort, role=role)
    AppointmentFactory(post=new, user=person)
    held_clock.move(T0 + timedelta(seconds=1), hold=True)
    assert doors(person, case) == (True, 200, 200, 200)
    assert all(raw(person))

    end(world, person, who)
    held_clock.move(T0 + timedelta(seconds=2), hold=True)
    assert doors(person, case) == (False, 404, 404, 404)
    assert raw(person) == (0, 0, 0)
    with access.viewing(person):
        assert not access.decide(person, "case_view", case, T0 + timedelta(seconds=2)).allowed


def test_who_is_renewed_at_the_same_installation_works_on(world, held_clock):
    case = world.contact()
    AppointmentFactory(post=world.posts["sarc"], user=world.sarc, starts_at=T0 - timedelta(days=1))
    [old, _] = Appointment.objects.filter(user=world.sarc).order_by("starts_at")
    appointment_end(appointment=old, actor=world.manager, at=T0)
    held_clock.move(T0 + timedelta(seconds=1), hold=True)
    assert doors(world.sarc, case) == (True, 200, 200, 200)


def test_a_post_at_a_unit_counts_at_the_units_installation(world):
    place = Location.objects.create(kind=LocationKind.UNIT, name="Sample Unit", parent=world.installation)
    va = AppointmentFactory(post=PostFactory(location=place, role=Role.VA), user=UserFactory()).user
    with connection.cursor() as cursor:
        cursor.execute("SELECT sapr_installation_of(%s)", [place.pk])
        assert cursor.fetchone() == (installation_of(place).pk,) == (world.installation.pk,)
    assert va in holders_under(world.installation, Role.VA, T0)
    case = world.contact()
    va_assign(actor=world.sarc, case_id=case.pk, va=va, at=T0)
    assert doors(va, case) == (True, 200, 200, 200)
    assert raw(va)[0] == 1


def test_only_a_va_of_the_cases_installation_is_assigned(world):
    case = world.contact()
    fort = PostFactory(location=world.posts["stranger"].location, role=Role.VA)
    elsewhere = AppointmentFactory(post=fort, user=UserFactory()).user
    assert refusal(va_assign, actor=world.sarc, case_id=case.pk, va=elsewhere, at=T0) == "not_a_va"
    page = signed_in(world.sarc).get(f"/admin/cases/{case.pk}/advocate/").content.decode()
    assert str(world.va.pk) in page
    assert str(elsewhere.pk) not in page


def test_a_contact_is_opened_only_where_its_opener_works(world):
    fort = world.posts["stranger"].location
    asked = {"actor": world.sarc, "at": T0, "installation": fort}
    assert refusal(contact_open, **asked) == "not_an_installation"
    AppointmentFactory(post=PostFactory(location=fort, role=Role.VA), user=world.sarc)
    case = contact_open(**asked)
    with access.viewing(world.sarc):
        assert list(case.assignments.filter(user=world.sarc).values_list("role", flat=True)) == ["sapr_va"]
        assert access.cases(world.sarc).filter(pk=case.pk).exists()
