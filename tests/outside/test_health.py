"""A channel that fails is found dead, and is told of on another one, in the system, and on the health page."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from notifications.models import Channel, Outgoing
from notifications.outside import services
from notifications.outside.models import ChannelKind
from notifications.sweeping import sweep
from reports import access
from reports.ledger.models import SYSTEM_CHAIN, Event
from sapr import clock
from tests.outside.far_end import FarEnd, receiver
from tests.outside.mailbox import BOX, NAME
from tests.signed_in import signed_in

HOUR = timedelta(hours=1)
WATCH = "watch@technical.invalid"


@pytest.fixture
def box(settings):
    settings.EMAIL_BACKEND, settings.MONITOR_MAIL = NAME, WATCH
    BOX.clear()
    yield BOX
    BOX.clear()


@pytest.fixture
def hook(out, later):
    """A receiver that works, registered; ended when the test is over."""
    with FarEnd(receiver()) as end:
        url = f"http://127.0.0.1:{end.port}/hook"
        channel, _ = services.webhook_register(actor=out.world.manager, url=url, at=clock.now())
        end.channel = channel
        yield end
        services.webhook_end(actor=out.world.manager, channel_id=channel.pk, at=clock.now())


def live(out, hours: float, *, step: timedelta = HOUR / 2) -> None:
    """Let hours pass; the worker sweeps every half an hour."""
    for _ in range(int(timedelta(hours=hours) / step)):
        clock.move(clock.now() + step, hold=True)
        with out.as_worker():
            sweep()


def said(hook) -> list[str]:
    """What the receiver was told, in order."""
    return [json.loads(request.partition(b"\r\n\r\n")[2])["say"] for request in hook.got]


def events(out, since) -> list[tuple[str, str, bool | None]]:
    with access.viewing(out.world.manager):
        found = Event.objects.filter(
            case_id=SYSTEM_CHAIN, kind__startswith="channel_", occurred_at__gt=since
        ).order_by("seq")
        return [(each.kind, each.data["kind"], each.data.get("told")) for each in found]


def test_a_day_without_a_mail_server_is_an_alarm_on_the_webhook_in_the_system_and_on_the_health_page(
    out, later, box, hook
) -> None:
    live(out, 2)
    assert {got.address for got in box.got if b"Subject: SAPR" in got.content} == {WATCH}
    assert Client().get("/healthz").json()["channels"] is True
    box.breaks, box.early = TimeoutError(), True
    since = clock.now()
    live(out, 24, step=HOUR)
    assert events(out, since) == [("channel_dead", "mail", True)]
    assert said(hook).count("attention") == 1
    # It was found within the limit after the first message that was not taken: an hour to the next, ninety minutes.
    with access.viewing(out.world.manager):
        mail = Channel.objects.get(kind=ChannelKind.MAIL)
    assert mail.dead_at - since <= 3 * HOUR
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()["channels"]) == (200, False)
    manager = signed_in(out.world.manager)
    today = manager.get("/admin/").content.decode()
    assert 'data-test="dead-channels"' in today
    assert 'data-test="dead"' in manager.get("/admin/channels/").content.decode()
    # Who carries cases is told that no mail will come, and by when to look; channels are not theirs.
    theirs = signed_in(out.world.sarc).get("/admin/").content.decode()
    assert 'data-test="dead-channels"' not in theirs
    assert "at the latest when the next mail would have come" in theirs
    box.clear()
    live(out, 2)
    assert events(out, since)[1:] == [("channel_alive", "mail", None)]
    assert 'data-test="mail-dead"' not in signed_in(out.world.sarc).get("/admin/").content.decode()
    assert Client().get("/healthz").json()["channels"] is True
    # Of the day nothing comes after it but the heartbeat whose hour is not over; then one an hour again.
    assert len([got for got in box.got if b"Subject: SAPR" in got.content]) <= 3


def test_a_dead_webhook_is_told_to_the_technical_mailbox_and_to_nobody_else(out, later, box, hook) -> None:
    live(out, 1)
    box.clear()
    hook.serve = receiver(b"HTTP/1.1 500 Broken\r\n\r\n")
    since = clock.now()
    live(out, 5)
    assert events(out, since) == [("channel_dead", "webhook", True)]
    alarms = [got for got in box.got if b"Subject: SAPR attention" in got.content]
    assert [got.address for got in alarms] == [WATCH]
    assert {got.address for got in box.got if b"Subject: SAPR" in got.content} == {WATCH}
    hook.serve = receiver()
    live(out, 2)


def test_a_channel_that_comes_and_goes_is_told_of_no_more_often_than_the_rules_say(
    out, later, box, hook
) -> None:
    """DN-33: six hours between alarms; each death stands on the record all the same."""
    since = clock.now()
    for _ in range(2):
        hook.serve = receiver(b"HTTP/1.1 500 Broken\r\n\r\n")
        live(out, 3)
        hook.serve = receiver()
        live(out, 1)
    assert [each for each in events(out, since) if each[0] == "channel_dead"] == [
        ("channel_dead", "webhook", True),
        ("channel_dead", "webhook", False),
    ]
    assert sum(b"Subject: SAPR attention" in got.content for got in box.got) == 1


def test_when_every_channel_is_dead_the_system_itself_still_says_so(out, later, box, hook) -> None:
    hook.serve = receiver(b"HTTP/1.1 500 Broken\r\n\r\n")
    box.breaks, box.early = ConnectionRefusedError(), True
    since = clock.now()
    live(out, 4)
    assert {kind for _, kind, _ in events(out, since)} == {"mail", "webhook"}
    today = signed_in(out.world.manager).get("/admin/").content.decode()
    assert today.count("to outside does not work") == 2
    hook.serve = receiver()
    box.clear()
    live(out, 2)


def test_heartbeats_come_at_their_interval_and_are_not_made_up_for(out, later, box, hook) -> None:
    live(out, 3)
    assert said(hook) == ["heartbeat"] * 3
    clock.move(clock.now() + 48 * HOUR, hold=True)
    with out.as_worker():
        sweep()
        sweep()
    assert said(hook) == ["heartbeat"] * 4
    with access.viewing(out.world.manager):
        rows = Outgoing.objects.filter(channel=hook.channel)
        assert set(rows.values_list("state", flat=True)) == {"acknowledged"}


def test_without_a_technical_mailbox_the_constant_mail_is_the_heartbeat(out, later, box, settings) -> None:
    settings.MONITOR_MAIL = ""
    since = clock.now()
    live(out, 6, step=HOUR)
    assert not any(b"Subject: SAPR" in got.content for got in box.got)
    box.breaks, box.early = TimeoutError(), True
    live(out, 8, step=HOUR)
    assert events(out, since) == [("channel_dead", "mail", True)]
