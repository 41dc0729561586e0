"""What every operation pays before its handler, and that nothing the door promises is paid for with it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, URLResolver, get_resolver

from reports import access
from reports.casework import services as casework
from reports.models import Event
from sapr import api_urls
from sapr.addresses import Shapes
from tests.access.test_races import end_appointment, interrupted
from tests.api.door import Door, refused
from tests.clients.systems import door_of, made
from tests.stage import admin_connection

TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK")
PRINT, SECRET = "ab" * 32, "s" * 40
GONE = "7f2a81a4-4d5e-4f5a-9c5b-000000000000"


def statements(door: Door, path: str) -> list[str]:
    """What a GET asks of the database, its transaction aside."""
    with CaptureQueriesContext(connection) as queries:
        assert door.get(path).status_code == 200
    return [" ".join(each["sql"].split()) for each in queries if each["sql"] not in TRANSACTION]


def test_one_statement_asks_who_it_is_and_one_tells_the_database_who_looks(stage, settings):
    """Clock, key, account, roles held and pace; then the viewer. Neither is asked or told again by who only looks."""
    settings.API_PER_MINUTE = 600
    person, (_, key) = Door(stage.world.sarc), made(stage.world, stage.world.sarc, "duties")
    for door in (person, door_of(key)):
        # A system's first use on a day is kept.
        door.get("duties")
        first, second, *own = statements(door, "duties")
        assert first.startswith("WITH now AS")
        assert "accounts_ask(" in first
        assert second.startswith("SELECT set_config('sapr.viewer'")
        again = ("sapr_now()", "set_config", "FROM accounts_held", "SAVEPOINT")
        assert not [each for each in own if any(part in each for part in again)]


def test_a_role_that_ended_is_seen_by_the_next_request_and_by_a_write_that_is_under_way(stage, monkeypatch):
    """What the door was told of the roles held serves the looks of one request, and no write of it."""
    world, answers = stage.world, []
    case = world.contact(actor=world.va)
    door, path = Door(world.sarc), f"cases/{case.pk}"
    assert door.get(path).status_code == 200

    def write() -> None:
        answers.append(door.post(f"{path}/steps", {"kind": "vwap_explained"}))

    # Held up where it has its locks and would write; the appointment ends then.
    assert interrupted(monkeypatch, casework, "record", write, lambda: end_appointment(world)) == 0
    refused(answers[0], 403, "not_your_role")
    refused(door.get(path), 403, "not_your_role")
    with access.viewing(world.va):
        assert not Event.objects.filter(case_id=case.pk, kind="vwap_explained").exists()


def test_a_write_does_not_act_by_what_the_door_was_told(stage, monkeypatch):
    """An appointment that ends between the door and the service: what comes after is refused."""
    world, answers = stage.world, []
    case = world.contact(actor=world.va)
    door = Door(world.sarc)

    def write() -> None:
        answers.append(door.post(f"cases/{case.pk}/steps", {"kind": "vwap_explained"}))

    assert interrupted(monkeypatch, casework.access, "case_for", write, lambda: end_appointment(world)) == 0
    refused(answers[0], 404, "not_found")


def test_a_connection_that_was_lost_between_two_requests_is_nobodys_trouble(stage):
    """The door's statement stands for the one by which it would have been tried out."""
    door = Door(stage.world.sarc)
    for _ in range(2):
        assert door.get("duties").status_code == 200
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            ours = cursor.fetchone()[0]
        with admin_connection() as admin:
            assert admin.execute("SELECT pg_terminate_backend(%s, 5000)", [ours]).fetchone() == (True,)


def test_the_way_past_sessions_and_pages_answers_as_the_long_way_does(world):
    """A request with any cookie goes through all of settings.MIDDLEWARE: status, headers and bytes are the same."""
    case = world.contact()
    door, unknown = Door(world.sarc), door_of("sapr_" + "x" * 43)
    calls = [
        (door, "GET", "duties", None, {}),
        (door, "HEAD", "duties", None, {}),
        (door, "GET", f"cases/{case.pk}", None, {}),
        (door, "GET", f"cases/{case.pk}", None, {"If-None-Match": "*"}),
        (door, "GET", f"cases/{GONE}", None, {}),
        (door, "GET", "no-such-thing", None, {}),
        (door, "GET", "duties/", None, {}),
        (door, "DELETE", "duties", None, {}),
        (door, "OPTIONS", "duties", None, {}),
        (door, "POST", "contacts", {"unknown": 1}, {}),
        (door, "POST", "contacts", b"{", {}),
        (door, "GET", "duties", None, {"Host": "elsewhere.invalid"}),
        (unknown, "GET", "duties", None, {}),
    ]
    for asks, method, path, body, headers in calls:
        short, long = (
            asks.ask(method, path, body, headers=headers | more) for more in ({}, {"Cookie": "a=b"})
        )
        told = [(each.status_code, dict(each.headers), each.content) for each in (short, long)]
        assert told[0] == told[1], (method, path)
        assert short["Cache-Control"] == "no-store"
        assert "default-src 'none'" in short["Content-Security-Policy"]


def test_who_comes_without_the_certificate_costs_the_system_nothing(world, settings):
    """One request a minute, and somebody with the stolen key alone before it: refused, and not counted."""
    settings.HTTPS, settings.CLIENT_FINGERPRINT_HEADER = True, "X-Client-Fingerprint"
    settings.PROXY_SECRET_HEADER, settings.PROXY_SECRET = "X-Front-End", SECRET
    _, key = made(world, world.sarc, "duties", per_minute=1, fingerprint=PRINT)
    for _ in range(2):
        refused(door_of(key).get("duties", secure=True), 401, "certificate_needed")
    right = door_of(key, **{"X-Client-Fingerprint": PRINT, "X-Front-End": SECRET})
    assert [right.get("duties", secure=True).status_code for _ in range(2)] == [200, 429]


def test_every_operation_is_found_by_its_shape_as_by_the_list():
    """The list in its order decides; the shape only says where in it to look."""
    [shapes] = [each for each in get_resolver().url_patterns if isinstance(each, Shapes)]
    whole = URLResolver(shapes.pattern, api_urls)
    for each in api_urls.urlpatterns:
        path = f"api/v1/{re.sub('<uuid:[^>]*>', GONE, str(each.pattern))}"
        for address in (re.sub("<[^>]*>", "some-word", path), re.sub("<[^>]*>", "7", path)):
            try:
                by_list = whole.resolve(address)
            except Resolver404:
                with pytest.raises(Resolver404):
                    shapes.resolve(address)
                continue
            found = shapes.resolve(address)
            assert (found.func, found.kwargs, found.route) == (by_list.func, by_list.kwargs, by_list.route)
    # As long as an id and none, an id too many, and the end of another address.
    for address in ("cases/" + "x" * 36, f"cases/{GONE}/{GONE}", "sign", ""):
        with pytest.raises(Resolver404):
            shapes.resolve(f"api/v1/{address}")
