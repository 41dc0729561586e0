"""Nobody raises their own rights by any way to write there is, and nobody stands above the rules."""

from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command, get_commands
from django.db import DatabaseError, connection, transaction

from accounts import selectors, services
from accounts.acting import acting
from accounts.models import Appointment, Certification, User
from tests.factories import UserFactory
from tests.people.rights import proposed, run
from tests.signed_in import app_of, signed_in
from tests.times import T0

PEOPLE = ("sarc", "va", "commander", "unit_commander", "mcio", "manager", "higher", "stranger")
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
    "a link of one's own": "INSERT INTO accounts_enrolment (id, user_id, token_hash, expires_at)"
    " VALUES (%(new)s, %(me)s, '\\x00', '2099-01-01')",
    "a link of another's": "INSERT INTO accounts_enrolment (id, user_id, token_hash, expires_at)"
    " VALUES (%(new)s, %(other)s, '\\x00', '2099-01-01')",
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


def test_there_is_no_superuser_and_no_way_to_make_one(world) -> None:
    columns = {field.name for field in User._meta.get_fields()}
    assert not columns & {"is_superuser", "is_staff", "groups", "user_permissions"}
    assert not hasattr(User.objects, "create_superuser")
    assert get_commands()["createsuperuser"] == "sapr"
    with pytest.raises(CommandError, match="staff bootstrap"):
        call_command("createsuperuser")
    assert not any(user.has_perm("anything") for user in User.objects.all())
