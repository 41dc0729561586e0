"""Signing in, CSRF, paging and the schema."""

import io
from datetime import timedelta

from django.conf import settings
from django.core.management import call_command
from django.test import Client

from tests.api.door import Door, refused
from tests.signed_in import passed
from tests.world import T0


def test_a_session_writes_only_with_its_csrf_token_and_a_key_needs_none(world):
    client = Client(enforce_csrf_checks=True)
    passed(client, world.sarc)
    assert client.get("/api/v1/cases").status_code == 200
    refused(client.post("/api/v1/contacts", b"{}", "application/json"), 403, "csrf_failed")
    # A form that reads as one is refused as well, whatever its parts are.
    for kind in (
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
    ):
        answer = client.post("/api/v1/contacts", b"a=b&" * 2000, kind)
        assert answer.status_code in (400, 403), answer.content
    token = "a" * 32
    client.cookies[settings.CSRF_COOKIE_NAME] = token
    headers = {"X-CSRFToken": token}
    assert client.post("/api/v1/contacts", b"{}", "application/json", headers=headers).status_code == 201
    assert Door(world.sarc).post("contacts", {}).status_code == 201


def test_a_key_ends_with_its_time_and_its_account(world, held_clock):
    door, other = Door(world.sarc), Door(world.va)
    assert door.get("cases").status_code == 200
    world.va.is_active = False
    world.va.save(update_fields=["is_active"])
    refused(other.get("cases"), 401, "not_signed_in")
    held_clock.move(T0 + timedelta(days=91), hold=True)
    refused(door.get("cases"), 401, "not_signed_in")


def test_pages_go_on_after_the_last_row_whatever_is_added(world, held_clock, door):
    made = []
    for minute in range(5):
        # Two at the same instant: the id decides between them.
        held_clock.move(T0 + timedelta(minutes=minute // 2), hold=True)
        made.append(door.done("contacts", {}, 201)["id"])
    first = door.read("cases?limit=2")
    made.append(door.done("contacts", {}, 201)["id"])
    second = door.read(f"cases?limit=2&cursor={first['next']}")
    third = door.read(f"cases?limit=2&cursor={second['next']}")
    assert third["next"] is None
    seen = [row["id"] for part in (first, second, third) for row in part["items"]]
    assert len(seen) == len(set(seen))
    assert set(made[:4]) <= set(seen)
    assert set(first) == {"items", "next"}


def test_a_list_asks_the_same_number_of_questions_for_one_and_for_many(
    world, door, django_assert_max_num_queries
):
    for _ in range(3):
        world.signed("restricted")
    for path in ("cases", "duties", "notices"):
        with django_assert_max_num_queries(16):
            assert door.read(path)["items"]


def test_no_answer_may_be_kept_in_a_cache(world, door):
    for path in ("cases", "nothing"):
        assert door.get(path)["Cache-Control"] == "no-store"


def test_the_schema_is_complete_and_valid(world):
    out = io.StringIO()
    call_command("spectacular", "--fail-on-warn", "--validate", stdout=out)
    schema = out.getvalue()
    from sapr import api_urls

    for pattern in api_urls.urlpatterns:
        path = str(pattern.pattern).replace("<uuid:", "{").replace(">", "}")
        assert f"/api/v1/{path}:" in schema
    assert schema.count("application/problem+json") > len(api_urls.urlpatterns) * 2


def test_the_schema_is_served_to_those_signed_in_and_where_all_is_invented_to_anybody(world, settings):
    client = Client()
    assert client.get("/api/schema/").json()["openapi"].startswith("3.1")
    settings.KIND = "real"
    refused(client.get("/api/schema/"), 401, "not_signed_in")
    passed(client, world.commander)
    assert client.get("/api/schema/").status_code == 200


def test_nothing_sealed_stands_in_what_lists_and_cases_show(world, door):
    from tests.world import CANARIES

    report = world.signed("unrestricted")
    for path in ("cases", f"cases/{report.case_id}", "duties", "notices", "counts"):
        content = door.get(path).content.decode()
        assert not any(canary in content for canary in CANARIES.values())
