"""The screen lock: what a locked session answers, how it is opened, and that nothing opens it by itself."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from accounts import limits, locking
from accounts.models import Session
from accounts.signing_models import SignInFailure
from sapr import clock
from tests.privacy.roster import ROUTES, filled
from tests.signed_in import signed_in
from tests.times import T0

PASSWORD = "six invented words for one test"
HERE = "http://testserver"
OPEN = {"admin/lock/", "admin/unlock/", "admin/leave/", "admin/logout/", "admin/here/"}


@pytest.fixture
def sarc(world, quick, held_clock) -> Client:
    world.sarc.set_password(PASSWORD)
    world.sarc.save(update_fields=["password"])
    return signed_in(world.sarc)


def inside(client: Client) -> bool:
    return client.get("/admin/sessions/").status_code == 200


def unlock(client: Client, password: str = PASSWORD):
    return client.post("/admin/unlock/", {"password": password, "next": "/admin/sessions/"})


def test_what_a_page_asks_by_itself_while_locked_leaves_the_challenge_of_the_lock_page(sarc) -> None:
    """A draft on its way when the screen was locked: refused, and the passkey that was asked for still fits."""
    sarc.post("/admin/lock/")
    sarc.get("/admin/")
    before = Session.objects.values_list("session_data", flat=True).get()
    answer = sarc.post("/admin/contacts/draft/", {"text": "x"}, headers={"Sec-Fetch-Dest": "empty"})
    assert (answer.status_code, answer.content) == (423, b"")
    assert Session.objects.values_list("session_data", flat=True).get() == before


def test_a_locked_session_answers_every_page_with_the_lock_page_and_does_nothing(sarc, world) -> None:
    token = "a-token-of-some-form"
    assert (
        sarc.post("/admin/lock/", HTTP_REFERER=f"{HERE}/admin/cases/?page=2").headers["Location"]
        == "/admin/cases/"
    )
    for route in ROUTES:
        url = "/" + filled(route, {}, "nothing/").lstrip("/")
        if route in OPEN or not url.startswith("/admin/"):
            continue
        answer = sarc.get(url)
        assert (answer.status_code, b'data-test="locked"' in answer.content) == (423, True), url
        text = answer.content.decode()
        # Whoever looks over a shoulder learns neither who works here nor at what.
        assert "SAPR" not in text, url
        assert world.sarc.display_name not in text
        answer = sarc.post(url, {"once": token, "confirm": "on"})
        assert (answer.status_code, b'data-test="not-done"' in answer.content) == (423, True), url
    assert sarc.get("/api/v1/cases").status_code == 401
    assert sarc.get("/enrol/").status_code == 200
    # An address elsewhere is nowhere to go after unlocking.
    assert (
        sarc.post("/admin/unlock/", {"password": PASSWORD, "next": "//elsewhere.invalid/"}).headers[
            "Location"
        ]
        == "/admin/"
    )
    assert inside(sarc)


def test_failed_unlocks_count_as_failed_sign_ins(sarc, held_clock) -> None:
    sarc.post("/admin/lock/")
    for _ in range(limits.FAILURES):
        assert b'data-test="errors"' in unlock(sarc, "not the password").content
    assert SignInFailure.objects.count() == limits.FAILURES
    assert unlock(sarc).status_code == 423
    assert not inside(sarc)


def test_the_server_locks_alone_what_stands_unused_and_only_that(sarc, held_clock) -> None:
    for minutes in (4, 8, 12):
        held_clock.move(T0 + timedelta(minutes=minutes), hold=True)
        answer = sarc.post("/admin/here/", {"nonce": "a" * 36})
        assert answer.status_code == 200
    held_clock.move(T0 + timedelta(minutes=12) + limits.LOCK, hold=True)
    assert sarc.post("/admin/here/", {"nonce": "a" * 36}).status_code == 423
    # Being asked for while locked is no use: it ends when it would have.
    held_clock.move(T0 + timedelta(minutes=12) + limits.IDLE - timedelta(seconds=1), hold=True)
    assert unlock(sarc).status_code == 302
    assert inside(sarc)
    held_clock.move(clock.now() + limits.LOCK, hold=True)
    for _ in range(3):
        assert sarc.get("/admin/").status_code == 423
        held_clock.move(clock.now() + timedelta(minutes=4), hold=True)
    assert sarc.get("/admin/").status_code == 302


def test_a_slow_request_does_not_unlock_and_each_session_is_locked_alone(sarc, world) -> None:
    other = signed_in(world.sarc)
    slow = sarc.session
    slow["under_way"] = True
    sarc.post("/admin/lock/")
    slow.save()
    assert not inside(sarc)
    assert inside(other)
    assert Session.objects.filter(locked_at=None).count() == 1


def test_leaving_locks_and_shows_an_empty_page_of_ours_that_loads_nothing(sarc, world) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.cookies[settings.SESSION_COOKIE_NAME] = sarc.cookies[settings.SESSION_COOKIE_NAME].value
    answer = careful.post("/admin/leave/")
    assert answer.headers["Location"] == "/blank/"
    page = careful.get("/blank/")
    text = page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"
    assert "SAPR" not in text
    assert text.partition("<body>")[2].startswith("</body>")
    assert [word for word in ("src=", "http", "/static/") if word in text] == []
    assert not inside(sarc)
    assert careful.post("/admin/lock/").status_code == 302
    # Nobody signed in leaves just as well, and an address that is only followed locks nothing.
    assert Client().post("/admin/leave/").headers["Location"] == "/blank/"
    assert unlock(sarc).status_code == 302
    assert [sarc.get(f"/admin/{name}/").status_code for name in ("lock", "leave", "unlock")] == [405] * 3
    assert inside(sarc)


def test_what_a_tab_keeps_opens_for_its_person_and_tab_alone(sarc, world) -> None:
    mine = sarc.post("/admin/here/", {"nonce": "a" * 36}).json()["key"]
    assert mine == signed_in(world.sarc).post("/admin/here/", {"nonce": "a" * 36}).json()["key"]
    others = {
        signed_in(world.va).post("/admin/here/", {"nonce": "a" * 36}).json()["key"],
        sarc.post("/admin/here/", {"nonce": "b" * 36}).json()["key"],
    }
    assert len(others | {mine}) == 3
    assert [sarc.post("/admin/here/", {"nonce": each}).status_code for each in ("", "short", "a b" * 9)] == [
        400
    ] * 3
    assert locking.key_for(world.sarc, "a" * 36) == mine
