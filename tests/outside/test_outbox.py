"""The outbox: same bytes, same key, a minute's lease, an end to every try, and a person for what is given up."""

import re
from copy import deepcopy
from datetime import timedelta
from hashlib import sha256
from itertools import pairwise
from smtplib import SMTPRecipientsRefused

import pytest
from django.db import connection

from notifications import outbox
from notifications.models import Channel, Outgoing
from notifications.outside import health
from notifications.outside.models import ChannelKind, OutgoingKind
from notifications.sweeping import sweep
from reports import access, policy
from reports.policy import loading
from reports.policy.book import Book
from sapr import clock
from tests.database.refusals import refused
from tests.outside.queue import at, rows, tried

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
DELETE = "DELETE FROM notifications_outgoing WHERE id = %s"


class Killed(BaseException):
    """`kill -9`: nothing catches it."""


def test_a_kill_between_handing_over_and_marking_repeats_the_same_bytes_and_key(out, mailed, box) -> None:
    box.breaks = Killed()
    with out.as_worker(), pytest.raises(Killed):
        outbox.send_one(at=clock.now())
    row = tried(out, mailed)
    assert (row.state, [each[1] for each in row.tries], row.handed_at) == ("queued", ["leased"], None)
    box.breaks = None
    # Its lease holds a minute; then whoever comes first has it again, and nobody had to rescue it.
    assert row.look_at == clock.now() + MINUTE
    for _ in range(len(rows(out, mailed))):
        at(out, timedelta(0))
    assert [got.address for got in box.got].count(row.address) == 1
    at(out, MINUTE)
    first, second = [got.content for got in box.got if got.address == row.address]
    assert first == second
    row = next(each for each in rows(out, mailed) if each.pk == row.pk)
    assert row.sha256 == sha256(first).hexdigest()
    assert row.pk.hex in re.search(rb"Message-ID: (.*)\r", first)[1].decode()
    assert (row.state, row.handed_at, [each[1] for each in row.tries]) == (
        "sent",
        clock.now(),
        ["leased", "handed_over"],
    )


def test_a_server_that_is_away_is_tried_after_growing_pauses_and_then_left_for_the_next_round(
    out, mailed, box
) -> None:
    """A day of silence: one try now and then whatever waits, no heap afterwards, the count of what was left out."""
    box.breaks, box.early = TimeoutError(), True
    tries, waited = [], len(rows(out, mailed))
    for _ in range(29):
        at(out, MINUTE)
        tries.append(sum(row.attempts for row in rows(out, mailed)))
    # Minutes at which something was tried: the pauses double.
    moments = [i for i in range(len(tries)) if tries[i] != (tries[i - 1] if i else 0)]
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert gaps == [1, 2, 4, 8]
    box.clear()
    at(out, timedelta(hours=5))
    assert box.got == []
    assert {row.state for row in rows(out, mailed)} == {"dropped"}
    from notifications.outside.selectors import channels

    with access.viewing(out.world.manager):
        assert channels(at=clock.now()).get(kind="mail").dropped >= waited


def test_an_address_that_does_not_exist_waits_for_a_person_and_holds_up_nobody(out, mailed, box) -> None:
    box.breaks, box.early = SMTPRecipientsRefused({"x": (550, b"no such box")}), True
    at(out, timedelta(0))
    row = tried(out, mailed)
    assert (row.state, row.tries[-1][1]) == ("dead", "refused")
    box.clear()
    at(out, timedelta(0))
    assert len(box.got) == 1
    with access.viewing(out.world.manager):
        channel = Channel.objects.get(kind=ChannelKind.MAIL)
    assert (channel.failing_since, channel.alive_at) == (None, clock.now())


def test_a_fault_of_ours_with_one_message_holds_up_no_other(out, mailed, box, monkeypatch, caplog) -> None:
    real, broken = outbox.smtp.hand_over, []

    def hand_over(message):
        if not broken or message.to == broken:
            broken[:] = message.to
            raise ValueError("a defect")
        return real(message)

    monkeypatch.setattr(outbox.smtp, "hand_over", hand_over)
    for _ in rows(out, mailed):
        at(out, timedelta(0))
    states = {row.address: (row.state, row.tries[-1][1]) for row in rows(out, mailed)}
    assert states.pop(*broken) == ("queued", "failed")
    assert set(states.values()) == {("sent", "handed_over")}
    assert caplog.messages == ["message_failed"]


