"""What a programme manager does: messages that were given up, and webhooks."""

from datetime import timedelta
from hashlib import sha256
from smtplib import SMTPRecipientsRefused
from uuid import uuid4

import pytest
from django.db import connection

from notifications.models import Channel, Outgoing
from notifications.outside import services
from notifications.sweeping import sweep
from reports import access
from reports.ledger.models import SYSTEM_CHAIN, Event
from sapr import clock
from sapr.errors import DomainError, NotFoundError
from tests.api.door import Door
from tests.api.door import refused as refused_by_rest
from tests.database.refusals import refused
from tests.outside.far_end import FarEnd, receiver
from tests.outside.queue import at, rows, tried, tried_state
from tests.signed_in import signed_in


def test_a_person_queues_it_again_within_its_window_or_closes_it_with_a_reason(out, mailed, box) -> None:
    manager = out.world.manager
    box.breaks, box.early = SMTPRecipientsRefused({"x": (550, b"no such box")}), True
    at(out, timedelta(0))
    row = tried(out, mailed)
    box.clear()
    services.outgoing_requeue(actor=manager, outgoing_id=row.pk, at=clock.now())
    while row.state != "sent":
        at(out, timedelta(0))
        row = next(each for each in rows(out, mailed) if each.pk == row.pk)
    assert [got.address for got in box.got].count(row.address) == 1
    with pytest.raises(NotFoundError):
        services.outgoing_close(actor=manager, outgoing_id=row.pk, reason="not_needed", at=clock.now())
    # Another one, whose time is over when a person looks: a mail at another hour would tell something.
    box.breaks, box.early = SMTPRecipientsRefused({"x": (550, b"no such box")}), True
    at(out, timedelta(0))
    [row] = [each for each in rows(out, mailed) if each.state == "dead"]
    clock.move(row.expires_at, hold=True)
    with pytest.raises(DomainError, match="Close it") as refusal:
        services.outgoing_requeue(actor=manager, outgoing_id=row.pk, at=clock.now())
    assert refusal.value.code == "window_over"
    with pytest.raises(DomainError, match="from the list"):
        services.outgoing_close(actor=manager, outgoing_id=row.pk, reason="", at=clock.now())
    closed = services.outgoing_close(actor=manager, outgoing_id=row.pk, reason="person_left", at=clock.now())
    assert (closed.state, closed.closed_by_id) == ("closed", manager.pk)
    with access.viewing(manager):
        said = Event.objects.filter(case_id=SYSTEM_CHAIN, kind__startswith="outgoing_").order_by("seq")
        assert [(each.kind, each.actor_id) for each in said] == [
            ("outgoing_requeued", manager.pk),
            ("outgoing_closed", manager.pk),
        ]


def test_the_page_shows_what_was_given_up_and_takes_the_person_through_it(out, mailed, box) -> None:
    client, page = signed_in(out.world.manager), "/admin/channels/"
    box.breaks, box.early = SMTPRecipientsRefused({"x": (550, b"no such box")}), True
    at(out, timedelta(0))
    row = tried(out, mailed)
    shown = client.get(page).content.decode()
    assert row.address in shown
    assert "Refused for good" in shown
    assert "Messages to outside that were given up" in client.get("/admin/").content.decode()
    answer = client.post(page, {"do": "close", "id": str(row.pk), "reason": "made up"})
    assert answer.status_code == 422
    answer = client.post(page, {"do": "again", "id": str(row.pk)}, follow=True)
    assert "It is tried again now." in answer.content.decode()
    assert tried_state(out, row) == "queued"
    while tried_state(out, row) == "queued":
        at(out, timedelta(0))
    answer = client.post(page, {"do": "close", "id": str(row.pk), "reason": "address_corrected"}, follow=True)
    assert tried_state(out, row) == "closed"
    assert row.address not in answer.content.decode().partition('data-test="letters"')[2]


