"""DN-41: when nothing sweeps there is an alarm within five minutes, by another way than the worker's."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import OperationalError
from django.test import Client

from notifications.lateness import watching
from notifications.lateness.beating import health, reason
from notifications.lateness.watching import Watchdog
from notifications.sweeping import sweep
from reports import access, policy
from reports.ledger.models import Event
from sapr import clock
from tests.signed_in import passed
from tests.times import T0

MINUTE = timedelta(minutes=1)


def alarms(stage) -> list[str]:
    with access.viewing(stage.world.manager):
        rows = Event.objects.filter(kind__startswith="sweep_").order_by("seq")
        return list(rows.values_list("kind", flat=True))


def test_dn_41_the_alarm_comes_within_five_minutes_once_and_ends(stage, caplog) -> None:
    world, dog = stage.world, Watchdog()

    def at(minutes: float) -> None:
        clock.move(T0 + minutes * MINUTE, hold=True)

    def look(minutes: float) -> bool:
        at(minutes)
        with stage.as_worker():
            return dog.look()

    at(0)
    assert Client().get("/healthz").json() == {
        "ok": True,
        "sweeping": False,
        "watched": False,
        "channels": True,
    }
    with stage.as_worker():
        sweep()
    assert look(0)
    assert Client().get("/healthz/work").status_code == 200
    assert look(1)
    assert look(2.9)
    assert not mail.outbox
    alarmed = next(minute for minute in (3.3, 3.6, 4, 5) if not look(minute))
    assert alarmed < 5
    assert alarms(stage) == ["sweep_stalled"]
    assert caplog.messages == ["sweep_stalled"]
    # By its own hand-over, and with no word of any case.
    assert [(m.to, m.subject, m.body) for m in mail.outbox] == [
        ([world.manager.email], "SAPR attention", watching.BODY)
    ]
    # It lasts: no second event, and a mail an hour.
    assert not look(20)
    assert (alarms(stage), len(mail.outbox)) == (["sweep_stalled"], 1)
    assert not look(64)
    assert len(mail.outbox) == 2
    answer = Client().get("/healthz/work")
    assert (answer.status_code, answer.json()["sweeping"]) == (503, False)
    assert Client().get("/healthz").status_code == 200, "who signs reports goes on"
    client = Client()
    passed(client, world.manager)
    assert "not-sweeping" in client.get("/admin/").content.decode()
    with stage.as_worker():
        sweep()
        assert dog.look()
        assert "nothing was looked for from 2026" in reason(T0 + 30 * MINUTE, clock.now())
    assert alarms(stage) == ["sweep_stalled", "sweep_resumed"]
    # A dead watchdog shows too.
    at(70)
    with stage.as_worker():
        sweep()
    assert health(clock.keyboard_now()) == {"sweeping": True, "watched": False}
    # One that comes back after an absence gives the sweep the whole time again.
    assert look(300)
    assert look(302)
    assert not look(303.5)


def test_dn_41_mail_that_is_not_taken_is_tried_at_the_next_look(stage, monkeypatch) -> None:
    dog = Watchdog()

    def refuse(self, fail_silently=False):
        raise OSError("refused")

    with stage.as_worker():
        dog.look()
        clock.move(T0 + 2 * MINUTE, hold=True)
        dog.look()
        clock.move(T0 + 4 * MINUTE, hold=True)
        monkeypatch.setattr(EmailMessage, "send", refuse)
        assert not dog.look()
        monkeypatch.undo()
        assert not dog.look()
    assert len(mail.outbox) == 1


def test_dn_41_a_database_that_is_away_is_an_alarm_too(world, settings, monkeypatch) -> None:
    settings.ALARM_MAIL = ["operator@example.invalid"]
    dog, seconds = Watchdog(), iter((100.0, 200.0, 281.0, 300.0, 4000.0))

    def away() -> None:
        raise OperationalError

    monkeypatch.setattr(watching, "_addresses", lambda now: settings.ALARM_MAIL)
    dog.addresses = settings.ALARM_MAIL
    monkeypatch.setattr(Watchdog, "_look_at_the_row", lambda self: away())
    monkeypatch.setattr(watching, "monotonic", lambda: next(seconds))
    monkeypatch.setattr(watching.connection, "close", lambda: None)
    sent = []
    for _ in range(5):
        assert not dog.look()
        sent.append(len(mail.outbox))
    assert sent == [0, 0, 1, 1, 2]


def test_dn_41_no_row_may_promise_less_than_five_minutes() -> None:
    from copy import deepcopy

    from reports.policy import loading
    from reports.policy.book import Book

    documents = deepcopy(loading.read_directory(policy.DATA))
    row = next(row for row in documents["notices.json"]["rows"] if row["id"] == "DN-41")
    row["parameters"]["watch"]["alarm_after_minutes"] = 5
    with pytest.raises(policy.PolicyDataError, match="five minutes"):
        loading.Policy(Book(documents))
