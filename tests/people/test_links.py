"""Whoever holds an enrolment link becomes its person: no manager becomes their own second one by making links."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from accounts import selectors, services
from accounts.acting import acting
from accounts.bootstrap import manager_restore, staff_bootstrap
from accounts.models import Appointment, Enrolment, User
from reports.ledger.services import append_system
from sapr import clock
from tests.database.refusals import refused
from tests.people.half_way import PASSWORD, text
from tests.people.rights import code_of_refusal, proposed, run
from tests.signed_in import signed_in
from tests.times import T0

LINK = re.compile(r'data-test="enrolment-code">([^<]+)')


def added(client: Client, username: str) -> tuple[User, str]:
    """Somebody whom a manager added at the desk, and the code of their link."""
    data = {"username": username, "display_name": "Invented Newcomer", "email": f"{username}@staff.invalid"}
    page = text(client.post("/admin/staff/people/new/", data))
    return User.objects.get(username=username), LINK.search(page)[1]


def offered(client: Client, person: User) -> bool:
    return f"/admin/staff/people/{person.pk}/link/" in text(client.get("/admin/staff/"))


def asked(client: Client, person: User) -> str:
    """What the desk says to somebody who asks for a link all the same."""
    return text(client.post(f"/admin/staff/people/{person.pk}/link/", follow=True))


def enrolled(code: str) -> bool:
    chosen = {"code": code, "password": PASSWORD, "again": PASSWORD}
    return Client().post("/enrol/", chosen).status_code == 302


def test_not_by_a_link_for_the_manager_whom_the_command_line_restored(world, second, quick) -> None:
    first = signed_in(world.manager)
    services.user_deactivate(user=second, actor=world.manager, at=T0)
    third, operators = manager_restore(username="third", at=clock.now())
    assert not offered(first, third)
    assert "command line makes one" in asked(first, third)
    assert Enrolment.objects.filter(user=third).count() == 1
    # What the operator handed over is good still, and nobody else's.
    assert enrolled(operators)


def test_not_by_a_link_for_the_other_one_of_a_fresh_installation(held_clock, db, quick) -> None:
    (first, code), (other, _) = staff_bootstrap(at=T0)
    assert enrolled(code)
    client = signed_in(User.objects.get(pk=first.pk))
    assert not offered(client, other)
    assert "command line makes one" in asked(client, other)
    assert not LINK.search(asked(client, other))
    assert Enrolment.objects.filter(user=other).count() == 1


def test_not_by_a_link_for_somebody_approved_who_has_not_enrolled(world, second, quick) -> None:
    """Neither by the one who approved, nor by the one who added the person, nor by the link made before."""
    maker, approver = signed_in(world.manager), signed_in(second)
    anna, code = added(maker, "anna")
    assert (offered(maker, anna), offered(approver, anna)) == (True, False)
    row = proposed(world, anna, by=world.manager)
    assert not offered(maker, anna)
    url = f"/admin/staff/appointments/{row.pk}/"
    assert 'data-test="not-enrolled"' in text(approver.get(url))
    assert approver.post(url, {"decision": "approve"}).status_code == 302
    assert not enrolled(code)
    for client in (maker, approver):
        assert not offered(client, anna)
        assert "command line makes one" in asked(client, anna)
    assert enrolled(services.enrolment_create(user=anna, actor=None, at=T0))


def test_a_refused_proposal_leaves_the_link_to_its_maker(world, second) -> None:
    maker = signed_in(world.manager)
    anna, _ = added(maker, "anna")
    row = proposed(world, anna, by=second)
    services.appointment_refuse(appointment_id=row.pk, actor=second, at=T0)
    assert offered(maker, anna)
    assert LINK.search(asked(maker, anna))


def test_whoever_made_a_link_stands_behind_the_account(world, second) -> None:
    row = proposed(world, world.va, by=world.manager)
    # As a release before this rule let it happen.
    append_system(kind="enrolment_created", actor=world.manager, at=T0, data={"user": str(second.pk)})
    with acting(second):
        assert not selectors.may_approve(row, second)
    approve = {"appointment_id": row.pk, "actor": second, "at": T0}
    assert code_of_refusal(services.appointment_approve, **approve) == "second_person_needed"


class TestTheDatabase:
    """Statements of the web role with the manager as the viewer."""

    def insert(self, person: User) -> None:
        run(
            "INSERT INTO accounts_enrolment (id, user_id, token_hash, expires_at) VALUES (%s, %s, %s, '2099-01-01')",
            uuid4(),
            person.pk,
            uuid4().bytes,
        )

    @pytest.fixture
    def anna(self, world) -> User:
        return added(signed_in(world.manager), "anna")[0]

    def test_a_link_is_made_by_the_maker_of_the_account_before_any_proposal(self, world, second, anna):
        with acting(world.manager):
            self.insert(anna)
        for viewer, person in ((second, anna), (world.sarc, anna), (world.manager, second), (anna, anna)):
            with acting(viewer), refused("of their own making"):
                self.insert(person)
        proposed(world, anna, by=second)
        with acting(world.manager), refused("of their own making"):
            self.insert(anna)

    def test_an_event_of_ones_own_makes_nobody_the_maker_of_anothers_account(self, world, second, anna):
        with acting(second):
            append_system(kind="user_created", actor=second, at=T0, data={"user": str(anna.pk)})
        with acting(second), refused("of their own making"):
            self.insert(anna)

    def test_somebody_who_enrolled_gets_none(self, world, anna):
        services.password_issue(user=anna, actor=None, at=T0)
        with acting(world.manager), refused("of their own making"):
            self.insert(anna)

    def test_an_approval_ends_open_links_and_none_opens_again(self, world, second, anna):
        row = proposed(world, anna, by=world.manager)
        with acting(second):
            run(
                "UPDATE accounts_appointment SET state = 'approved', decided_by_id = %s, decided_at = %s"
                " WHERE id = %s",
                second.pk,
                T0,
                row.pk,
            )
        assert Appointment.objects.get(pk=row.pk).state == "approved"
        assert not Enrolment.objects.filter(user=anna, used_at=None).exists()
        with refused("stays closed"):
            run("UPDATE accounts_enrolment SET used_at = NULL WHERE user_id = %s", anna.pk)


class TestWhoProposedIsNoManagerAnyMore:
    def closed(self, world, second) -> None:
        services.user_deactivate(user=world.manager, actor=second, at=T0)

    def ended(self, world, second) -> None:
        row = world.manager.appointments.get()
        services.appointment_end(appointment=row, actor=second, at=T0)

    @pytest.mark.parametrize("leave", ["closed", "ended"])
    def test_what_they_proposed_is_refused_or_proposed_anew(self, world, second, leave):
        row = proposed(world, world.va, by=world.manager)
        getattr(self, leave)(world, second)
        client, url = signed_in(second), f"/admin/staff/appointments/{row.pk}/"
        assert "no programme manager any more" in text(client.get(url))
        approve = {"appointment_id": row.pk, "actor": second, "at": T0}
        assert code_of_refusal(services.appointment_approve, **approve) == "proposer_gone"
        with acting(second), refused("no programme manager any more"):
            run(
                "UPDATE accounts_appointment SET state = 'approved', decided_by_id = %s, decided_at = %s"
                " WHERE id = %s",
                second.pk,
                T0,
                row.pk,
            )
        assert client.post(url, {"confirm": "on"}).status_code == 302
        row.refresh_from_db()
        assert row.state == "refused"


def test_an_approval_by_somebody_no_longer_independent_is_no_refusal(world, second) -> None:
    """The page was drawn while they were: what they chose was to approve, and nothing is written."""
    row = proposed(world, world.va, by=world.manager)
    client, url = signed_in(second), f"/admin/staff/appointments/{row.pk}/"
    assert "You are the second person" in text(client.get(url))
    append_system(kind="user_created", actor=world.manager, at=T0, data={"user": str(second.pk)})
    answer = client.post(url, {"decision": "approve", "confirm": "on"})
    assert answer.status_code == 409
    assert "Another programme manager must." in text(answer)
    assert 'name="confirm"' in text(answer)
    row.refresh_from_db()
    assert row.state == "proposed"
    assert client.post(url, {"confirm": "on"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "refused"
