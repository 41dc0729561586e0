"""Looks without a relationship raise one alarm (T04); an hour holds so many identities and no more (T05)."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from reports import access
from reports.access.models import Look
from reports.access.openings import COUNTED
from reports.ledger.selectors import alarms, system_events
from reports.models import Identity
from reports.vault import keys
from sapr.case_reading import case_read
from sapr.errors import DomainError
from tests.access.together import together
from tests.database.refusals import refused
from tests.signed_in import passed
from tests.times import T0

LOOKS, OPENINGS = 20, 50
HOUR = timedelta(hours=1)
FILL = """
INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)
SELECT gen_random_uuid(), %s, 'sealed_opened', %s, %s, %s FROM generate_series(1, %s)
"""


def raised(world, kind: str) -> list[dict]:
    with access.viewing(world.manager):
        return list(system_events(viewer=world.manager).filter(kind=kind).values_list("data", flat=True))


def looks(viewer) -> int:
    with access.viewing(viewer):
        return Look.objects.exclude(kind__in=["alarmed", "stopped"]).count()


@pytest.fixture
def stranger(world, client):
    passed(client, world.stranger)
    return client


def test_twenty_looks_at_cases_of_others_raise_exactly_one_alarm(world, stranger):
    cases = [world.contact().pk for _ in range(3)]
    for number in range(LOOKS - 1):
        door = ("/admin/cases/{}/", "/api/v1/cases/{}")[number % 2]
        assert stranger.get(door.format(cases[number % 3])).status_code == 404
    assert raised(world, "curiosity_alarm") == []
    assert stranger.get(f"/admin/cases/{cases[0]}/").status_code == 404
    assert raised(world, "curiosity_alarm") == [{"user": str(world.stranger.pk), "looks": LOOKS}]
    for _ in range(LOOKS * 2):
        stranger.get(f"/api/v1/cases/{cases[0]}")
    assert len(raised(world, "curiosity_alarm")) == 1


def test_a_look_at_nothing_counts_like_one_at_a_case_of_others(world, stranger):
    case = world.contact().pk
    answers = []
    for wanted in (case, uuid4()):
        before = looks(world.stranger)
        answers.append(stranger.get(f"/api/v1/cases/{wanted}").content)
        assert looks(world.stranger) == before + 1
    assert answers[0] == answers[1]


def test_looks_of_an_hour_ago_count_no_more_and_a_new_window_has_its_own_alarm(world, stranger, held_clock):
    look = lambda: stranger.get(f"/api/v1/cases/{uuid4()}")  # noqa: E731
    for _ in range(LOOKS - 1):
        look()
    held_clock.move(T0 + HOUR, hold=True)
    passed(stranger, world.stranger)
    look()
    assert raised(world, "curiosity_alarm") == []
    for _ in range(LOOKS - 1):
        look()
    held_clock.move(T0 + HOUR * 3, hold=True)
    passed(stranger, world.stranger)
    for _ in range(LOOKS):
        look()
    assert len(raised(world, "curiosity_alarm")) == 2


def test_ordinary_work_is_no_look(world, client):
    passed(client, world.sarc)
    report = world.signed("restricted")
    for page in (
        "/admin/",
        "/admin/cases/",
        f"/admin/cases/{report.case_id}/",
        f"/api/v1/cases/{report.case_id}",
    ):
        assert client.get(page).status_code == 200
    assert looks(world.sarc) == 0


def test_programme_managers_see_the_alarm_and_nothing_of_what_was_looked_for(world, stranger, client):
    case = world.contact()
    for _ in range(LOOKS):
        stranger.get(f"/admin/cases/{case.pk}/")
    passed(client, world.manager)
    page = client.get("/admin/").content.decode()
    assert world.stranger.display_name in page.partition('data-test="alarms"')[2]
    assert str(case.pk) not in page
    assert case.number not in page
    with access.viewing(world.sarc), pytest.raises(DomainError):
        alarms(viewer=world.sarc, at=T0)


def test_looks_are_ones_own_dated_by_the_database_and_kept(world):
    with access.viewing(world.stranger), refused("row-level security"):
        Look(user=world.sarc, kind="not_there", at=T0).save(force_insert=True)
    with access.viewing(world.stranger):
        Look(user=world.stranger, kind="not_there", at=T0 - HOUR).save(force_insert=True)
        assert Look.objects.get().at == T0
    with access.viewing(world.stranger), refused("permission denied"):
        Look.objects.all().delete()
    with access.viewing(world.sarc):
        assert Look.objects.count() == 0


def opened(world, times: int) -> None:
    """So many identities that the SARC opened within the hour, as their events say."""
    case = world.contact()
    data = json.dumps({"what": ["identity.name"], "purpose": "case_work"})
    with access.viewing(world.sarc), connection.cursor() as cursor:
        cursor.execute(
            FILL,
            [case.pk, T0, world.sarc.pk, data, times],
        )


def test_the_identity_beyond_the_limit_is_refused_at_both_doors_and_said_once(world, client, held_clock):
    opened(world, OPENINGS - 1)
    case = world.contact()
    passed(client, world.sarc)
    ask = lambda: client.post(  # noqa: E731
        f"/api/v1/cases/{case.pk}/sealed", {"purpose": "case_work"}, content_type="application/json"
    )
    assert ask().status_code == 200
    for _ in range(2):
        answer = ask()
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many_openings")
        assert answer["Retry-After"] == "3600"
    page = client.post(f"/admin/cases/{case.pk}/open/")
    assert page.status_code == 429
    assert "Canary" not in page.content.decode()
    assert raised(world, "reading_stopped") == [{"user": str(world.sarc.pk), "openings": OPENINGS}]
    held_clock.move(T0 + HOUR, hold=True)
    passed(client, world.sarc)
    assert ask().status_code == 200


def test_no_other_purpose_goes_round_the_limit(world, client):
    opened(world, OPENINGS)
    case = world.contact()
    passed(client, world.sarc)
    for purpose in (
        "signing",
        "notice",
        "preview",
        "inbox",
        "eligibility",
        "second_person",
        "emergency",
        "nothing",
    ):
        answer = client.post(
            f"/api/v1/cases/{case.pk}/sealed", {"purpose": purpose}, content_type="application/json"
        )
        assert answer.status_code in (403, 422), purpose


def test_the_preview_of_a_conversion_counts_and_is_refused_beyond_the_limit(world, client):
    report = world.signed("restricted")
    opened(world, OPENINGS - 1)
    passed(client, world.sarc)
    page = f"/admin/cases/{report.case_id}/convert/"
    assert "Canary" not in client.get(page).content.decode()
    assert "Canary" in client.post(page, {"prepare": "yes"}).content.decode()
    answer = client.post(page, {"prepare": "yes"})
    assert answer.status_code == 429
    assert "Canary" not in answer.content.decode()
    assert client.post(f"/admin/cases/{report.case_id}/open/").status_code == 429
    assert len(raised(world, "reading_stopped")) == 1


def test_what_an_addressee_opens_in_the_inbox_counts_and_is_refused_beyond_the_limit(world, client):
    world.signed("unrestricted")
    passed(client, world.mcio)
    [item] = client.get("/api/v1/inbox").json()["items"]
    ask = lambda: client.post(  # noqa: E731
        f"/api/v1/inbox/{item['id']}/open", {}, content_type="application/json"
    )
    for _ in range(OPENINGS):
        assert ask().status_code == 200
    assert (ask().status_code, ask().json()["code"]) == (429, "too_many_openings")
    assert raised(world, "reading_stopped") == [{"user": str(world.mcio.pk), "openings": OPENINGS}]


def test_the_work_of_signing_is_not_counted(world):
    for _ in range(3):
        world.signed("unrestricted")
    with access.viewing(world.sarc), connection.cursor() as cursor:
        cursor.execute("SELECT sapr_identity_openings(%s, %s)", [T0 - HOUR, list(COUNTED)])
        assert cursor.fetchone() == (0,)


def test_the_limits_hold_for_readers_at_the_same_moment(stage):
    world = stage.world
    opened(world, OPENINGS - 2)
    case = world.contact()

    def read() -> None:
        with access.viewing(world.sarc):
            identity = Identity.objects.get(case=case)
            access.open_for(viewer=world.sarc, record=identity, purpose="case_work", at=T0)

    def read_at_once() -> None:
        with access.viewing(world.sarc):
            found = case_read(viewer=world.sarc, case_id=case.pk, sealed=True)
            parts = {"rows": found.rows, "committed": found.committed}
            access.open_read_for(
                stands=found.stands, purpose="case_work", at=T0, show=lambda opened: opened, **parts
            )

    assert together(*[read, read_at_once] * 3) == ["done"] * 2 + ["too_many_openings"] * 4

    def look() -> None:
        for _ in range(LOOKS // 4):
            access.looked(actor=world.stranger, kind="not_there")

    assert together(*[look] * 6) == ["done"] * 6
    assert len(raised(world, "curiosity_alarm")) == 1


def test_a_person_looked_up_without_result_counts_and_one_found_does_not(
    world, client, django_capture_on_commit_callbacks
):
    # What an earlier test remembers of the key store was rolled back with it.
    keys.forget_data_keys()
    with django_capture_on_commit_callbacks(execute=True):
        world.contact(actor=world.stranger)
    passed(client, world.sarc)
    for number, counted in (("9876501234", 1), ("1112223334", 2)):
        client.post("/api/v1/people/find", {"dod_id": number}, content_type="application/json")
        assert looks(world.sarc) == counted
    passed(client, world.stranger)
    client.post("/admin/people/find/", {"dod_id": "9876501234"})
    assert looks(world.stranger) == 0