def test_other_systems_take_the_same_steps(out, mailed, box) -> None:
    door = Door(out.world.manager)
    box.breaks, box.early = SMTPRecipientsRefused({"x": (550, b"no such box")}), True
    at(out, timedelta(0))
    row = tried(out, mailed)
    [shown] = [each for each in door.read("outgoing/failed")["items"] if each["id"] == str(row.pk)]
    assert (shown["state"], shown["last_outcome"], shown["address"]) == ("dead", "refused", row.address)
    assert door.done(f"outgoing/{row.pk}/requeue")["state"] == "queued"
    assert tried_state(out, row) == "queued"
    box.breaks, box.early = SMTPRecipientsRefused({"x": (550, b"no such box")}), True
    while tried_state(out, row) != "dead":
        at(out, timedelta(0))
    refused_by_rest(door.post(f"outgoing/{row.pk}/close", {"reason": "made up"}), 422, "unknown_value")
    closed = door.done(f"outgoing/{row.pk}/close", {"reason": "person_left"})
    assert (closed["state"], closed["closed_reason"]) == ("closed", "person_left")
    refused_by_rest(door.post(f"outgoing/{row.pk}/requeue"), 404, "not_found")


def test_the_page_shows_a_secret_once_and_says_what_is_wrong_with_an_address(out, later) -> None:
    client, page = signed_in(out.world.manager), "/admin/channels/webhooks/new/"
    for url in ("http://hooks.example/x", "https://user@hooks.example/x", "x" * 301, ""):
        answer = client.post(page, {"url": url})
        assert (answer.status_code, 'aria-invalid="true"' in answer.content.decode()) == (422, True)
    once = {"url": "https://hooks.example/page", "once": "a-token"}
    answer = client.post(page, once).content.decode()
    assert 'data-test="webhook-secret"' in answer
    again = client.post(page, once, follow=True).content.decode()
    assert 'data-test="webhook-secret"' not in again
    with access.viewing(out.world.manager):
        channel = Channel.objects.get(url=once["url"])
    client.post("/admin/channels/", {"do": "end", "id": str(channel.pk), "confirm": "on"})
    assert once["url"] not in client.get("/admin/channels/").content.decode()


def test_a_webhook_acknowledges_and_its_secret_is_the_workers_to_read(out, later, settings) -> None:
    """Registered by one person, with an event; the secret stands encrypted and the web role cannot read it back."""
    manager = out.world.manager
    settings.MONITOR_MAIL = ""
    with FarEnd(receiver()) as end:
        url = f"http://127.0.0.1:{end.port}/hook"
        channel, secret = services.webhook_register(actor=manager, url=url, at=clock.now())
        with pytest.raises(DomainError, match="already"):
            services.webhook_register(actor=manager, url=url, at=clock.now())
        with access.viewing(manager), refused("permission denied"), connection.cursor() as cursor:
            cursor.execute("SELECT secret FROM notifications_webhooksecret")
        with out.as_worker():
            sweep()
            with connection.cursor() as cursor:
                cursor.execute("SELECT secret FROM notifications_webhooksecret")
                assert secret.encode() not in bytes(cursor.fetchone()[0])
    [request] = end.got
    with access.viewing(manager):
        [row] = Outgoing.objects.filter(channel=channel)
        assert (row.kind, row.state, row.acknowledged_at) == ("heartbeat", "acknowledged", clock.now())
        assert row.sha256 == sha256(request).hexdigest()
        assert Event.objects.filter(kind="webhook_registered", data__channel=str(channel.pk)).count() == 1
    assert secret.encode() not in request
    services.webhook_end(actor=manager, channel_id=channel.pk, at=clock.now())
    with pytest.raises(NotFoundError):
        services.webhook_end(actor=manager, channel_id=channel.pk, at=clock.now())
    clock.move(clock.now() + timedelta(hours=2), hold=True)
    with out.as_worker():
        sweep()
        assert Outgoing.objects.filter(channel=channel).count() == 1


