"""Three failures in fifteen minutes lock a name, known or not, and only time releases it."""

import re
import threading
from datetime import timedelta

from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client

from accounts import limits, signing
from accounts.models import SignInFailure
from reports import access
from reports.ledger.selectors import system_events
from tests.database.refusals import refused
from tests.people.half_way import PASSWORD
from tests.signed_in import app_of, code_of, signed_in, typed_in
from tests.times import T0


def step(username: str, password: str, client: Client | None = None):
    return (client or Client()).post("/admin/login/", {"username": username, "password": password})


def body(answer) -> bytes:
    """The page without what is random in every rendering, and without the name that was typed."""
    page = re.sub(rb'name="(csrfmiddlewaretoken|once)" value="[^"]*"', b"", answer.content)
    return re.sub(rb'(<input type="text" name="username" )value="[^"]*"', rb"\1", page)


def test_the_right_password_is_refused_too_until_time_has_passed(sarc, held_clock) -> None:
    for minute in range(limits.FAILURES):
        held_clock.move(T0 + timedelta(minutes=minute), hold=True)
        assert step("sarc", "wrong").status_code == 200
    released = T0 + timedelta(minutes=2) + limits.LOCKED_FOR
    held_clock.move(released - timedelta(microseconds=1), hold=True)
    assert step("SARC", PASSWORD).status_code == 200
    # What was refused in between did not prolong it.
    held_clock.move(released, hold=True)
    assert step("sarc", PASSWORD).status_code == 302


def test_failures_further_apart_do_not_lock(sarc, held_clock) -> None:
    for number in range(limits.FAILURES + 2):
        held_clock.move(T0 + number * timedelta(minutes=8), hold=True)
        step("sarc", "wrong")
    assert step("sarc", PASSWORD).status_code == 302


def test_second_factors_count_and_a_right_password_does_not_reset(sarc) -> None:
    secret, client = app_of(sarc), Client()
    assert step("sarc", "wrong").status_code == 200
    for _ in range(2):
        assert step("sarc", PASSWORD, client).status_code == 302
        assert client.post("/admin/second-factor/", {"code": "000000"}).status_code == 422
    answer = client.post("/admin/second-factor/", {"code": code_of(secret)})
    assert answer.status_code == 422
    assert client.get("/admin/").status_code == 302
    assert step("sarc", PASSWORD).status_code == 200


def test_guesses_in_an_open_session_count_too(world, sarc) -> None:
    """Changing the password and confirming it before a factor changes ask for the present one."""
    client = signed_in(sarc)
    new = {"password": "seven other invented words", "again": "seven other invented words"}
    assert client.post("/admin/password/", {"old": "wrong", **new}).status_code == 422
    assert client.post("/admin/factors/password/", {"password": "wrong"}).status_code == 422
    assert client.post("/admin/password/", {"old": "wrong", **new}).status_code == 422
    assert client.post("/admin/password/", {"old": PASSWORD, **new}).status_code == 422
    assert client.post("/admin/factors/password/", {"password": PASSWORD}).status_code == 422
    assert step("sarc", PASSWORD).status_code == 200


def test_signing_in_fully_begins_anew(sarc, held_clock) -> None:
    secret = app_of(sarc)
    step("sarc", "wrong")
    step("sarc", "wrong")
    held_clock.move(T0 + timedelta(minutes=1), hold=True)
    assert typed_in(Client(), "sarc", PASSWORD, code_of(secret)).status_code == 302
    step("sarc", "wrong")
    assert step("sarc", PASSWORD).status_code == 302


def test_unknown_closed_and_locked_names_get_the_same_bytes_as_a_wrong_password(world, sarc) -> None:
    world.va.is_active = False
    world.va.set_password(PASSWORD)
    world.va.save(update_fields=["is_active", "password"])
    pages = {body(step("sarc", "wrong")), body(step("nobody", "wrong")), body(step("va", PASSWORD))}
    for name in ("sarc", "nobody") * limits.FAILURES:
        pages.add(body(step(name, "wrong")))
    pages.add(body(step("sarc", PASSWORD)))
    assert len(pages) == 1


def test_what_is_kept_names_nobody_and_no_place(sarc) -> None:
    step("sarc", "wrong")
    step("zzyzx-unknown", "wrong")
    with connection.cursor() as cursor:
        cursor.execute("SELECT f::text FROM accounts_signinfailure f")
        kept = " ".join(row[0] for row in cursor.fetchall())
    assert kept.count("2026-03-02") == 2
    for word in ("sarc", "zzyzx", b"zzyzx-unknown".hex(), "127.0.0.1"):
        assert word not in kept


def test_the_lock_is_one_event(world, sarc) -> None:
    for name in ("sarc", "nobody") * (limits.FAILURES + 2):
        step(name, "wrong")
    with access.viewing(world.manager):
        found = [e.data for e in system_events(viewer=world.manager).filter(kind="sign_in_locked")]
    assert found == [{"user": str(sarc.pk)}, {}]


def test_nobody_shortens_it(world, sarc) -> None:
    for _ in range(limits.FAILURES):
        step("sarc", "wrong")
    with refused("by time alone"):
        SignInFailure.objects.all().delete()
    with refused("permission denied"):
        SignInFailure.objects.update(locks_until=None)


def test_guesses_at_the_same_moment_do_not_slip_through(stage, quick) -> None:
    """Six at once: three are looked at, the rest find the name locked."""
    user = stage.world.sarc
    gate, looked = threading.Barrier(6), []

    def guess() -> None:
        gate.wait()
        try:
            signing.password_step(username="sarc", password="wrong", at=T0)
        finally:
            connection.close()
            looked.append(1)

    threads = [threading.Thread(target=guess) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert user
    assert SignInFailure.objects.count() == limits.FAILURES


def test_unknown_closed_and_locked_names_cost_the_same_work(world, sarc, monkeypatch) -> None:
    """Each attempt runs the password hasher once, whoever's name it is."""
    runs = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, *words: runs.append(1) or encode(self, *words)
    )
    world.va.is_active = False
    world.va.save(update_fields=["is_active"])
    for name in ("sarc", "nobody", "va", "commander", "x" * 5000):
        for _ in range(limits.FAILURES + 1):
            runs.clear()
            assert signing.password_step(username=name, password="wrong", at=T0) is None
            assert len(runs) == 1, name
