"""A session is listed, measured by the database's clock, ended from elsewhere, and tells nothing about anybody."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test import Client

from accounts import limits, services
from accounts.keys import digest
from accounts.models import Location, Session
from accounts.sessions import SessionStore
from reports import access
from reports.ledger.selectors import system_events
from sapr.desk import pages
from tests.signed_in import app_of, code_of, passed, signed_in, typed_in
from tests.times import T0

PASSWORD = "six invented words for one test"


def inside(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


@pytest.fixture
def never_locked(monkeypatch):
    """The screen lock, which has tests of its own, stays out of the way of longer waits."""
    monkeypatch.setattr(limits, "LOCK", timedelta(days=2))


@pytest.mark.parametrize(("who", "idle"), [("sarc", limits.IDLE), ("manager", limits.IDLE_MANAGER)])
def test_idle_it_ends_to_the_instant_and_use_keeps_it(world, held_clock, who, idle, never_locked) -> None:
    client, at = signed_in(getattr(world, who)), T0
    assert inside(client)
    for _ in range(3):
        at += idle - timedelta(seconds=1)
        held_clock.move(at, hold=True)
        assert inside(client)
    held_clock.move(at + idle, hold=True)
    assert client.get("/api/v1/inbox").status_code == 401
    assert not inside(client)


def test_however_busy_it_ends_after_twelve_hours(world, held_clock, never_locked) -> None:
    client, at = signed_in(world.sarc), T0
    while at + timedelta(minutes=14) < T0 + limits.ABSOLUTE:
        at += timedelta(minutes=14)
        held_clock.move(at, hold=True)
        assert client.get("/admin/sessions/").status_code == 200
    held_clock.move(T0 + limits.ABSOLUTE, hold=True)
    assert not inside(client)


def test_a_change_of_password_begins_no_new_session(
    world, held_clock, quick, monkeypatch, never_locked
) -> None:
    """Over 33 hours with a new password every five: twelve hours after a sign-in both factors are asked for again."""
    monkeypatch.setattr(limits, "IDLE", timedelta(hours=2))  # so that it is used hourly, not every quarter
    world.sarc.set_password(PASSWORD)
    world.sarc.save(update_fields=["password"])
    given, client, begins = PASSWORD, signed_in(world.sarc), [0]
    for hour in range(1, 34):
        held_clock.move(T0 + timedelta(hours=hour), hold=True)
        if client.get("/admin/sessions/").status_code != 200:
            begins.append(hour)
            client = signed_in(world.sarc)
        if hour % 5 == 0:
            new = f"{PASSWORD} {hour}"
            answer = client.post("/admin/password/", {"old": given, "password": new, "again": new})
            assert answer.status_code == 302
            given = new
            world.sarc.refresh_from_db()
    assert begins == [0, 12, 24]


def test_one_sees_ones_own_and_ends_the_others(world) -> None:
    here, there, stranger = signed_in(world.sarc), signed_in(world.sarc), signed_in(world.va)
    page = here.get("/admin/sessions/").content.decode()
    assert page.count("This one") == 1
    assert page.count("/end/") == 1
    other = Session.objects.filter(user=world.sarc).exclude(pk=this(here)).get()
    # Somebody else's is not there to end.
    stranger.post(f"/admin/sessions/{other.pk}/end/")
    assert inside(there)
    assert here.get(f"/admin/sessions/{other.pk}/end/").status_code == 302
    assert inside(there)
    assert here.post(f"/admin/sessions/{other.pk}/end/").status_code == 302
    assert (inside(there), inside(here)) == (False, True)
    assert events(world) == ["session_ended"]


def this(client: Client):
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    return Session.objects.get(key_digest=digest(key)).pk


def events(world) -> list[str]:
    with access.viewing(world.manager):
        return [e.kind for e in system_events(viewer=world.manager) if e.kind == "session_ended"]


def test_a_manager_ends_all_of_a_persons(world) -> None:
    here, there, manager = signed_in(world.sarc), signed_in(world.sarc), signed_in(world.manager)
    url = f"/admin/staff/people/{world.sarc.pk}/sessions/"
    assert "is signed out everywhere" in manager.get(url).content.decode()
    assert manager.post(url).status_code == 422
    assert here.post(url, {"confirm": "on"}).status_code == 403
    assert manager.post(url, {"confirm": "on"}).status_code == 302
    assert (inside(here), inside(there), inside(manager)) == (False, False, True)
    assert events(world) == ["session_ended"]


@pytest.mark.parametrize("end", ["password_change", "user_deactivate"])
def test_a_new_password_or_a_closed_account_ends_them_at_once(world, end) -> None:
    client = signed_in(world.sarc)
    if end == "password_change":
        services.password_change(user=world.sarc, password=PASSWORD, at=T0)
    else:
        services.user_deactivate(user=world.sarc, actor=world.manager, at=T0)
    assert not inside(client)
    assert not Session.objects.filter(user=world.sarc).exists()


def test_a_request_that_was_under_way_does_not_bring_an_ended_session_back(world) -> None:
    client = signed_in(world.sarc)
    under_way = SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value)
    assert under_way["second_factor"]
    services.sessions_end(user=world.sarc, actor=world.manager, at=T0)
    with pytest.raises(UpdateError):
        under_way.save()
    assert not inside(client)


def test_an_answer_that_comes_late_neither_brings_a_cookie_back_nor_takes_one_away(world) -> None:
    """Whoever signs out or in meanwhile keeps what that left: only a new key or an end of its own is told."""
    name, client = settings.SESSION_COOKIE_NAME, signed_in(world.sarc)
    key = client.cookies[name].value
    nonce = {"nonce": "n" * 20}
    for answer in (
        client.get("/admin/"),
        client.post("/admin/here/", nonce),
        client.get("/admin/nothing/here/"),
        client.post("/admin/lock/"),
        client.get("/admin/"),
        client.post("/admin/leave/"),
    ):
        assert name not in answer.cookies
    assert client.post("/admin/logout/").cookies[name].value == ""
    late = Client()
    late.cookies[name] = key
    for answer in (late.get("/admin/"), late.post("/admin/here/", nonce), late.get("/api/v1/inbox")):
        assert name not in answer.cookies
    # Half way in is a session, too; the next step has its own key.
    world.sarc.set_password(PASSWORD)
    world.sarc.save(update_fields=["password"])
    half = late.post("/admin/login/", {"username": "sarc", "password": PASSWORD}).cookies[name].value
    assert half not in {"", key}
    assert name not in late.get("/admin/second-factor/").cookies
    assert name not in late.post("/admin/second-factor/", {"code": "000000"}).cookies


def test_ending_the_present_one_leads_to_sign_in(world) -> None:
    client = signed_in(world.sarc)
    answer = client.post(f"/admin/sessions/{this(client)}/end/", {"once": "a" * 20})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/login/")
    assert not Session.objects.filter(user=world.sarc).exists()
    assert not inside(client)
    manager = signed_in(world.manager)
    sent = {"once": "b" * 20, "confirm": "on"}
    answer = manager.post(f"/admin/staff/people/{world.manager.pk}/sessions/", sent)
    assert (answer.status_code, answer["Location"]) == (302, "/admin/login/")
    assert not inside(manager)
    assert events(world) == ["session_ended"] * 2


def test_a_form_whose_session_is_ended_while_it_is_handled_does_nothing(world, monkeypatch) -> None:
    client, real = signed_in(world.manager), pages.once.remember

    def ended_meanwhile(request, token, address) -> None:
        Session.objects.filter(user=world.manager).update(key_digest=b"ended")
        real(request, token, address)

    monkeypatch.setattr(pages.once, "remember", ended_meanwhile)
    place = {"kind": "installation", "name": "Camp Halfway", "zone": "UTC", "once": "c" * 20}
    answer = client.post("/admin/staff/locations/new/", place)
    assert answer.status_code == 409
    assert "Your session was ended meanwhile" in answer.content.decode()
    assert not Location.objects.filter(name="Camp Halfway").exists()


@pytest.mark.parametrize(("path", "status"), [("/admin/sessions/", 302), ("/api/v1/inbox", 401)])
def test_a_page_whose_session_is_ended_while_it_is_drawn_leads_to_sign_in(
    world, monkeypatch, path, status
) -> None:
    client = signed_in(world.mcio)
    monkeypatch.setattr("accounts.sessions.SessionStore.save", _ended)
    answer = client.get(path)
    assert answer.status_code == status
    assert "login" in answer.get("Location", "login")


def _ended(self, must_create=False) -> None:
    raise UpdateError


def test_the_key_changes_at_both_steps_and_is_not_in_the_table(world) -> None:
    world.sarc.set_password(PASSWORD)
    world.sarc.save(update_fields=["password"])
    secret, client, keys = app_of(world.sarc), Client(), []
    client.post("/admin/login/", {"username": "sarc", "password": PASSWORD})
    keys.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    client.post("/admin/second-factor/", {"code": code_of(secret)})
    keys.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    assert keys[0] != keys[1]
    assert inside(client)
    with connection.cursor() as cursor:
        cursor.execute("SELECT s::text FROM accounts_session s")
        kept = " ".join(row[0] for row in cursor.fetchall())
    assert keys[1] not in kept
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = keys[0]
    assert not inside(stolen)


def test_no_address_and_no_browser_name_is_kept(world) -> None:
    client = signed_in(world.sarc, headers={"user-agent": "Zzyzx/9"}, REMOTE_ADDR="203.0.113.77")
    client.get("/admin/")
    with connection.cursor() as cursor:
        cursor.execute("SELECT s::text FROM accounts_session s")
        kept = " ".join(row[0] for row in cursor.fetchall())
    kept += str(SessionStore().decode(Session.objects.get().session_data))
    assert "Zzyzx" not in kept
    assert "203.0.113.77" not in kept


def test_signing_out_takes_a_post_with_its_token_and_clears_the_browser(world) -> None:
    client = Client(enforce_csrf_checks=True)
    passed(client, world.sarc)
    for visitor in (client, Client()):
        followed = visitor.get("/admin/logout/")
        assert (followed.status_code, followed["Allow"]) == (405, "POST")
        assert 'action="/admin/logout/"' in followed.content.decode()
        assert 'href="/admin/"' in followed.content.decode()
    assert client.post("/admin/logout/").status_code == 403
    assert inside(client)
    token = "a" * 32
    client.cookies[settings.CSRF_COOKIE_NAME] = token
    answer = client.post("/admin/logout/", headers={"X-CSRFToken": token})
    assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert not inside(client)
    assert not Session.objects.filter(user=world.sarc).exists()


def test_signing_in_is_an_event_with_both_factors(world) -> None:
    world.sarc.set_password(PASSWORD)
    world.sarc.save(update_fields=["password"])
    typed_in(Client(), "sarc", PASSWORD, code_of(app_of(world.sarc)))
    with access.viewing(world.manager):
        event = system_events(viewer=world.manager).get(kind="signed_in")
    assert (event.actor_id, event.data["second"]) == (world.sarc.pk, "code")
