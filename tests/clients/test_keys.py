"""The life of a key: proposed, agreed to, used, followed, ended. Each step goes through two hands and is an event."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from accounts.clients import limits, services
from accounts.clients.models import ClientKey, KeyState
from accounts.keys import digest
from reports import access
from reports.ledger.selectors import system_events
from sapr.checks import certificates_come_from_the_front_end
from sapr.errors import DomainError
from tests.api.door import refused
from tests.clients.systems import door_of, made, scope
from tests.database.refusals import refused as database_refuses
from tests.factories import AppointmentFactory, UserFactory
from tests.people.rights import code_of_refusal, run
from tests.staffing import independent_manager
from tests.times import T0

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PRINT = "ab" * 32
SECRET = "s" * 40


@pytest.fixture
def second(world):
    return independent_manager(world, "manager2")


@pytest.fixture
def system(world):
    """An account that nobody signs in to, which holds the MCIO's post."""
    user = UserFactory(username="mcio_system")
    user.set_unusable_password()
    user.save(update_fields=["password"])
    AppointmentFactory(user=user, post=world.posts["mcio"])
    return user


def proposed(world, user, *, by=None, name: str = "MCIO's system") -> ClientKey:
    client, key = services.client_propose(
        name=name,
        user=user,
        scope=scope(world, "inbox"),
        valid_days=30,
        per_minute=60,
        actor=by or world.manager,
        at=T0,
    )
    assert key == ""
    return client.keys.get()


def approved_by(person) -> None:
    """Going round the service: every proposed key is approved in this person's name."""
    run(
        "UPDATE accounts_clientkey SET state = 'approved', decided_by_id = %s, prefix = 'x', key_hash = %s,"
        " expires_at = %s",
        person.pk, digest("x"), T0 + DAY,
    )  # fmt: skip


def events(world) -> list[tuple[str, object]]:
    with access.viewing(world.manager):
        found = system_events(viewer=world.manager).filter(kind__startswith="client_")
        return [(each.kind, each.actor_id) for each in found]


def test_a_systems_key_is_made_when_an_independent_second_manager_agrees(world, system, second):
    row = proposed(world, system)
    for person in (world.manager, world.sarc, system):
        code = code_of_refusal(services.key_approve, key_id=row.pk, actor=person, at=T0)
        assert code == "second_person_needed", person.username
    for person in (world.manager, system):
        with access.viewing(person), database_refuses("an independent second one"):
            approved_by(person)
    key = services.key_approve(key_id=row.pk, actor=second, at=T0)
    assert door_of(key).read("inbox") == {"items": [], "next": None}
    row.refresh_from_db()
    # Kept as a digest; what is shown of it opens nothing.
    assert (bytes(row.key_hash), row.prefix) == (digest(key), key[:14])
    assert (row.expires_at, row.decided_by, row.proposed_by) == (T0 + 30 * DAY, second, world.manager)
    assert events(world) == [
        ("client_key_proposed", world.manager.pk),
        ("client_key_approved", second.pk),
    ]
    again = {"key_id": row.pk, "actor": second, "at": T0}
    assert code_of_refusal(services.key_approve, **again) == "already_decided"


def test_in_the_name_of_somebody_who_signs_in_only_they_agree(world, second):
    """No manager, and no two of them, come by a key that acts as a person: the person alone is shown it."""
    world.sarc.set_password("six invented words for one test")
    world.sarc.save(update_fields=["password"])
    row = proposed(world, world.sarc)
    for person in (world.manager, second, world.va):
        code = code_of_refusal(services.key_approve, key_id=row.pk, actor=person, at=T0)
        assert code == "second_person_needed", person.username
    with access.viewing(second), database_refuses("agreed to by the person"):
        approved_by(second)
    key = services.key_approve(key_id=row.pk, actor=world.sarc, at=T0)
    assert door_of(key).get("inbox").status_code == 200


def test_a_refused_key_and_an_ended_client_open_nothing(world, system, second):
    row = proposed(world, system)
    services.key_refuse(key_id=row.pk, actor=world.manager, at=T0)
    assert code_of_refusal(services.key_approve, key_id=row.pk, actor=second, at=T0) == "already_decided"
    row, _ = services.key_propose(
        client=row.client, scope=scope(world, "inbox"), valid_days=5, actor=world.manager, at=T0
    )
    door = door_of(services.key_approve(key_id=row.pk, actor=second, at=T0))
    assert door.get("inbox").status_code == 200
    services.client_end(client=row.client, actor=second, at=T0)
    refused(door.get("inbox"), 401, "not_signed_in")
    assert code_of_refusal(services.client_end, client=row.client, actor=second, at=T0) == "already_ended"
    assert [kind for kind, _ in events(world)][-1] == "client_ended"


def test_a_key_ends_with_its_time_and_with_its_account(world, held_clock):
    (_, first), (_, other) = made(world, world.sarc, valid_days=2), made(world, world.va, name="Other")
    assert door_of(first).get("cases").status_code == 200
    held_clock.move(T0 + 2 * DAY, hold=True)
    refused(door_of(first).get("cases"), 401, "not_signed_in")
    world.va.is_active = False
    world.va.save(update_fields=["is_active"])
    refused(door_of(other).get("cases"), 401, "not_signed_in")


