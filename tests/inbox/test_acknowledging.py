"""DN-50 to DN-52: a placed notice is acknowledged, or its addressee nudged, passed over, telephoned; each once."""

from datetime import timedelta
from threading import Thread

import pytest
from django.core import mail
from django.db import connection, connections

from accounts.models import Appointment
from accounts.services import appointment_end
from notifications.acknowledging.chasing import due_chases
from notifications.acknowledging.services import notice_telephone
from notifications.services import inbox_acknowledge, inbox_open
from reports import access
from reports.casework.closing import case_close
from reports.election.contacts import contact_complete
from reports.ledger.models import Event
from reports.ledger.selectors import first_bad_event
from reports.ledger.services import append
from reports.obligations.models import DutyState
from sapr import clock
from sapr.errors import DomainError
from tests.database.refusals import refused
from tests.election.way import STATED
from tests.inbox.chased import (
    ALTERNATE,
    NUDGE,
    PLACED,
    TELEPHONE,
    duties_of,
    inbox,
    kinds_of,
    swept,
    waiting_of,
)
from tests.inbox.test_even_inbox import put
from tests.times import T0

HOUR = timedelta(hours=1)
READ = (
    "UPDATE notifications_inboxitem SET acknowledged_at = '2020-01-01Z', acknowledged_by = id WHERE id = %s"
)


def test_dn_50_acknowledging_discharges_the_duty_as_of_its_instant_and_the_case_says_both(stage) -> None:
    world = stage.world
    report = world.signed("restricted")
    swept(stage, PLACED)
    [duty] = duties_of(world, report.case_id, "acknowledge_notice")
    waiting = waiting_of(world, report.case_id)
    assert (duty.role, duty.due_at, duty.about, duty.state) == (
        "installation_or_senior_commander",
        PLACED + 24 * HOUR,
        waiting.notice_id,
        DutyState.OPEN,
    )
    read_at = PLACED + 3 * HOUR
    clock.move(read_at, hold=True)
    inbox_acknowledge(actor=world.commander, item_id=inbox(world)[0].pk, at=read_at)
    # The commander's own transaction touched nothing of the case.
    assert duties_of(world, report.case_id, "acknowledge_notice")[0].state == DutyState.OPEN
    # Even if nobody came to settle it, who acknowledged is asked no more.
    with stage.as_worker():
        assert not due_chases(TELEPHONE).exists()
    # The system was down for three days: it is judged by when it was read, and nobody was chased in between.
    assert swept(stage, PLACED + 72 * HOUR)["acknowledged"] == 1
    [duty] = duties_of(world, report.case_id, "acknowledge_notice")
    assert duty.state == DutyState.DISCHARGED
    waiting = waiting_of(world, report.case_id)
    assert (waiting.placed_at, waiting.acknowledged_at) == (PLACED, read_at)
    assert waiting.acknowledged_post == world.posts["commander"].pk
    with access.viewing(world.sarc):
        event = Event.objects.get(case_id=report.case_id, kind="notice_acknowledged")
        assert first_bad_event(Event.objects.filter(case_id=report.case_id).order_by("seq")) is None
    assert (event.occurred_at, event.actor_id) == (read_at, None)
    assert event.data["user"] == str(world.commander.pk)
    assert not {"notice_nudged", "notice_passed_on", "notice_unacknowledged"} & {
        *kinds_of(world, report.case_id)
    }
    # Done once: the next sweeps find nothing.
    again = swept(stage, PLACED + 200 * HOUR)
    assert (again["acknowledged"], again["chased"]) == (0, 0)


