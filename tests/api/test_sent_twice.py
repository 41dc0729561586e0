"""Keys of idempotency: what is sent twice is done once, and nobody but its sender reads the answer again."""

import json
from datetime import timedelta
from threading import Thread
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import connection, connections

from accounts.models import Appointment, Reply
from accounts.replies.services import Sent, _opened, replies_sweep
from accounts.services import appointment_end
from reports import access
from reports.ledger.models import Event
from reports.models import Case, Kit
from sapr import clock
from tests.api.door import Door, paper, refused
from tests.database.refusals import refused as refused_by_the_database
from tests.times import T0
from tests.world import CANARIES

HEADER = "Idempotency-Key"
INSERT = """INSERT INTO accounts_reply (id, caller, name, body, answer, kept_at, kept_until)
            VALUES (gen_random_uuid(), %s, '1', '2', '3', now(), now())"""


def keyed(door: Door, path: str, body=None, key: str = "", method: str = "POST"):
    return door.ask(method, path, body, headers={HEADER: key})


def counted(world, model) -> int:
    with access.viewing(world.sarc):
        return model.objects.count()


def test_the_first_answer_comes_again_and_nothing_is_done_twice(world, door):
    key, body = str(uuid4()), {"identity": {"name": CANARIES["name"]}}
    first, again = keyed(door, "contacts", body, key), keyed(door, "contacts", body, key)
    assert (first.status_code, first.content) == (again.status_code, again.content) == (201, first.content)
    assert again["Content-Type"] == first["Content-Type"] == "application/json"
    assert [each.get("Idempotency-Replayed") for each in (first, again)] == [None, "true"]
    assert counted(world, Case) == 1
    # Spaced otherwise it is the same body.
    assert keyed(door, "contacts", json.dumps(body, indent=3).encode(), key).content == first.content
    # The same key at another place, by another method or of another person is another key.
    case = first.json()["id"]
    assert keyed(door, f"contacts/{case}", body, key, "PATCH").status_code == 200
    assert keyed(Door(world.va), "contacts", body, key).json()["id"] != case
    # What is shown once only, once: the number of a kit comes again, and is no second kit.
    number = keyed(door, f"cases/{case}/evidence-number", None, key)
    assert number.status_code == 409
    report = world.signed("restricted").case_id
    number = keyed(door, f"cases/{report}/evidence-number", None, key)
    assert number.content == keyed(door, f"cases/{report}/evidence-number", {}, key).content
    assert (number.status_code, counted(world, Kit)) == (201, 1)


def test_another_body_is_refused_and_a_key_is_a_word(world, door):
    key = str(uuid4())
    assert keyed(door, "contacts", {}, key).status_code == 201
    found = refused(keyed(door, "contacts", {"source": "self"}, key), 422, "key_reused")
    assert found["path"] == HEADER
    for wrong in ("short", "x" * 129, "with a blank", "t\tabs-in-it", "ümlaut-here"):
        refused(keyed(door, "contacts", {}, wrong), 422, "bad_key")
    assert counted(world, Case) == 1


def test_a_refusal_is_not_kept_and_the_write_goes_through_later(world, door):
    case, key = world.decided(), str(uuid4())
    path = f"cases/{case.pk}/evidence-number"
    refused(keyed(door, path, None, key), 409, "no_report")
    assert counted(world, Reply) == 0
    door.done(f"cases/{case.pk}/sign", paper(world.paper(case, "restricted")), 201)
    assert keyed(door, path, None, key).status_code == 201


def test_a_key_lasts_a_day_and_the_worker_forgets(world, held_clock, door):
    key = str(uuid4())
    first = keyed(door, "contacts", {}, key).content
    held_clock.move(T0 + timedelta(hours=23, minutes=59), hold=True)
    assert keyed(door, "contacts", {}, key).content == first
    held_clock.move(T0 + timedelta(hours=24), hold=True)
    again = keyed(door, "contacts", {}, key)
    assert (again.status_code, again.content != first) == (201, True)
    assert counted(world, Reply) == 1


def test_nothing_is_shown_again_to_whoever_lost_a_case_or_a_post(world, held_clock):
    door, key = Door(world.va), str(uuid4())
    first = keyed(door, "contacts", {}, key)
    path = f"contacts/{first.json()['id']}"
    assert keyed(door, path, {}, key, "PATCH").status_code == 200
    held_clock.move(T0 + timedelta(minutes=5), hold=True)
    with connection.cursor() as cursor, access.viewing(world.va):
        cursor.execute(
            "UPDATE reports_assignment SET ended_at = sapr_now() WHERE user_id = %s", [world.va.pk]
        )
        assert cursor.rowcount
    refused(keyed(door, path, {}, key, "PATCH"), 409, "access_changed")
    door = Door(world.other_va)
    assert keyed(door, "contacts", {}, key).status_code == 201
    post = Appointment.objects.get(user=world.other_va)
    held_clock.move(T0 + timedelta(minutes=6), hold=True)
    appointment_end(appointment=post, actor=world.manager, at=T0 + timedelta(minutes=6))
    refused(keyed(door, "contacts", {}, key), 403, "not_your_role")


