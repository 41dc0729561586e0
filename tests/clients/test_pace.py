"""How fast somebody may ask: counted in the database for all processes together, by its clock."""

import threading
from datetime import timedelta

from django.db import connection, transaction

from accounts.clients import services
from tests.api.door import Door, refused
from tests.clients.systems import door_of, made
from tests.people.rights import code_of_refusal
from tests.times import T0


def test_a_client_that_asks_too_fast_is_told_when_to_ask_again(world, held_clock):
    row, key = made(world, world.sarc, per_minute=3)
    door = door_of(key)
    assert [door.get("cases").status_code for _ in range(3)] == [200] * 3
    told = door.get("cases")
    refused(told, 429, "too_many_requests")
    assert told["Retry-After"] == "20"
    # Not one of its keys but the client: another key of it does not begin anew, another client does.
    other = door.post("client/rotate")
    assert other.status_code == 429
    assert door_of(made(world, world.sarc, name="Another")[1]).get("cases").status_code == 200
    # What is refused costs nothing: after the time that was told the next one goes through, and one alone.
    held_clock.move(T0 + timedelta(seconds=20), hold=True)
    assert [door.get("cases").status_code for _ in range(2)] == [200, 429]
    services.client_limit(client=row.client, per_minute=600, actor=None, at=T0)
    held_clock.move(T0 + timedelta(seconds=41), hold=True)
    assert [door.get("cases").status_code for _ in range(5)] == [200] * 5
    wrong = {"client": row.client, "per_minute": 6001, "actor": None, "at": T0}
    assert code_of_refusal(services.client_limit, **wrong) == "out_of_range"


def test_a_person_is_held_to_the_settings_number_by_key_and_session_alike(world, settings):
    settings.API_PER_MINUTE = 2
    door = Door(world.sarc)
    # Also what is refused by role, or not there, is counted.
    assert door.get("inbox").status_code == 200
    assert door.get("cases/7f2a81a4-4d5e-4f5a-9c5b-000000000000").status_code == 404
    answer = door.get("inbox")
    refused(answer, 429, "too_many_requests")
    assert answer["Retry-After"] == "30"
    assert Door(world.va).get("inbox").status_code == 200
    settings.API_PER_MINUTE = 0
    assert door.get("inbox").status_code == 200


def test_of_many_at_once_the_limit_goes_through(stage):
    """Real connections at one instant: as many as the limit says, not one more."""
    who, passed, barrier = stage.world.sarc.pk, [], threading.Barrier(4)

    def ask() -> None:
        barrier.wait()
        for _ in range(10):
            with connection.cursor() as cursor:
                cursor.execute("SELECT accounts_ask(%s, 17)", [who])
                passed.append(cursor.fetchone()[0] == 0)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert (len(passed), sum(passed)) == (40, 17)


def test_a_refusal_that_is_rolled_back_is_counted_all_the_same(world, settings):
    """The count is taken before the operation's own transaction: what that undoes, it does not undo."""
    settings.API_PER_MINUTE = 1
    door = Door(world.sarc)
    with transaction.atomic():
        assert door.post("contacts", {"source": "nobody"}).status_code == 422
    refused(door.get("inbox"), 429, "too_many_requests")
