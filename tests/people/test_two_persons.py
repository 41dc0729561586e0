"""Rights need two persons, and nobody raises their own by any way to write there is."""

import os
import threading
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.core.management import CommandError, call_command, get_commands
from django.db import DatabaseError, connection, transaction

from accounts import selectors, services
from accounts.acting import acting
from accounts.models import Appointment, Certification, User
from reports import access
from reports.ledger.selectors import system_events
from sapr.errors import DomainError
from tests.adoption.settings import made_manager
from tests.database.refusals import refused
from tests.factories import UserFactory
from tests.signed_in import app_of, signed_in
from tests.staffing import independent_manager
from tests.stage import in_database
from tests.times import T0

HOUR = timedelta(hours=1)
PEOPLE = ("sarc", "va", "commander", "unit_commander", "mcio", "manager", "higher", "stranger")


@pytest.fixture
def second(world) -> User:
    return independent_manager(world, "manager2")


def proposed(world, user: User, post: str = "mcio", *, by: User, **times) -> Appointment:
    times = {"starts_at": T0, "ends_at": None} | times
    return services.appointment_create(user=user, post=world.posts[post], actor=by, at=T0, **times)


def code_of_refusal(action, **kwargs) -> str:
    with pytest.raises(DomainError) as told, transaction.atomic():
        action(**kwargs)
    return told.value.code


