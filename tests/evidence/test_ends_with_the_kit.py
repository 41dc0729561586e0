"""A kit that is destroyed ends what was due about it, whoever destroys it and however (CD-10, CK-19)."""

from datetime import date, timedelta
from uuid import uuid4

from django.db import connection

from reports import access, policy
from reports.evidence import endings
from reports.models import Duty, Event
from sapr import clock
from tests.database.refusals import refused
from tests.evidence.test_keeping import LATER, propose
from tests.times import T0

CONVERTED = T0 + timedelta(days=20)


def run(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def about(room, kit) -> dict[str, str]:
    """Each kind of duty about the kit and how it stands; what the events say of each is the same."""
    with access.viewing(room.world.sarc):
        rows = list(Duty.objects.filter(about=kit.pk))
        for row in rows:
            said = Event.objects.filter(case_id=kit.case_id, data__duty=str(row.pk)).order_by("-seq").first()
            assert said.kind.removeprefix("duty_") == ("opened" if row.state == "open" else row.state)
    return {row.kind: row.state for row in rows}


def test_cd_10_a_converted_kit_that_is_destroyed_is_owed_to_the_mcio_no_more(world, room) -> None:
    kit, _ = room.stored()
    clock.move(CONVERTED, hold=True)
    world.converted(room.now(kit).case.report, at=CONVERTED)
    clock.move(LATER, hold=True)
    propose(room, kit)
    assert about(room, kit) == {"tell_kit_expiry": "ended", "kit_to_mcio_custody": "open"}
    with access.viewing(world.sarc), refused("destroyed by two persons"):
        run(
            "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)"
            " VALUES (%s, %s, 'kit_destroyed', sapr_now(), %s, jsonb_build_object('kit', %s::text))",
            uuid4(), kit.case_id, world.sarc.pk, kit.pk,
        )  # fmt: skip
    endings.destruction_carry_out(actor=room.custodian, card_id=kit.card_id)
    assert about(room, kit) == {"tell_kit_expiry": "ended", "kit_to_mcio_custody": "ended"}
    with access.viewing(world.sarc):
        done = Event.objects.get(case_id=kit.case_id, kind="kit_destroyed")
        duty = Duty.objects.get(kind="kit_to_mcio_custody")
        said = Event.objects.filter(case_id=kit.case_id, kind="duty_ended").latest("seq")
    assert (duty.closed_event, duty.closed_at, said.actor_id) == (
        done.pk,
        done.occurred_at,
        room.custodian.pk,
    )


def test_ck_19_a_kit_destroyed_round_the_services_leaves_nothing_due_and_a_late_word_is_missed(
    world, room
) -> None:
    kit, _ = room.stored()
    other, _ = room.stored()
    clock.move(LATER, hold=True)
    with access.viewing(world.sarc):
        run(
            "INSERT INTO reports_kitdestruction (id, card_id, keep_until, rules, no_conversion, no_property, state,"
            " proposed_at, proposed_by_id) VALUES (gen_random_uuid(), %s, %s, '[]', true, true, 'proposed',"
            " sapr_now(), %s)", kit.card_id, date(2036, 3, 31), world.sarc.pk,
        )  # fmt: skip
    with access.viewing(room.custodian):
        run("UPDATE reports_kitdestruction SET state = 'done', decided_by_id = %s", room.custodian.pk)
    assert about(room, kit) == {"tell_kit_expiry": "missed"}
    assert about(room, other) == {"tell_kit_expiry": "open"}


def test_the_database_ends_with_a_kit_what_the_policy_ends_with_it(world) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind FROM sapr_ends_with_kit")
        ended = {kind for (kind,) in cursor.fetchall()}
    assert ended == set(policy.duties("kit_destroyed", {}, at=T0, zone="UTC", profile="seed").discharged)
    rows = [duty for rule in policy.rules() for duty in rule.parameters.get("duties", ())]
    assert ended == {duty["kind"] for duty in rows if "kit_destroyed" in duty.get("ended_by", ())}
    assert not [
        duty["kind"] for duty in rows if "kit_destroyed" in (duty["discharged_by"], *duty["opens_on"])
    ]