def test_a_new_key_follows_and_the_earlier_one_ends_by_itself(world, held_clock):
    """Asked for with the key alone: nobody reads it on the way. Both work for a day, then the new one."""
    row, first = made(world, world.sarc, "cases", verbs=("read",), fingerprint="")
    once = {"Idempotency-Key": "one-rotation-of-a-test"}
    answer, again = (door_of(first, **once).post("client/rotate") for _ in range(2))
    assert (answer.status_code, again.content) == (201, answer.content), (
        "told again where the answer was lost"
    )
    told = answer.json()
    assert told["earlier_ends_at"] == (T0 + limits.OVERLAP).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    second = told["key"]
    assert door_of(first).read("cases") == door_of(second).read("cases")
    refused(door_of(first).post("client/rotate"), 409, "already_ended")
    new = ClientKey.objects.get(follows=row)
    assert (new.places, new.rooms, new.verbs) == (row.places, row.rooms, row.verbs)
    assert [kind for kind, _ in events(world)] == ["client_key_approved", "client_key_rotated"]
    held_clock.move(T0 + limits.OVERLAP, hold=True)
    refused(door_of(first).get("cases"), 401, "not_signed_in")
    assert door_of(second).get("cases").status_code == 200


def test_of_its_use_the_day_is_kept_and_no_more(world, held_clock):
    row, key = made(world, world.sarc)
    door_of(key).get("cases")
    row.refresh_from_db()
    assert row.last_used_on == T0.date()
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin FROM accounts_clientkey")
        before = cursor.fetchone()
        door_of(key).get("cases")
        cursor.execute("SELECT xmin FROM accounts_clientkey")
        assert cursor.fetchone() == before


class TestTheCertificateThatComesWithIt:
    @pytest.fixture
    def front_end(self, settings):
        settings.HTTPS = True
        settings.CLIENT_FINGERPRINT_HEADER = "X-Client-Fingerprint"
        settings.PROXY_SECRET_HEADER, settings.PROXY_SECRET = "X-Front-End", SECRET

    def test_a_bound_key_is_taken_with_its_certificate_from_the_front_end_alone(self, world, front_end):
        _, key = made(world, world.sarc, fingerprint=PRINT)
        colons = ":".join(PRINT[i : i + 2] for i in range(0, 64, 2)).upper()
        right = {"X-Client-Fingerprint": colons, "X-Front-End": SECRET}
        assert door_of(key, **right).get("cases", secure=True).status_code == 200
        for headers in (
            {},
            {"X-Client-Fingerprint": PRINT},
            {"X-Client-Fingerprint": PRINT, "X-Front-End": "t" * 40},
            {"X-Client-Fingerprint": "cd" * 32, "X-Front-End": SECRET},
            {"X-Client-Fingerprint": "", "X-Front-End": SECRET},
            {"X-Client-Fingerprint": PRINT[:-2], "X-Front-End": SECRET},
        ):
            refused(door_of(key, **headers).get("cases", secure=True), 401, "certificate_needed")
        refused(door_of(key, **right).get("cases"), 401, "certificate_needed")

    def test_without_a_front_end_no_header_counts(self, world, settings):
        _, key = made(world, world.sarc, fingerprint=PRINT)
        settings.CLIENT_FINGERPRINT_HEADER = "X-Client-Fingerprint"
        refused(
            door_of(key, **{"X-Client-Fingerprint": PRINT}).get("cases", secure=True),
            401,
            "certificate_needed",
        )
        settings.HTTPS = False
        assert {each.id for each in certificates_come_from_the_front_end(None)} == {"sapr.E010", "sapr.E011"}

    def test_one_without_needs_none(self, world, front_end):
        assert door_of(made(world, world.sarc)[1]).get("cases").status_code == 200


def test_what_is_no_scope_is_refused_by_name(world):
    for path, changed in (
        ("places", {"places": ()}),
        ("rooms", {"rooms": ()}),
        ("places", {"places": (world.posts["unit_commander"].location_id,)}),
        ("rooms", {"rooms": ("emergencies",)}),
        ("verbs", {"verbs": ("admin",)}),
        ("fields", {"fields": ("duties:kind",)}),
        ("fields", {"fields": ("cases:Id",)}),
        ("fingerprint", {"fingerprint": "xyz"}),
        ("valid_days", {"valid_days": 366}),
        ("per_minute", {"per_minute": 0}),
    ):
        with pytest.raises(DomainError) as told, transaction.atomic():
            made(world, world.sarc, **changed)
        assert told.value.path == path, told.value
    taken = {
        "name": "General hospital",
        "user": world.va,
        "scope": scope(world),
        "valid_days": 1,
        "per_minute": 1,
    }
    made(world, world.sarc)
    assert code_of_refusal(services.client_propose, **taken, actor=world.manager, at=T0) == "already_exists"
    own = {"name": "Own", "user": world.manager, "scope": scope(world), "valid_days": 1, "per_minute": 1}
    assert code_of_refusal(services.client_propose, **own, actor=world.manager, at=T0) == "own_rights"
    assert ClientKey.objects.get().state == KeyState.APPROVED
