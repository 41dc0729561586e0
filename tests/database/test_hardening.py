"""What several rooms rely on together holds for whoever goes round their services."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from accounts.appointments import appointment_end
from accounts.models import Appointment
from reports import access, policy
from reports.casework.closing import case_close, case_reopen
from reports.casework.moves.leaving import case_take_over
from reports.casework.moves.services import move_consent_record
from reports.evidence.custody import evidence_refuse, evidence_take_back
from reports.evidence.services import kit_hand_to_mcio, kit_number_issue, kit_seal
from reports.models import Custody, Duty, Event
from sapr import clock
from sapr.errors import DomainError
from tests.database.refusals import refused
from tests.election.way import STATED, closed
from tests.evidence.conftest import Room
from tests.meeting.ways import agreed, another, called, duties_of
from tests.times import T0

DAY = timedelta(days=1)
OLDEST = date(2013, 6, 3)
EVENT = "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data) VALUES (%s, %s, %s, %s, %s, '{}')"


def run(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))


def test_a_conversion_round_the_service_needs_its_sarc_its_form_and_its_event(world) -> None:
    from reports.casework.services import va_assign

    report = world.signed("restricted")
    va_assign(actor=world.sarc, case_id=report.case_id, va=world.va, at=T0)
    convert = "UPDATE reports_report SET election = 'unrestricted', converted_at = sapr_now() WHERE id = %s"
    with access.viewing(world.va), refused("by the SARC of the case"):
        run(convert, report.pk)
    with access.viewing(world.sarc), refused("stands on its signed form"):
        run(convert, report.pk)
        run("SET CONSTRAINTS is_converted IMMEDIATE")
    world.converted(report, at=T0)
    with access.viewing(world.sarc):
        run("SET CONSTRAINTS is_converted IMMEDIATE")


def test_a_case_is_moved_by_its_sarc_and_says_nothing_of_a_conversion_that_was_none(world) -> None:
    from reports.casework.services import va_assign

    case = world.signed("restricted").case
    va_assign(actor=world.sarc, case_id=case.pk, va=world.va, at=T0)
    with access.viewing(world.va):
        with refused("moved by its SARC"):
            run(EVENT, uuid4(), case.pk, "case_closed", T0, world.va.pk)
        for kind in ("report_converted", "kit_to_mcio", "kit_due_to_mcio", "cmg_minutes_kept"):
            with refused(f"a Restricted report has no {kind}"):
                run(EVENT, uuid4(), case.pk, kind, T0, world.va.pk)


def test_a_duty_is_done_by_an_event_of_its_case_that_does_it(world) -> None:
    case, other = world.signed("restricted").case, world.signed("restricted").case
    done = "UPDATE reports_duty SET state = 'discharged', closed_at = sapr_now(), closed_event = %s WHERE id = %s"
    with access.viewing(world.sarc):
        entry = Duty.objects.get(case=case, kind="dsaid_entry")
        foreign = Event.objects.filter(case_id=other.pk, kind="report_signed").get()
        signed = Event.objects.filter(case_id=case.pk, kind="report_signed").get()
        for event in (uuid4(), foreign.pk, signed.pk):
            with refused("closed by an event of its case"):
                run(done, event, entry.pk)


def test_rt_5_no_kit_is_proposed_for_destruction_within_the_shortest_time_a_rule_gave(world) -> None:
    days = policy.retention("restricted_kit", {}, started_on=OLDEST, on=OLDEST).keep_until
    assert days is not None
    assert days.year - OLDEST.year == 5
    room = Room.build(world)
    kit, _ = room.sealed("restricted")
    room.accept(room.custodian, room.offer(world.sarc, kit))
    clock.move(T0 + 4 * DAY, hold=True)
    with access.viewing(world.sarc), refused("before its time is over"):
        run(
            "INSERT INTO reports_kitdestruction (id, card_id, keep_until, rules, no_conversion, no_property, state,"
            " proposed_at, proposed_by_id) VALUES (%s, %s, %s, '[]', true, true, 'proposed', sapr_now(), %s)",
            uuid4(), kit.card_id, (T0 + DAY).date(), world.sarc.pk,
        )  # fmt: skip


def test_a_closed_case_whose_only_sarc_goes_is_counted_and_taken_over(world) -> None:
    case = closed(world, world.signed("restricted").case_id)
    colleague = another(world)
    clock.move(T0 + DAY, hold=True)
    held_by = Appointment.objects.get(user=world.sarc)
    appointment_end(appointment=held_by, actor=world.manager, at=clock.now())
    clock.move(T0 + 2 * DAY, hold=True)
    taken = case_take_over(actor=colleague, installation_id=world.installation.pk, at=clock.now())
    assert taken == case.pk


def test_mv_03_consent_refused_after_consent_ends_the_duty_to_move_the_file(world) -> None:
    case = world.signed("restricted").case_id
    asked = agreed(world, case)
    assert [state for state, _ in duties_of(world.sarc, case, "move_documents")] == ["open"]
    move_consent_record(consents=False, **asked)
    assert [state for state, _ in duties_of(world.sarc, case, "move_documents")] == ["ended"]


def test_a_meeting_in_a_year_that_cannot_be_is_refused_in_a_sentence(world) -> None:
    with pytest.raises(DomainError) as refusal:
        called(world, scheduled_at=datetime(9999, 12, 31, 20, tzinfo=UTC))
    assert refusal.value.code == "date_out_of_range"


@pytest.mark.parametrize("answer", ["refused", "withdrawn"])
def test_cd_10_a_kit_that_the_mcio_did_not_take_is_owed_again(world, answer) -> None:
    report = world.signed("restricted")
    given = {"actor": world.sarc, "case_id": report.case_id, "at": T0}
    _, number = kit_number_issue(**given)
    kit_seal(number=number, **given)
    world.converted(report, at=T0)
    kit = kit_hand_to_mcio(number=number, **given)
    with access.viewing(world.mcio):
        hop = Custody.objects.get()
    if answer == "refused":
        evidence_refuse(actor=world.mcio, hop_id=hop.pk, at=T0)
    else:
        evidence_take_back(actor=world.sarc, card_id=hop.card_id, at=T0)
    with access.viewing(world.sarc):
        owed = Duty.objects.filter(kind="kit_to_mcio_custody").order_by("opened_at", "state")
        assert sorted(each.state for each in owed) == ["discharged", "open"]
        assert {each.about for each in owed} == {kit.pk}
    kit_hand_to_mcio(number=number, **given)
    with access.viewing(world.sarc):
        assert {each.state for each in owed.all()} == {"discharged"}


def test_a_closing_is_not_dated_before_what_fell_due_since(world) -> None:
    report = world.signed("unrestricted")
    ask = {"actor": world.sarc, "case_id": report.case_id}
    clock.move(T0 + 40 * DAY, hold=True)
    with pytest.raises(DomainError) as refusal:
        case_close(**ask, at=T0 + 20 * DAY, answers=STATED)
    assert refusal.value.code == "duty_passed_over"
    case_close(**ask, at=T0 + 40 * DAY, answers=STATED)
    case_reopen(**ask, at=T0 + 40 * DAY, reason="closed_in_error")
    with access.viewing(world.sarc):
        turns = Duty.objects.filter(kind="monthly_update").order_by("due_at")
        assert [each.state for each in turns] == ["missed", "open"]