def test_without_a_key_no_secret_is_kept(out, later, settings) -> None:
    settings.FERNET_KEYS = []
    with pytest.raises(DomainError, match="SAPR_CHANNEL_KEY_FILE"):
        services.webhook_register(actor=out.world.manager, url="https://hooks.example/x", at=clock.now())
    assert not Channel.objects.filter(url="https://hooks.example/x").exists()


def test_round_the_services_what_was_queued_and_handed_over_stands(out, mailed, box) -> None:
    """Raw SQL by either role: no other key, addressee, instant or digest, no long lease, no way back, no deletion."""
    at(out, timedelta(0))
    sent = tried(out, mailed)
    queued = next(row for row in rows(out, mailed) if row.state == "queued")
    manager, sarc = out.world.manager, out.world.sarc
    update = "UPDATE notifications_outgoing SET {} WHERE id = %s"

    def run(sql: str, *args) -> int:
        with connection.cursor() as cursor:
            cursor.execute(sql, args)
            return cursor.rowcount

    with out.as_worker():
        for column in (
            "id",
            "address",
            "planned_at",
            "expires_at",
            "round_id",
            "channel_id",
            "kind",
            "closed_at",
        ):
            with refused("permission denied"):
                run(update.format(f"{column} = {column}"), sent.pk)
        with refused("stays on record"):
            run("DELETE FROM notifications_outgoing WHERE id = %s", sent.pk)
        with refused("stands as it was"):
            run(update.format("sha256 = repeat('0', 64)"), sent.pk)
        for state in ("queued", "dead", "dropped", "closed", "acknowledged"):
            with refused("does not move"):
                run(update.format(f"state = '{state}'"), sent.pk)
        with refused("handed_over_with_proof"):
            run(update.format("state = 'sent'"), queued.pk)
        with refused("a minute at most"):
            run(update.format("attempts = 1, look_at = sapr_now() + interval '61 seconds'"), queued.pk)
    with access.viewing(manager):
        assert run(update.format("state = 'closed'"), queued.pk) == 0
    with access.viewing(sarc):
        assert run("SELECT 1 FROM notifications_outgoing") == 0
        # Somebody else's name, a beginning state of its own choosing, and who is no programme manager.
        insert = (
            "INSERT INTO notifications_channel (id, kind, url, failures, registered_by_id, registered_at) "
            "VALUES (gen_random_uuid(), 'webhook', 'https://x.example', 0, %s, sapr_now())"
        )
        for person in (sarc, manager):
            with refused("row-level security"):
                run(insert, person.pk)
        for kind in (
            "webhook_registered",
            "webhook_ended",
            "outgoing_requeued",
            "outgoing_closed",
            "channel_dead",
        ):
            with refused("row-level security"):
                run(
                    "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data) "
                    "VALUES (%s, %s, %s, sapr_now(), %s, '{}')",
                    uuid4(), SYSTEM_CHAIN, kind, sarc.pk,
                )  # fmt: skip
    with access.viewing(manager):
        with refused("row-level security"):
            run(insert, sarc.pk)
        for column in ("dead_at", "url", "failing_since", "told_at"):
            with refused("permission denied"):
                run("UPDATE notifications_channel SET {} = NULL".format(column))  # noqa: S608, UP032
        assert (
            run("UPDATE notifications_channel SET ended_at = sapr_now(), ended_by_id = %s", manager.pk) == 0
        )


def test_the_worker_reads_addresses_and_zones_and_no_name(out) -> None:
    with out.as_worker():
        for column in ("display_name", "username", "password"):
            with refused("permission denied"), connection.cursor() as cursor:
                cursor.execute(f"SELECT {column} FROM accounts_user")  # noqa: S608 - columns named above
        with refused("permission denied"), connection.cursor() as cursor:
            cursor.execute("SELECT name FROM accounts_location")