def test_the_database_shows_a_reply_to_its_caller_alone_and_holds_nothing_readable(world, door):
    key, name = "order-0001-of-mine", CANARIES["name"]
    made = keyed(door, "contacts", {"identity": {"name": name}}, key)
    report = world.signed("restricted").case_id
    number = keyed(door, f"cases/{report}/evidence-number", None, key).json()["number"]
    for viewer, seen in ((world.sarc, 2), (world.va, 0), (world.manager, 0)):
        with access.viewing(viewer), connection.cursor() as cursor:
            cursor.execute("SELECT accounts_reply::text, answer FROM accounts_reply")
            rows = cursor.fetchall()
            assert len(rows) == seen
            for text, answer in rows:
                held = text.encode() + bytes(answer)
                for secret in (key, name, number, made.json()["id"], made.json()["number"]):
                    assert secret.encode() not in held
                assert len(answer) % 512 == 12 + 16
            # Before its time it does not go, and it never changes; nobody writes one for somebody else.
            cursor.execute("DELETE FROM accounts_reply")
            assert cursor.rowcount == 0
            with refused_by_the_database("permission denied"):
                cursor.execute("UPDATE accounts_reply SET answer = ''")
            with refused_by_the_database("row-level security"):
                cursor.execute(INSERT, [world.commander.pk])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_reply")
        assert cursor.fetchone() == (0,)


def test_an_answer_that_was_changed_in_the_database_is_not_given(world, door):
    key = str(uuid4())
    keyed(door, "contacts", {}, key)
    with access.viewing(world.sarc):
        row = Reply.objects.get()
    sent = Sent(world.sarc, "", "[[], []]", key, "POST /api/v1/contacts", "{}")
    assert _opened(sent, row).status == 201
    row.answer = bytes(row.answer)[:-1] + bytes([bytes(row.answer)[-1] ^ 1])
    with pytest.raises(Exception, match="cannot be read again"):
        _opened(sent, row)


def test_an_answer_that_cannot_be_kept_undoes_the_write(world, door, monkeypatch):
    """One transaction: a failure between the two leaves neither."""

    def fails(*args) -> None:
        raise RuntimeError

    monkeypatch.setattr("sapr.contract.again.keep", fails)
    refused(keyed(door, "contacts", {}, str(uuid4())), 500, "internal")
    assert (counted(world, Case), counted(world, Reply)) == (0, 0)


def test_a_key_that_shows_less_is_not_shown_what_another_was(world, door, monkeypatch):
    """An outside system keeps its replies when its key is replaced, and is shown no more than that one shows."""
    auth, key = SimpleNamespace(client_id="one", places=["a"], fields=[]), str(uuid4())
    monkeypatch.setattr("accounts.apis.KeyAuthentication.authenticate", lambda *given: (world.sarc, auth))
    first = keyed(door, "contacts", {}, key)
    auth.pk = "replaced"
    assert keyed(door, "contacts", {}, key).content == first.content
    auth.fields = ["contacts:id"]
    refused(keyed(door, "contacts", {}, key), 409, "access_changed")
    auth.client_id = "another"
    assert keyed(door, "contacts", {}, key).json()["id"] != first.json()["id"]


def test_eight_at_once_make_one_report(stage):
    """Real threads: the report is signed once, and everybody is told the same or to come again."""
    world = stage.world
    case, key = world.decided(), str(uuid4())
    body = paper(world.paper(case, "restricted"))
    door, answers = Door(world.sarc), []

    def sign() -> None:
        try:
            answers.append(keyed(door, f"cases/{case.pk}/sign", body, key))
        finally:
            connections.close_all()

    def round_of_eight() -> None:
        threads = [Thread(target=sign) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    round_of_eight()
    sign()
    done = [each for each in answers if each.status_code == 201]
    waiting = [each for each in answers if each.status_code != 201]
    assert len({each.content for each in done}) == 1
    assert [each.get("Idempotency-Replayed") for each in done].count(None) == 1
    for each in waiting:
        refused(each, 409, "still_running")
        assert each["Retry-After"] == "1"
    with access.viewing(world.sarc):
        assert Event.objects.filter(case_id=case.pk, kind="report_signed").count() == 1
    with stage.as_worker():
        assert replies_sweep(10) == 0
        clock.move(T0 + timedelta(days=2), hold=True)
        assert replies_sweep(10) == 1