def test_bytes_that_would_be_others_are_not_sent_under_the_same_key(out, mailed, box, settings) -> None:
    box.breaks = Killed()
    with out.as_worker(), pytest.raises(Killed):
        outbox.send_one(at=clock.now())
    box.breaks = None
    row = tried(out, mailed)
    settings.DEFAULT_FROM_EMAIL = "another@sapr.invalid"
    clock.move(row.look_at, hold=True)
    while row.state == "queued":
        at(out, timedelta(0))
        row = next(each for each in rows(out, mailed) if each.pk == row.pk)
    assert (row.state, row.tries[-1][1]) == ("dead", "bytes_changed")
    assert [got.address for got in box.got].count(row.address) == 1


def test_an_alarm_is_given_up_after_a_bounded_number_of_tries(out, later, box, settings) -> None:
    settings.MONITOR_MAIL = "watch@technical.invalid"
    box.breaks, box.early = ConnectionRefusedError(), True
    with out.as_worker():
        assert health.alarm(clock.now()) == 1
        row = Outgoing.objects.filter(kind=OutgoingKind.ALARM).latest("planned_at")
        while row.state == "queued":
            clock.move(max(row.look_at, Channel.objects.get(kind="mail").resume_at or row.look_at), hold=True)
            outbox.send_one(at=clock.now())
            row.refresh_from_db()
    assert (row.state, row.attempts) == ("dead", 8)


def run(statement: str, *args) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, args)
        return cursor.rowcount


def test_dn_34_what_never_left_goes_when_it_is_old_and_the_proof_stays(out, mailed, box, settings) -> None:
    settings.MONITOR_MAIL = "monitor@technical.invalid"
    at(out, timedelta(0))
    sent = tried(out, mailed)
    # Whoever is not reached within the window is left out; then a heartbeat goes through.
    clock.move(sent.expires_at, hold=True)
    with out.as_worker():
        outbox.drop_expired(clock.now())
        health.beat(Channel.objects.get(kind="mail"), clock.now())
        assert outbox.send_one(at=clock.now())
        beat = Outgoing.objects.get(kind="heartbeat", planned_at=clock.now())
    settings.MONITOR_MAIL = ""
    dropped, *others = (row for row in rows(out, mailed) if row.state == "dropped")
    assert (beat.state, len(others) > 2) == ("sent", True)
    proof = (sent.pk, sent.sha256, sent.handed_at)

    # Young: round the rule neither role deletes anything.
    clock.move(mailed.planned_at + 30 * DAY - timedelta(seconds=1), hold=True)
    with access.viewing(out.world.manager), refused("permission denied"):
        run(DELETE, dropped.pk)
    with out.as_worker():
        for row in (dropped, beat):
            with refused("stays on record"):
                run(DELETE, row.pk)
    after = policy.outside(on=mailed.planned_at.date()).cleared_after
    clock.move(mailed.planned_at + after - timedelta(seconds=1), hold=True)
    with out.as_worker():
        sweep()
        assert Outgoing.objects.filter(pk__in=[dropped.pk, beat.pk]).count() == 2
        # The other side of the window: old enough, and bounded.
        clock.move(beat.planned_at + after, hold=True)
        due = Outgoing.objects.filter(state="dropped", planned_at__lte=mailed.planned_at).count() + 1
        assert outbox.clear(clock.now(), 1) == 1
        assert sweep()["cleared"] == due - 1
        assert not Outgoing.objects.filter(pk__in=[dropped.pk, beat.pk]).exists()
        # What was handed over stays, for raw SQL too.
        kept = Outgoing.objects.get(pk=sent.pk)
        assert (kept.pk, kept.sha256, kept.handed_at) == proof
        with refused("stays on record"):
            run(DELETE, sent.pk)


def test_dn_34_no_row_may_clear_what_the_database_keeps() -> None:
    documents = deepcopy(loading.read_directory(policy.DATA))
    row = next(row for row in documents["notices.json"]["rows"] if row["id"] == "DN-34")
    row["parameters"]["clearing"]["after_days"] = 29
    with pytest.raises(policy.PolicyDataError, match="30 days"):
        loading.Policy(Book(documents))
