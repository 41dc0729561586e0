"""DN-40: a duty that comes due is told up its ladder, each step once; after a stand-still without a storm."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from notifications.lateness.models import Escalation, Ladder
from notifications.sweeping import sweep
from reports import access
from reports.casework.services import step_record
from reports.ledger.models import Event
from reports.obligations.models import Duty
from sapr import clock
from tests.database.refusals import refused
from tests.signed_in import passed
from tests.times import T0

HALF_AN_HOUR = timedelta(minutes=30)


def swept(stage, at) -> dict[str, int]:
    clock.move(at, hold=True)
    with stage.as_worker():
        return sweep()


def duty_of(stage, kind: str) -> Duty:
    with access.viewing(stage.world.sarc):
        return Duty.objects.get(kind=kind)


def steps(duty: Duty, stage) -> list[tuple[int, str, str]]:
    with stage.as_worker():
        rows = Escalation.objects.filter(duty=duty).order_by("step", "role")
        return [(row.step, row.role, row.state) for row in rows]


def told_events(stage, duty: Duty) -> list[dict]:
    with access.viewing(stage.world.sarc):
        rows = Event.objects.filter(kind="duty_escalated", data__duty=str(duty.pk)).order_by("seq")
        return [row.data for row in rows]


def today(person) -> str:
    client = Client()
    passed(client, person)
    return client.get("/admin/").content.decode()


def test_dn_40_each_step_is_taken_once_at_its_instant_and_seen_by_whom_it_told(stage) -> None:
    world = stage.world
    world.signed("unrestricted")
    duty = duty_of(stage, "dsaid_entry")
    with access.viewing(world.sarc):
        number = duty.case.number
    # The notice with details was placed at once: its ladder ends untold.
    assert swept(stage, duty.due_at - timedelta(seconds=1))["told"] == 1
    assert not told_events(stage, duty_of(stage, "commander_notice_details"))
    for minute in (0, 0, 29, 30, 59, 60, 89):
        swept(stage, duty.due_at + timedelta(minutes=minute))
    told = [(1, "sarc", "told"), (2, "sarc", "told"), (3, "alternate", "nobody")]
    assert steps(duty, stage) == told
    assert "told-row" not in today(world.manager), "the programme manager is told last"
    last = duty.due_at + 3 * HALF_AN_HOUR
    for _ in range(2):
        swept(stage, last)
    assert steps(duty, stage) == [*told, (4, "programme_manager", "told")]
    assert [(data["step"], data["roles"], data["skipped"]) for data in told_events(stage, duty)] == [
        (1, ["sarc"], 0), (2, ["sarc"], 0), (3, ["alternate"], 0), (4, ["programme_manager"], 0),
    ]  # fmt: skip
    # The programme manager sees that something is late at Camp Sample, and nothing of the case.
    page = today(world.manager)
    assert page.count("told-row") == 1
    assert "SARC at Camp Sample" in page
    assert number not in page
    assert "dsaid" not in page.lower()
    # On the SARC's own page the line says who was told; there it is no duty of others.
    page = today(world.sarc)
    assert page.count("duty-told") == 1
    assert "told-row" not in page
    assert "told-row" not in today(world.stranger)
    assert "told-row" not in today(world.commander)
    # Done late, it says how late; nobody is told any more.
    step_record(actor=world.sarc, case_id=duty.case_id, kind="dsaid_entered", at=last, details={})
    assert "told-row" not in today(world.manager)
    with access.viewing(world.sarc):
        missed = Event.objects.get(kind="duty_missed", data__duty=str(duty.pk))
    assert missed.data["seconds_late"] == 90 * 60
    _the_database_refuses(stage, duty)


def _the_database_refuses(stage, duty: Duty) -> None:
    """Raw SQL by the worker's account, and by the web account."""
    with stage.as_worker():
        row = Escalation.objects.get(duty=duty, step=4)
        copy = {field.attname: getattr(row, field.attname) for field in Escalation._meta.concrete_fields}
        del copy["id"]
        with pytest.raises(IntegrityError, match="notifications_escalation_once"), transaction.atomic():
            Escalation(**copy).save(force_insert=True)
        with refused("row-level security"):
            Escalation(**copy | {"step": 9, "duty_due_at": T0}).save(force_insert=True)
        with refused("permission denied"), connection.cursor() as cursor:
            cursor.execute("UPDATE notifications_escalation SET step = 5")
        with refused("a ladder is only ever climbed"):
            Ladder.objects.filter(duty=duty).update(behind=0)
        with refused("row-level security"), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO reports_event (id, case_id, kind, occurred_at, data) VALUES "
                "(gen_random_uuid(), %s, 'duty_escalated', sapr_now(), %s)",
                [duty.case_id, f'{{"duty": "{duty.pk}", "step": 9}}'],
            )
    with access.viewing(stage.world.sarc), refused("permission denied"):
        Escalation(**copy | {"step": 9}).save(force_insert=True)


def test_dn_40_after_a_stand_still_only_the_highest_step_is_told_and_says_why(stage) -> None:
    world = stage.world
    swept(stage, T0)
    for _ in range(3):
        world.signed("unrestricted")
    with access.viewing(world.sarc):
        duties = list(Duty.objects.filter(kind="dsaid_entry"))
    back = duties[0].due_at + timedelta(hours=5)
    done = swept(stage, back)
    # Three more are those of notices that were placed at once: they end untold.
    assert done["told"] == 6
    for duty in duties:
        assert [state for *_, state in steps(duty, stage)] == ["skipped", "skipped", "skipped", "told"]
        [data] = told_events(stage, duty)
        assert (data["step"], data["skipped"], data["because"]) == (4, 3, "held_up")
        assert data["seconds_late"] == 3.5 * 3600
    assert swept(stage, back + HALF_AN_HOUR)["told"] == 0


def test_a_duty_done_in_time_is_told_to_nobody_and_its_next_turn_has_a_ladder_of_its_own(stage) -> None:
    world = stage.world
    report = world.signed("unrestricted")
    duty = duty_of(stage, "monthly_update")
    done = T0 + timedelta(days=3)
    clock.move(done, hold=True)
    step_record(
        actor=world.sarc,
        case_id=report.case_id,
        kind="monthly_update_given",
        at=done,
        details={"by": "commander"},
    )
    swept(stage, duty.due_at + timedelta(hours=1))
    assert steps(duty, stage) == []
    with access.viewing(world.sarc):
        turn = Duty.objects.get(kind="monthly_update", occurrence=2)
    swept(stage, turn.due_at)
    # The unit commander is responsible, and outside the circle: the SARC is told instead.
    assert steps(turn, stage) == [(1, "unit_commander", "told")]
    with stage.as_worker():
        assert Escalation.objects.get(duty=turn).post_id == world.posts["sarc"].pk


def test_what_fails_is_put_off_and_holds_up_no_other(stage, monkeypatch, caplog) -> None:
    from notifications.lateness import climbing

    world = stage.world
    broken, _ = (world.signed("unrestricted").case_id for _ in range(2))
    real = climbing._post

    def post(duty, role):
        if duty.case_id == broken:
            raise ValueError("a defect")
        return real(duty, role)

    monkeypatch.setattr(climbing, "_post", post)
    at = T0 + timedelta(hours=48)
    swept(stage, at - timedelta(seconds=1))
    assert swept(stage, at)["told"] == 1
    assert "due_item_failed" in caplog.messages
    monkeypatch.undo()
    assert swept(stage, at)["told"] == 0
    assert swept(stage, at + timedelta(minutes=1))["told"] == 1
