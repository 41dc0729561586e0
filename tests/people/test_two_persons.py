"""An appointment is in force once an independent second person approved it."""

import os
import threading
from datetime import timedelta

import psycopg
from django.db import connection

from accounts import selectors, services
from accounts.acting import acting
from accounts.bootstrap import manager_restore, staff_bootstrap
from reports import access
from reports.ledger.selectors import system_events
from sapr import clock
from sapr.errors import DomainError
from tests.adoption.settings import made_manager
from tests.database.refusals import refused
from tests.factories import UserFactory
from tests.people.rights import code_of_refusal, proposed, run
from tests.staffing import independent_manager
from tests.stage import in_database
from tests.times import T0

HOUR = timedelta(hours=1)


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


def test_the_two_of_the_bootstrap_appoint_everybody_else(held_clock) -> None:
    (first, _), (other, _) = staff_bootstrap(at=T0)
    with acting(first):
        user = services.user_create(
            username="new", display_name="New", email="new@staff.invalid", actor=first, at=T0
        )
    post = first.appointments.get().post
    new = {"user": user, "post": post, "starts_at": T0, "ends_at": None}
    row = services.appointment_create(**new, actor=first, at=T0)
    assert services.appointment_approve(appointment_id=row.pk, actor=other, at=T0).state == "approved"


def test_in_a_real_database_the_system_appoints_only_while_there_are_not_two_managers(stage) -> None:
    """As the bootstrap does; from then on two persons appoint. (The copy is made real behind its own back.)"""
    world = stage.world
    second = independent_manager(world, "manager2")
    made_real(stage)
    now = clock.now()
    with refused("two programme managers appoint"):
        services.appointment_create(
            user=world.va, post=world.posts["manager"], starts_at=now, ends_at=None, actor=None, at=now
        )
    assert code_of_refusal(manager_restore, username="third", at=now) == "enough_managers"
    services.user_deactivate(user=second, actor=world.manager, at=now)
    with refused("two programme managers appoint"):
        services.appointment_create(
            user=world.va, post=world.posts["mcio"], starts_at=now, ends_at=None, actor=None, at=now
        )
    third, _ = manager_restore(username="third", at=now)
    row = services.appointment_create(
        user=world.va, post=world.posts["mcio"], starts_at=now, ends_at=None, actor=world.manager, at=now
    )
    assert (
        services.appointment_approve(appointment_id=row.pk, actor=third, at=clock.now()).decided_by == third
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
