"""The calendar address: it says the same whatever is due, and ends with what it hangs on."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from icalendar import Calendar

from accounts.models import Appointment
from accounts.services import appointment_end
from reports import access, policy
from reports.calendars import services
from reports.calendars.models import Feed
from reports.models import Event
from sapr import clock
from sapr.errors import DomainError, NotFoundError
from tests.database.refusals import refused
from tests.desk.conftest import text
from tests.times import T0
from tests.world import CANARIES


def held(user) -> Appointment:
    return Appointment.objects.get(user=user)


def made(user) -> str:
    return services.feed_make(actor=user, appointment_id=held(user).pk, at=T0)


def fetch(token: str, **headers: str):
    return Client(headers=headers).get(f"/calendar/{token}.ics")


def test_ds_20_a_feed_is_the_same_bytes_and_questions_before_and_after_a_report_and_on_a_late_day(
    world, django_assert_num_queries
):
    token = made(world.sarc)
    with django_assert_num_queries(4):
        before = fetch(token)
    assert (before.status_code, before["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    world.signed("restricted")
    world.signed("unrestricted")
    with django_assert_num_queries(4):
        assert fetch(token).content == before.content
    clock.move(T0 + timedelta(days=40), hold=True)
    after = fetch(token)
    assert (after.content, dict(after.headers)) == (before.content, dict(before.headers))
    known = fetch(token, if_none_match=after["ETag"])
    assert (known.status_code, known.content, known["ETag"]) == (304, b"", after["ETag"])
    # Nothing of who, where or what; the times name no zone.
    file = after.content.decode()
    for word in (
        *CANARIES.values(),
        world.sarc.display_name,
        "Camp",
        "C-",
        str(world.sarc.pk),
        "TZID",
        "VTIMEZONE",
        token,
    ):
        assert word not in file
    assert {each["summary"] for each in Calendar.from_ical(after.content).walk("VEVENT")} == {"SAPR: sign in"}


def test_ds_20_two_people_of_two_places_differ_in_nothing_but_the_random_uid(world):
    files = [fetch(made(person)).content for person in (world.sarc, world.stranger, world.va)]
    for file in files:
        lines = file.split(b"\r\n")
        assert file.endswith(b"\r\n")
        assert max(map(len, lines)) <= 75
    bare = [[line for line in file.split(b"\r\n") if not line.startswith(b"UID:")] for file in files]
    assert bare[0] == bare[1] == bare[2]
    uids = [line for file in files for line in file.split(b"\r\n") if line.startswith(b"UID:")]
    assert len(set(uids)) == len(uids) == 6


def test_ds_20_every_dead_address_is_the_same_404_with_one_question(world, django_assert_num_queries):
    answers = []

    def dead(token: str) -> None:
        with django_assert_num_queries(4):
            answer = fetch(token)
        answers.append((answer.status_code, answer.content, dict(answer.headers)))

    dead("x" * 43)
    dead("a" * 5000)
    renewed = made(world.sarc)
    current = made(world.sarc)
    dead(renewed)
    services.feed_revoke(actor=world.sarc, appointment_id=held(world.sarc).pk, at=T0)
    dead(current)
    gone, closed, lapsed, old = (
        made(each) for each in (world.va, world.other_va, world.stranger, world.sarc)
    )
    appointment_end(appointment=held(world.va), actor=world.manager, at=T0)
    dead(gone)
    with transaction.atomic():
        closing = world.other_va
        closing.is_active = False
        closing.save(update_fields=["is_active"])
        dead(closed)
    clock.move(T0 + timedelta(seconds=1), hold=True)
    world.stranger.certifications.update(revoked_at=T0 + timedelta(seconds=1))
    dead(lapsed)
    assert fetch(old).status_code == 200
    days = policy.access_rules(T0.date()).limits["feed_days"]
    clock.move(T0 + timedelta(days=days), hold=True)
    dead(old)
    assert {(status, body) for status, body, _ in answers} == {(404, b"Not found.\n")}
    assert len({tuple(sorted(headers.items())) for _, _, headers in answers}) == 1


def test_ds_20_a_feed_answers_so_often_an_hour_and_then_says_when(world):
    token, most = made(world.sarc), policy.access_rules(T0.date()).limits["feed_fetches"]
    assert {fetch(token).status_code for _ in range(most)} == {200}
    spared = fetch(token)
    assert (spared.status_code, spared["Retry-After"]) == (429, "3600")
    clock.move(T0 + timedelta(minutes=59), hold=True)
    assert fetch(token).status_code == 429, "asking on does not lengthen the hour"
    clock.move(T0 + timedelta(minutes=60), hold=True)
    assert fetch(token).status_code == 200


def test_a_feed_is_made_by_its_person_for_an_appointment_in_force_also_round_the_service(world):
    for person, other in ((world.sarc, world.va), (world.va, world.sarc)):
        with pytest.raises(NotFoundError):
            services.feed_make(actor=person, appointment_id=held(other).pk, at=T0)
    for person in (world.commander, world.mcio, world.manager):
        with pytest.raises(DomainError, match="does not include"):
            services.feed_make(actor=person, appointment_id=held(person).pk, at=T0)
    token = made(world.sarc)
    mine, theirs = held(world.sarc), held(world.va)
    with access.viewing(world.va):
        assert Feed.objects.count() == 0
        row = {"token_hash": b"x" * 32, "made_at": T0, "expires_at": T0 + timedelta(days=1)}
        for who, whose in ((world.va, mine), (world.sarc, mine)):
            with refused("feed is made by its own person|row-level security"):
                Feed(user=who, appointment=whose, **row).save(force_insert=True)
        ended = theirs
        appointment_end(appointment=ended, actor=world.manager, at=T0)
        with refused("in force"):
            Feed(user=world.va, appointment=ended, **row).save(force_insert=True)
    with access.viewing(world.sarc):
        kept = Feed.objects.get()
        assert token.encode() not in bytes(kept.token_hash)
        for change in ({"expires_at": T0 + timedelta(days=900)}, {"fetches": 0}, {"token_hash": b"y" * 32}):
            with refused("permission denied"):
                Feed.objects.update(**change)
        with refused("permission denied"):
            Feed.objects.all().delete()
        Feed.objects.update(revoked_at=T0)
        with refused("stays revoked"):
            Feed.objects.update(revoked_at=None)
    assert fetch(token).status_code == 404


def test_the_address_is_shown_once_and_both_steps_are_on_record(world, sign_in):
    sarc, page = sign_in(world.sarc), "/admin/calendar/address/"
    step = {"do": "make", "id": str(held(world.sarc).pk)}
    shown = text(sarc.post(page, step))
    address = shown.split('data-test="address">')[1].split("<")[0]
    assert fetch(address.split("/")[-1].removesuffix(".ics")).status_code == 200
    assert address not in text(sarc.get(page))
    assert "An address stands" in text(sarc.get(page))
    assert sarc.post(page, step | {"do": "revoke"}).status_code == 302
    assert sarc.post(page, step | {"do": "revoke"}).status_code == 200, (
        "no such step any more: the page says so"
    )
    assert Client().post(f"/calendar/{'x' * 43}.ics").status_code == 405
    with access.viewing(world.manager):
        kinds = list(
            Event.objects.filter(kind__startswith="calendar").order_by("seq").values_list("kind", flat=True)
        )
    assert kinds == ["calendar_feed_made", "calendar_feed_revoked"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM reports_feed")
        assert cursor.fetchone() == (0,), "no viewer, no rows"