def run(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


class TestAnAppointmentIsInForceOnceASecondPersonApproved:
    def test_neither_in_python_nor_in_the_database_before(self, world, second, held_clock):
        row = proposed(world, world.va, by=world.manager, starts_at=T0 - HOUR)
        assert (row.state, row.proposed_by, row.proposed_at) == ("proposed", world.manager, T0)
        assert "mcio" not in selectors.roles_of(world.va, T0)
        with access.viewing(world.va), connection.cursor() as cursor:
            cursor.execute("SELECT sapr_viewer_roles()")
            assert cursor.fetchone() == (["sapr_va"],)
        held_clock.move(T0 + HOUR, hold=True)
        done = services.appointment_approve(appointment_id=row.pk, actor=second, at=T0 + HOUR)
        # From the approval on, not from the begin that was asked for.
        assert (done.starts_at, done.decided_at, done.decided_by) == (T0 + HOUR, T0 + HOUR, second)
        assert selectors.roles_of(world.va, T0 + HOUR) == {"mcio", "sapr_va"}
        assert selectors.roles_of(world.va, T0) == {"sapr_va"}
        with access.viewing(world.va), connection.cursor() as cursor:
            cursor.execute("SELECT sapr_viewer_roles()")
            assert sorted(cursor.fetchone()[0]) == ["mcio", "sapr_va"]

    def test_all_three_steps_are_events(self, world, second):
        row = proposed(world, world.va, by=world.manager)
        services.appointment_approve(appointment_id=row.pk, actor=second, at=T0)
        other = proposed(world, world.stranger, by=world.manager)
        services.appointment_refuse(appointment_id=other.pk, actor=second, at=T0)
        with access.viewing(world.manager):
            found = system_events(viewer=world.manager).filter(kind__startswith="appointment_")
            assert [(e.kind, e.actor_id) for e in found] == [
                ("appointment_made", world.manager.pk),
                ("appointment_approved", second.pk),
                ("appointment_made", world.manager.pk),
                ("appointment_refused", second.pk),
            ]

    def test_a_refused_one_never_comes_into_force_and_may_be_proposed_again(self, world, second):
        row = proposed(world, world.va, by=world.manager)
        services.appointment_refuse(appointment_id=row.pk, actor=world.manager, at=T0)
        again = {"appointment_id": row.pk, "actor": second, "at": T0}
        assert code_of_refusal(services.appointment_approve, **again) == "already_decided"
        assert "mcio" not in selectors.roles_of(world.va, T0)
        assert proposed(world, world.va, by=world.manager).state == "proposed"

    def test_one_whose_time_has_passed_is_not_approved(self, world, second):
        row = proposed(world, world.va, by=world.manager, starts_at=T0 - 2 * HOUR, ends_at=T0 - HOUR)
        late = {"appointment_id": row.pk, "actor": second, "at": T0}
        assert code_of_refusal(services.appointment_approve, **late) == "already_ended"


class TestWhoIsNoSecondPerson:
    def test_the_proposer_the_person_and_whoever_one_person_stands_behind(self, world, second):
        row = proposed(world, world.va, by=world.manager)
        puppet = made_manager(world, "puppet", by=world.manager)
        for person in (world.manager, puppet):
            code = code_of_refusal(services.appointment_approve, appointment_id=row.pk, actor=person, at=T0)
            assert code == "second_person_needed"
            with acting(person), refused("independent second person|two_persons"):
                run(
                    "UPDATE accounts_appointment SET state = 'approved', decided_by_id = %s, decided_at = %s"
                    " WHERE id = %s",
                    person.pk,
                    T0,
                    row.pk,
                )
        own = proposed(world, second, by=world.manager)
        mine = {"appointment_id": own.pk, "actor": second, "at": T0}
        assert code_of_refusal(services.appointment_approve, **mine) == "own_rights"
        assert services.appointment_approve(appointment_id=row.pk, actor=second, at=T0).state == "approved"

    def test_whoever_was_approved_after_the_proposal(self, world, second, held_clock):
        """Proposed as a manager before, approved after: the approval is what counts."""
        newcomer = UserFactory(username="newcomer")
        early = services.appointment_create(
            user=newcomer, post=world.posts["manager"], starts_at=T0, ends_at=None, actor=second, at=T0
        )
        held_clock.move(T0 + HOUR, hold=True)
        row = proposed(world, world.va, by=world.manager)
        held_clock.move(T0 + 2 * HOUR, hold=True)
        third = independent_manager(world, "manager3")
        services.appointment_approve(appointment_id=early.pk, actor=third, at=T0 + 2 * HOUR)
        late = {"appointment_id": row.pk, "actor": newcomer, "at": T0 + 2 * HOUR}
        assert code_of_refusal(services.appointment_approve, **late) == "second_person_needed"

    def test_of_two_at_the_same_moment_one_decides(self, stage):
        world = stage.world
        deciders = [independent_manager(world, name) for name in ("manager2", "manager3")]
        row = proposed(world, world.va, by=world.manager)
        results, gate = [], threading.Barrier(2)

        def decide(person, act) -> None:
            gate.wait()
            try:
                results.append(act(appointment_id=row.pk, actor=person, at=T0).state)
            except DomainError as refusal:
                results.append(refusal.code)
            finally:
                connection.close()

        acts = (services.appointment_approve, services.appointment_refuse)
        threads = [threading.Thread(target=decide, args=pair) for pair in zip(deciders, acts, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        row.refresh_from_db()
        assert sorted(results) == sorted(["already_decided", row.state])


# What somebody would write to raise themselves. %(me)s is the account, %(other)s a manager's.
ATTACKS = {
    "an appointment of one's own, in force": "INSERT INTO accounts_appointment (id, user_id, post_id, starts_at, state)"
    " VALUES (%(new)s, %(me)s, %(post)s, %(at)s, 'approved')",
    "one's own proposal": "INSERT INTO accounts_appointment (id, user_id, post_id, starts_at, state, proposed_by_id)"
    " VALUES (%(new)s, %(me)s, %(post)s, %(at)s, 'proposed', %(me)s)",
    "a proposal in another's name": "INSERT INTO accounts_appointment"
    " (id, user_id, post_id, starts_at, state, proposed_by_id)"
    " VALUES (%(new)s, %(me)s, %(post)s, %(at)s, 'proposed', %(other)s)",
    "another's approval": "UPDATE accounts_appointment"
    " SET state = 'approved', decided_by_id = %(other)s, decided_at = %(at)s WHERE id = %(waiting)s",
    "one's own approval": "UPDATE accounts_appointment"
    " SET state = 'approved', decided_by_id = %(me)s, decided_at = %(at)s WHERE id = %(waiting)s",
    "a longer appointment": "UPDATE accounts_appointment SET ends_at = '2099-01-01' WHERE user_id = %(me)s",
    "another post": "UPDATE accounts_appointment SET post_id = %(post)s WHERE user_id = %(me)s",
    "another's appointment": "UPDATE accounts_appointment SET user_id = %(me)s WHERE user_id = %(other)s",
    "one's own certification": "INSERT INTO accounts_certification (id, user_id, starts_at, ends_at, recorded_by_id)"
    " VALUES (%(new)s, %(me)s, %(at)s, '2099-01-01', %(me)s)",
    "a certification by nobody": "INSERT INTO accounts_certification (id, user_id, starts_at, ends_at)"
    " VALUES (%(new)s, %(me)s, %(at)s, '2099-01-01')",
    "a revocation undone": "UPDATE accounts_certification SET revoked_at = NULL WHERE id = %(revoked)s",
    "a longer certification": "UPDATE accounts_certification SET ends_at = '2099-01-01' WHERE user_id = %(me)s",
    "the role of a post": "UPDATE accounts_post SET role = 'programme_manager'",
    "a closed account opened": "UPDATE accounts_user SET is_active = true WHERE id = %(closed)s",
    "another's factor": "UPDATE mfa_authenticator SET user_id = %(me)s WHERE user_id = %(other)s",
    "a certificate bound": "INSERT INTO accounts_clientcertificate (id, user_id, subject_digest, bound_at)"
    " VALUES (%(new)s, %(me)s, '\\x00', %(at)s)",
    "failures forgotten": "DELETE FROM accounts_signinfailure",
}


def succeeds(statement: str, values: dict) -> bool:
    """Whether the statement changes a row. Undone in any case."""
    with transaction.atomic(), connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(statement, values)
                touched = cursor.rowcount > 0
        except DatabaseError:
            touched = False
        transaction.set_rollback(True)
    return touched


def test_nobody_raises_themselves_by_sql_of_the_web_role(world, second) -> None:
    """Every account, each statement with itself as the viewer: refused, or no row is touched."""
    app_of(second)
    run("INSERT INTO accounts_signinfailure (id, name_digest, at) VALUES (%s, '\\x01', %s)", uuid4(), T0)
    closed = UserFactory(username="closed", is_active=False)
    successes = []
    for name in PEOPLE:
        person = getattr(world, name)
        proposer = world.manager if person != world.manager else second
        with transaction.atomic():
            row = proposed(world, person, spare(name), by=proposer)
            mark = Certification.objects.filter(user=person).first()
            if mark is not None:
                services.certification_end(certification=mark, actor=proposer, at=T0)
            values = {
                "me": person.pk, "other": second.pk, "new": uuid4(), "at": T0, "waiting": row.pk,
                "post": world.posts["manager" if name != "manager" else "sarc"].pk,
                "revoked": mark.pk if mark else uuid4(), "closed": closed.pk,
            }  # fmt: skip
            with acting(person):
                successes += [(name, what) for what, sql in ATTACKS.items() if succeeds(sql, values)]
            transaction.set_rollback(True)
    assert successes == []


def spare(name: str) -> str:
    """A post that this person does not hold."""
    return "mcio" if name != "mcio" else "commander"


@pytest.mark.parametrize("name", PEOPLE)
def test_nobody_raises_themselves_by_a_page(world, second, name) -> None:
    """Each write page of the staff room, sent by each account about itself."""
    person = getattr(world, name)
    client = signed_in(person)
    row = proposed(world, person, spare(name), by=second)
    held = Appointment.objects.filter(user=person, state="approved").first()
    before = (selectors.roles_of(person, T0), Certification.objects.count(), Appointment.objects.count())
    me, day = str(person.pk), {"starts_on": "2026-01-01", "ends_on": "2099-01-01"}
    sent = [
        ("appointments/new/", {"user": me, "post": str(world.posts["manager"].pk)}),
        (f"appointments/{row.pk}/", {"decision": "approve", "confirm": "on"}),
        (f"appointments/{held.pk}/end/", {"confirm": "on"}),
        ("certifications/new/", {"user": me, **day}),
        (f"people/{me}/link/", {}),
        (f"people/{me}/close/", {"confirm": "on"}),
    ]
    for path, data in sent:
        assert client.post(f"/admin/staff/{path}", data).status_code in {302, 403, 422, 409}, path
    after = (selectors.roles_of(person, T0), Certification.objects.count(), Appointment.objects.count())
    assert after == before
    row.refresh_from_db()
    assert row.state == "proposed"
    assert User.objects.get(pk=person.pk).is_active


def test_in_a_real_database_the_system_appoints_two_managers_and_certifies_nobody(stage) -> None:
    """As the bootstrap does; from then on two persons appoint. (The copy is made real behind its own back.)"""
    world = stage.world
    made_real(stage)
    with refused("two programme managers appoint"):
        services.appointment_create(
            user=world.va, post=world.posts["manager"], starts_at=T0, ends_at=None, actor=None, at=T0
        )
    with refused("only a programme manager records"):
        services.certification_record(
            user=world.commander, starts_at=T0, ends_at=T0 + HOUR, actor=None, at=T0
        )


def made_real(stage) -> None:
    url = in_database(os.environ["ADMIN_DATABASE_URL"], stage.names["default"])
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("ALTER TABLE sapr_database DISABLE TRIGGER USER")
        admin.execute("UPDATE sapr_database SET kind = 'real', held_at = NULL, moved_by = '0'")


def test_there_is_no_superuser_and_no_way_to_make_one(world) -> None:
    columns = {field.name for field in User._meta.get_fields()}
    assert not columns & {"is_superuser", "is_staff", "groups", "user_permissions"}
    assert not hasattr(User.objects, "create_superuser")
    assert get_commands()["createsuperuser"] == "sapr"
    with pytest.raises(CommandError, match="staff bootstrap"):
        call_command("createsuperuser")
    assert not any(user.has_perm("anything") for user in User.objects.all())
