"""Who holds what is kept beside appointments, and is at every instant what appointments and certifications say."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection

from accounts.models import Appointment, Certification, Location, Role
from accounts.selectors import current, installation_of
from accounts.services import appointment_create, appointment_end, appointment_refuse, user_deactivate
from reports import access
from sapr import clock
from tests.adoption.settings import made_manager
from tests.database.refusals import refused
from tests.factories import AppointmentFactory, PostFactory
from tests.stage import in_database
from tests.times import T0

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KEPT = "SELECT user_id, post_id, role, place FROM accounts_held WHERE starts_at <= %s AND ends_at > %s"
RENEWED = """INSERT INTO accounts_certification (id, user_id, starts_at, ends_at)
    VALUES (gen_random_uuid(), %s, %s, %s) RETURNING id"""


def kept(at: datetime) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(KEPT, [at, at])
        return sorted(cursor.fetchall())


def meant(at: datetime) -> list[tuple]:
    """The same, from the rows that it is derived from."""
    rows = Appointment.objects.filter(current(at), user__is_active=True).select_related("post__location")
    return sorted((a.user_id, a.post_id, a.post.role, installation_of(a.post.location).pk) for a in rows)


def agree() -> int:
    """At each instant at which anything begins or ends; how many lines at T0."""
    edges = {T0}
    for row in [*Appointment.objects.all(), *Certification.objects.all()]:
        edges |= {row.starts_at, row.ends_at, getattr(row, "revoked_at", None)} - {None}
    for edge in edges:
        for at in (edge - timedelta(microseconds=1), edge):
            assert kept(at) == meant(at), at
    return len(kept(T0))


def test_who_holds_what_follows_every_change(stage, owner) -> None:
    world = stage.world
    lines = agree()
    va = Certification.objects.get(user=world.va)
    # Revoked, given again with a gap, renewed before it runs out, ended before it began.
    owner.execute("UPDATE accounts_certification SET revoked_at = %s WHERE id = %s", [T0 - HOUR, va.pk])
    assert agree() == lines - 1
    for begins, ends in (
        (T0 + DAY, T0 + 3 * DAY),
        (T0 + 2 * DAY, T0 + 9 * DAY),
        (T0 + 20 * DAY, T0 + 30 * DAY),
    ):
        [(made,)] = owner.execute(RENEWED, [world.va.pk, begins, ends]).fetchall()
        agree()
    owner.execute("UPDATE accounts_certification SET revoked_at = %s WHERE id = %s", [T0, made])
    agree()
    owner.execute(RENEWED, [world.va.pk, T0, T0 + DAY])
    assert agree() == lines
    # Without a certification, proposed, refused, ended, to come.
    AppointmentFactory(post=PostFactory(role=Role.SARC), certified=False)
    with access.viewing(world.manager):
        row = appointment_create(
            user=world.va, post=world.posts["mcio"], actor=world.manager, at=T0, starts_at=T0, ends_at=None
        )
    assert agree() == lines
    appointment_refuse(
        appointment_id=row.pk, actor=made_manager(world, "second", by=None, at=T0 - 9 * DAY), at=T0
    )
    lines = agree()
    AppointmentFactory(post=world.posts["mcio"], user=world.va, starts_at=T0 + DAY, ends_at=T0 + 2 * DAY)
    clock.move(T0 + HOUR, hold=True)
    held = Appointment.objects.get(user=world.stranger)
    appointment_end(appointment=held, actor=world.manager, at=T0 + HOUR)
    agree()
    user_deactivate(user=world.sarc, actor=world.manager, at=T0 + HOUR)
    assert agree() == lines - 1
    # What only the owner changes: what a post is, where it is, and to what a unit belongs.
    elsewhere = Location.objects.get(name="Fort Elsewhere")
    unit = world.posts["unit_commander"].location
    there = set(kept(T0))
    owner.execute(
        "UPDATE accounts_post SET role = 'evidence_custodian' WHERE id = %s", [world.posts["mcio"].pk]
    )
    owner.execute(
        "UPDATE accounts_post SET location_id = %s WHERE id = %s", [elsewhere.pk, world.posts["va"].pk]
    )
    owner.execute("UPDATE accounts_location SET parent_id = %s WHERE id = %s", [elsewhere.pk, unit.pk])
    agree()
    assert len(set(kept(T0)) ^ there) == 8
    owner.execute("DELETE FROM accounts_certification WHERE user_id = %s", [world.va.pk])
    agree()


def test_one_of_two_who_change_what_a_person_holds_waits_for_the_other(stage, owner) -> None:
    person = stage.world.va.pk
    url = in_database(stage.env["OWNER_DATABASE_URL"], stage.names["default"])
    with psycopg.connect(url) as first:
        first.execute("UPDATE accounts_certification SET revoked_at = %s WHERE user_id = %s", [T0, person])
        owner.execute("SET lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            owner.execute(RENEWED, [person, T0, T0 + DAY])
    owner.execute(RENEWED, [person, T0, T0 + DAY])
    agree()
    # An older view of the rows would miss what stands by now.
    owner.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    with pytest.raises(psycopg.Error, match="under read committed alone"):
        owner.execute(RENEWED, [person, T0 + DAY, datetime(2027, 1, 1, tzinfo=UTC)])
    owner.execute("ROLLBACK")


def test_no_account_writes_who_holds_what(world) -> None:
    with access.viewing(world.manager), connection.cursor() as cursor:
        for statement in (
            "INSERT INTO accounts_held SELECT * FROM accounts_held", "UPDATE accounts_held SET ends_at = 'infinity'",
            "DELETE FROM accounts_held", "SELECT accounts_held_anew('{}')",
        ):  # fmt: skip
            with refused("permission denied"):
                cursor.execute(statement)