def test_dn_52_each_step_once_and_the_alternate_finds_the_notice_at_a_slot(stage) -> None:
    world = stage.world
    world.strength(5000)
    report = world.signed("restricted")
    swept(stage, PLACED)
    assert swept(stage, NUDGE - HOUR)["chased"] == 0
    assert swept(stage, NUDGE)["chased"] == 1
    assert swept(stage, NUDGE)["chased"] == 0
    assert inbox(world, "higher") == []

    waiting = waiting_of(world, report.case_id)
    # 24 hours after placing, and by the alternate's own clock (UTC) a slot.
    slot = waiting.alternate_at
    assert (slot.hour, slot >= ALTERNATE) == (12, True)
    swept(stage, slot - timedelta(seconds=1))
    assert inbox(world, "higher") == []
    swept(stage, slot)
    swept(stage, slot + HOUR)
    [copy] = inbox(world, "higher")
    [first] = inbox(world)
    # MINIMAL, whatever was placed first; it links to nothing and its only time is its slot.
    assert (copy.body, copy.slot, copy.case_id, copy.details) == (waiting.notice.minimal, slot, None, None)
    assert copy.pk not in (first.pk, waiting.notice_id)

    swept(stage, TELEPHONE)
    swept(stage, TELEPHONE + HOUR)
    [task] = duties_of(world, report.case_id, "telephone_addressee")
    assert (task.role, task.rule, task.state) == ("sarc", "DN-51", DutyState.OPEN)
    kinds = kinds_of(world, report.case_id)
    for kind in ("notice_nudged", "notice_passed_on", "notice_unacknowledged"):
        assert kinds.count(kind) == 1

    # Nobody answers: the task is done, and comes again after its hours.
    at = TELEPHONE + 2 * HOUR
    clock.move(at, hold=True)
    notice_telephone(actor=world.sarc, notice_id=waiting.notice_id, outcome="nobody", at=at)
    assert swept(stage, at + 11 * HOUR)["chased"] == 0
    assert swept(stage, at + 12 * HOUR)["chased"] == 1
    tasks = duties_of(world, report.case_id, "telephone_addressee")
    assert [each.state for each in tasks] == [DutyState.DISCHARGED, DutyState.OPEN]

    # The alternate acknowledges: the duty is done (late), the task needless, the chase over.
    at += 13 * HOUR
    clock.move(at, hold=True)
    inbox_acknowledge(actor=world.higher, item_id=copy.pk, at=at)
    swept(stage, at)
    assert [each.state for each in duties_of(world, report.case_id, "acknowledge_notice")] == [
        DutyState.MISSED
    ]
    assert duties_of(world, report.case_id, "telephone_addressee")[1].state == DutyState.ENDED
    waiting = waiting_of(world, report.case_id)
    assert (waiting.acknowledged_post, waiting.passed_to) == (
        world.posts["higher"].pk,
        world.posts["higher"].pk,
    )
    # The commander acknowledges after all: the case says that too, and nothing else changes.
    inbox_acknowledge(actor=world.commander, item_id=first.pk, at=at)
    swept(stage, at + HOUR)
    assert kinds_of(world, report.case_id).count("notice_acknowledged") == 2
    assert waiting_of(world, report.case_id).acknowledged_post == world.posts["higher"].pk
    assert swept(stage, at + 100 * HOUR)["chased"] == 0


def test_dn_52_after_downtime_only_the_highest_step_due_is_taken(stage) -> None:
    world = stage.world
    report = world.signed("restricted")
    swept(stage, PLACED)
    mail.outbox.clear()
    assert swept(stage, TELEPHONE + 100 * HOUR)["chased"] == 1
    kinds = kinds_of(world, report.case_id)
    assert kinds.count("notice_unacknowledged") == 1
    assert not {"notice_nudged", "notice_passed_on"} & {*kinds}
    assert (mail.outbox, inbox(world, "higher")) == ([], [])
    # Reached: the commander was told to read it. The waiting ends and says so; a case closed meanwhile hinders nothing.
    waiting = waiting_of(world, report.case_id)
    at = TELEPHONE + 101 * HOUR
    clock.move(at, hold=True)
    case_close(actor=world.sarc, case_id=report.case_id, at=at, answers=STATED)
    notice_telephone(actor=world.sarc, notice_id=waiting.notice_id, outcome="reached", at=at)
    waiting = waiting_of(world, report.case_id)
    assert (waiting.told_at, waiting.acknowledged_at, waiting.over_at) == (at, None, at)
    assert duties_of(world, report.case_id, "acknowledge_notice")[0].state == DutyState.MISSED
    assert swept(stage, at + 100 * HOUR)["chased"] == 0
    with pytest.raises(DomainError) as refusal:
        notice_telephone(actor=world.sarc, notice_id=waiting.notice_id, outcome="reached", at=at)
    assert refusal.value.code == "already_acknowledged"
    # Acknowledged in a closed case: the case says it all the same.
    inbox_acknowledge(actor=world.commander, item_id=inbox(world)[0].pk, at=at)
    assert swept(stage, at + 101 * HOUR)["acknowledged"] == 1
    assert waiting_of(world, report.case_id).acknowledged_at == at + 100 * HOUR


