"""Events out: the ids of a reader's events and nothing else, every hour as many bytes, each at least once."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection

from accounts.models import Appointment
from accounts.services import appointment_end
from notifications.models import Outgoing, Subscription
from notifications.outside import news, services
from notifications.outside.news_models import NewsKind
from notifications.sweeping import sweep
from reports import access
from reports.ledger.kinds import EventKind
from reports.ledger.models import Event
from sapr import clock
from sapr.errors import DomainError, NotFoundError
from tests.api.door import Door
from tests.database.refusals import refused
from tests.factories import AppointmentFactory
from tests.outside.far_end import FarEnd, receiver
from tests.signed_in import signed_in

HOUR = timedelta(hours=1)
SECRET = {}


@pytest.fixture
def hook(out, later):
    """A working receiver to which the events of the SARC's cases go."""
    with FarEnd(receiver()) as end:
        channel, SECRET[end] = services.webhook_register(
            actor=out.world.manager, url=f"http://127.0.0.1:{end.port}/hook", at=clock.now()
        )
        end.channel = channel
        end.row = news.news_begin(actor=out.world.sarc, channel_id=channel.pk, at=clock.now())
        yield end
        services.webhook_end(actor=out.world.manager, channel_id=channel.pk, at=clock.now())


def hours(out, many: int = 1) -> None:
    for _ in range(many):
        clock.move(clock.now() + HOUR, hold=True)
        with out.as_worker():
            sweep()


def bodies(end) -> list[bytes]:
    """The messages of events that the far end got, in order."""
    parts = [request.partition(b"\r\n\r\n")[2] for request in end.got]
    return [each for each in parts if json.loads(each)["say"] == "events"]


def told(end) -> list[dict[str, str]]:
    return [event for body in bodies(end) for event in json.loads(body)["events"]]


def test_t02_a_message_is_as_long_with_no_event_as_with_many_and_tells_ids_and_kinds_alone(out, hook):
    world = out.world
    hours(out)
    assert told(hook) == []
    mine, theirs = (
        world.signed("restricted", at=clock.now()),
        world.contact(actor=world.stranger, at=clock.now()),
    )
    hours(out)
    heard = told(hook)
    for _ in range(8):
        world.signed("unrestricted", at=clock.now())
    hours(out, 2)
    assert {len(body) for body in bodies(hook)} == {8192}
    assert len(bodies(hook)) == 4
    assert max(len(json.loads(body)["events"]) for body in bodies(hook)) == news.MOST
    assert {"report_signed", "duty_opened"} <= {each["kind"] for each in heard}
    for each in told(hook):
        assert set(each) == {"case", "event", "kind"}
    # Each stands in the ledger, and none is of a case that is somebody else's.
    with access.viewing(world.sarc):
        kinds = {str(e.pk): (str(e.case_id), e.kind) for e in Event.objects.filter(case_id=mine.case_id)}
    assert {each["event"]: (each["case"], each["kind"]) for each in heard}.items() <= kinds.items()
    assert str(theirs.pk) not in {each["case"] for each in told(hook)}
    with access.viewing(world.stranger):
        assert Event.objects.filter(case_id=theirs.pk, kind="contact_opened").exists()


def test_what_was_not_acknowledged_is_told_again_and_what_was_is_not(out, hook):
    hook.serve = receiver(b"HTTP/1.1 503 Later\r\n\r\n")
    case = out.world.contact(at=clock.now())
    hours(out, 2)
    hook.serve = receiver()
    hook.got.clear()
    hours(out, 2)
    opened = [
        each for each in told(hook) if each["case"] == str(case.pk) and each["kind"] == "contact_opened"
    ]
    assert len(opened) == 1
    hook.got.clear()
    hours(out, 2)
    assert [each for each in told(hook) if each["case"] == str(case.pk)] == []
    assert len(bodies(hook)) == 2


def test_it_ends_with_the_readers_word_and_with_the_appointment(out, hook):
    world = out.world
    hours(out)
    held = Appointment.objects.get(user=world.sarc)
    world.contact(at=clock.now())
    appointment_end(appointment=held, actor=world.manager, at=clock.now())
    hook.got.clear()
    hours(out)
    assert told(hook) == []
    AppointmentFactory(user=world.sarc, post=held.post, starts_at=clock.now())
    hours(out)
    assert told(hook)
    hook.got.clear()
    news.news_end(actor=world.sarc, subscription_id=hook.row.pk, at=clock.now())
    world.contact(at=clock.now())
    hours(out)
    assert bodies(hook) == []
    with pytest.raises(NotFoundError):
        news.news_end(actor=world.sarc, subscription_id=hook.row.pk, at=clock.now())