def test_the_alternate_is_never_involved_nor_new_nor_the_first_once_more(stage) -> None:
    world = stage.world
    reports = [world.signed("restricted") for _ in range(2)]
    swept(stage, PLACED)
    # Of one case it becomes known that the higher commander is the alleged offender.
    contact_complete(
        actor=world.sarc,
        case_id=reports[0].case_id,
        at=PLACED,
        identity={"offender_post": str(world.posts["higher"].pk)},
        narrative={},
    )
    swept(stage, ALTERNATE + 6 * HOUR)
    [copy] = inbox(world, "higher")
    involved, other = (waiting_of(world, each.case_id) for each in reports)
    assert (copy.pk, involved.passed_to) == (other.pk, None)
    assert "notice_passed_on" not in kinds_of(world, reports[0].case_id)
    # It goes on to the call.
    swept(stage, TELEPHONE + 6 * HOUR)
    assert len(duties_of(world, reports[0].case_id, "telephone_addressee")) == 1
    # Nobody holds the higher post any more: there is no alternate.
    now = clock.now()
    vacant = world.signed("restricted", at=now)
    swept(stage, now + 23 * HOUR)
    appointment_end(
        appointment=Appointment.objects.get(user=world.higher), actor=world.manager, at=clock.now()
    )
    swept(stage, waiting_of(world, vacant.case_id).alternate_at)
    waiting = waiting_of(world, vacant.case_id)
    assert (waiting.step, waiting.passed_to) == ("passed_on", None)


def test_cn_2_details_reach_the_alternate_sealed_and_opening_them_is_an_event(stage) -> None:
    world = stage.world
    report = world.signed("unrestricted")
    swept(stage, T0 + 30 * HOUR)
    copies = inbox(world, "higher")
    # The senior commander's and the unit commander's; the investigators have no higher post.
    assert sorted(each.kind for each in copies) == ["commander_notice_details", "unit_commander_notice"]
    at = clock.now()
    texts = [inbox_open(actor=world.higher, item_id=each.pk, at=at)[1] for each in copies]
    assert all("canary" in text.lower() for text in texts)
    with access.viewing(world.sarc):
        opened = Event.objects.filter(case_id=report.case_id, kind="sealed_opened", actor_id=world.higher.pk)
        assert [each.data for each in opened] == [{"what": ["notice.details"], "purpose": "inbox"}] * 2


def test_acknowledging_waits_for_nobody_who_works_on_the_case(stage) -> None:
    """Timing as an oracle: while somebody holds the case's chain, acknowledging goes through at once."""
    world = stage.world
    report = world.signed("restricted")
    swept(stage, PLACED)
    item = inbox(world)[0]
    done: list[str] = []

    def acknowledge() -> None:
        try:
            with access.viewing(world.commander), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")
                cursor.execute(READ, [item.pk])
            done.append("done")
        finally:
            connections.close_all()

    with access.viewing(world.sarc):
        append(case_id=report.case_id, kind="va_assigned", actor=world.sarc, at=PLACED)
        thread = Thread(target=acknowledge)
        thread.start()
        thread.join()
    assert done == ["done"]
    [read] = inbox(world)
    # Whatever the statement said: the database's own instant, and its viewer.
    assert (read.acknowledged_at, read.acknowledged_by) == (PLACED, world.commander.pk)


def test_nobody_on_the_case_silences_the_chase(world) -> None:
    put(world, 1)
    clock.move(PLACED, hold=True)
    with access.viewing(world.sarc), connection.cursor() as cursor:
        for statement in (
            "SET look_at = NULL",
            "SET look_at = '2099-01-01Z'",
            "SET telephone_at = '2099-01-01Z'",
        ):
            with refused("whoever does not acknowledge is asked again"):
                cursor.execute("UPDATE notifications_acknowledgement " + statement)