def test_two_persons_make_it_so_and_the_database_says_so_too(out, hook):
    world = out.world
    with pytest.raises(DomainError) as error:
        news.news_begin(actor=world.va, channel_id=hook.channel.pk, at=clock.now())
    assert error.value.code == "already_told"
    with pytest.raises(DomainError) as error:
        news.news_begin(actor=world.commander, channel_id=hook.channel.pk, at=clock.now())
    assert error.value.code == "not_your_role"
    # By REST each sees the webhook and how they stand to it, and nobody whose events go there.
    begun = {"id": str(hook.row.pk), "channel": str(hook.channel.pk), "ended_at": None}
    for person, own in ((world.sarc, True), (world.va, False)):
        [row] = Door(person).read("told-systems")["items"]
        assert (row["id"], row["taken"], row["own"] is not None) == (str(hook.channel.pk), True, own)
        assert not own or begun.items() <= row["own"].items()
    assert Door(world.commander).get("told-systems").status_code == 403
    insert = (
        "INSERT INTO notifications_subscription (id, channel_id, reader_id, began_at)"
        " VALUES (gen_random_uuid(), %s, %s, %s)"
    )
    for viewer, reader in (
        (world.va, world.sarc),
        (world.commander, world.commander),
        (world.manager, world.manager),
    ):
        with access.viewing(viewer), refused("row-level security"), connection.cursor() as cursor:
            cursor.execute(insert, [hook.channel.pk, reader.pk, clock.now()])
    with access.viewing(world.manager), refused("permission denied"), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM notifications_news")


def test_the_worker_can_have_nothing_told_but_listed_kinds_once_in_a_fresh_message(out, hook):
    out.world.signed("restricted", at=clock.now())
    clock.move(clock.now() + HOUR, hold=True)
    with out.as_worker(), connection.cursor() as cursor:
        fresh = Outgoing.objects.create(
            channel=hook.channel, kind="news", planned_at=clock.now(), look_at=clock.now(),
            expires_at=clock.now() + HOUR,
        )  # fmt: skip
        call = "SELECT sapr_news_queue(%s, %s, %s, 40)"
        with pytest.raises(DatabaseError, match="notifications_news_kind_known"):
            cursor.execute(call, [fresh.pk, hook.row.pk, ["report_signed", "options_decided"]])
        cursor.execute(call, [fresh.pk, hook.row.pk, NewsKind.values])
        with pytest.raises(DatabaseError, match="tells events once"):
            cursor.execute(call, [fresh.pk, hook.row.pk, NewsKind.values])
        with pytest.raises(DatabaseError, match="permission denied"):
            cursor.execute("DELETE FROM notifications_news")
        cursor.execute("SELECT current_setting('sapr.viewer', true)")
        assert not cursor.fetchone()[0]
        Outgoing.objects.filter(pk=fresh.pk).update(state="dropped")


def test_every_kind_that_is_told_is_one_of_the_ledger_and_no_look():
    assert set(NewsKind.values) <= set(EventKind.values)
    assert not {each for each in NewsKind.values if "seal" in each and each != "kit_sealed"}


def test_the_documented_check_takes_ours_and_refuses_what_is_old_or_changed(out, hook, monkeypatch):
    """The Python of docs/outside.md, run on a message as it came."""
    page = (Path(__file__).parents[2] / "docs" / "outside.md").read_text()
    scope: dict = {}
    exec(re.search(r"```python\n(.*?)```", page, re.DOTALL)[1], scope)  # noqa: S102 - our own page
    hours(out)
    head, _, body = hook.got[-1].partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    stamp, signature = headers["SAPR-Timestamp"], headers["SAPR-Signature"]
    monkeypatch.setattr(scope["time"], "time", lambda: int(stamp) + 60)
    assert scope["genuine"](SECRET[hook], stamp, body, signature)
    assert not scope["genuine"](SECRET[hook], stamp, body + b" ", signature)
    assert not scope["genuine"]("another", stamp, body, signature)
    monkeypatch.setattr(scope["time"], "time", lambda: int(stamp) + 86_401)
    assert not scope["genuine"](SECRET[hook], stamp, body, signature)


def test_the_reader_begins_and_ends_it_on_a_page(out, hook):
    client = signed_in(out.world.sarc)
    news.news_end(actor=out.world.sarc, subscription_id=hook.row.pk, at=clock.now())
    page = "/admin/told-systems/"
    assert 'data-test="told"' not in client.get(page).content.decode()
    client.post(page, {"do": "begin", "id": hook.channel.pk})
    with access.viewing(out.world.sarc):
        row = Subscription.objects.get(channel=hook.channel, ended_at=None)
    assert row.reader_id == out.world.sarc.pk
    assert 'data-test="told"' in client.get(page).content.decode()
    client.post(page, {"do": "end", "id": row.pk})
    with access.viewing(out.world.sarc):
        assert not Subscription.objects.filter(channel=hook.channel, ended_at=None).exists()
