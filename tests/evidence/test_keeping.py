"""How long a kit is kept, what keeps it longer, and its end by two persons (RT-5 to RT-9, EV-11, EV-12, CK-19)."""

from datetime import date, timedelta

import pytest
from django.db import connection

from reports import access, policy
from reports.casework.services import step_record
from reports.erasure.services import hold_lift, hold_place
from reports.evidence import endings, keeping
from reports.evidence.papers import certificate
from reports.evidence.services import item_add
from reports.ledger.services import append
from reports.models import Duty, Event, Kit, KitDestruction, KitHold
from sapr import clock
from tests.database.refusals import refused
from tests.documents.reading import words
from tests.evidence.conftest import code
from tests.times import T0

LATER = T0 + timedelta(days=3700)
BEFORE_THE_END = T0 + timedelta(days=3600)
SURE = {"no_conversion": True, "no_property": True}


def of(room, kit) -> dict:
    return {"actor": room.world.sarc, "case_id": kit.case_id}


def time_of(room, kit, at):
    with access.viewing(room.world.sarc):
        return keeping.kept(room.now(kit), at)


def propose(room, kit, at=LATER, **sure):
    return endings.destruction_propose(**of(room, kit), kit_id=kit.pk, at=at, **SURE | sure)


def told(room, kit, at=BEFORE_THE_END):
    endings.kit_expiry_told(**of(room, kit), kit_id=kit.pk, at=at)


def test_rt_5_to_rt_8_the_longest_rule_that_ever_applied_counts_and_a_conversion_shortens_nothing(
    world, room
):
    """RT-5: a kit of 2015 was still there when ten years came, so it has ten."""
    for started, until in ((date(2015, 3, 2), date(2025, 3, 2)), (date(2020, 3, 2), date(2030, 3, 2))):
        found = policy.retention(
            "restricted_kit", {"open_matters": []}, started_on=started, on=date(2026, 3, 2)
        )
        assert found.keep_until == until
    kit, _ = room.stored()
    assert (time_of(room, kit, T0).until, time_of(room, kit, T0).rules) == (date(2036, 3, 2), ("RT-6",))
    clock.move(T0 + timedelta(days=200), hold=True)
    world.converted(room.now(kit).case.report, at=T0 + timedelta(days=200))
    found = time_of(room, kit, clock.now())
    assert (found.until, found.rules) == (date(2036, 9, 18), ("RT-8",))


def test_ck_19_the_duty_is_the_kits_own_and_the_holders_word_on_their_page_counts_from_then(world, room):
    from reports.evidence.custody import evidence_stage

    kit, _ = room.stored()
    other, _ = room.stored()
    with access.viewing(world.sarc):
        due = {duty.about: duty.due_at.date() for duty in Duty.objects.filter(kind="tell_kit_expiry")}
    assert due == dict.fromkeys((kit.pk, other.pk), time_of(room, kit, T0).notice_on)
    clock.move(BEFORE_THE_END, hold=True)
    evidence_stage(actor=room.custodian, card_id=kit.card_id, stage="expiry_told", at=BEFORE_THE_END)
    clock.move(LATER, hold=True)
    assert code(propose, room, kit) == ("expiry_not_told", "CK-19")
    told(room, kit, at=LATER)
    with access.viewing(world.sarc):
        states = dict(Duty.objects.filter(kind="tell_kit_expiry").values_list("about", "state"))
        event = Event.objects.get(case_id=kit.case_id, kind="kit_expiry_told")
    assert states == {kit.pk: "discharged", other.pk: "open"}
    assert event.occurred_at == BEFORE_THE_END


def test_ck_19_that_the_holder_told_is_noted_for_one_kit_and_not_for_a_case(world, room):
    kit, _ = room.stored()
    with access.viewing(world.sarc):
        given = {"actor": world.sarc, "case_id": kit.case_id, "kind": "kit_expiry_told", "at": T0}
        assert code(step_record, **given) == ("unknown_step", "")
        assert Duty.objects.get(kind="tell_kit_expiry").state == "open"


def test_ev_11_a_kit_ends_by_two_persons_when_its_time_is_over_and_nothing_keeps_it(world, room):
    kit, number = room.stored()
    clock.move(BEFORE_THE_END, hold=True)
    told(room, kit)
    assert code(propose, room, kit, at=BEFORE_THE_END)[0] == "kit_kept"
    clock.move(LATER, hold=True)
    for missing, rule in (("no_conversion", "EV-11b"), ("no_property", "EV-11c")):
        assert code(propose, room, kit, **{missing: False}) == ("kit_kept", rule)
    end = propose(room, kit)
    assert (end.keep_until, "RT-6" in end.rules, "EV-11" in end.rules) == (date(2036, 3, 31), True, True)
    assert code(endings.destruction_carry_out, actor=world.sarc, card_id=kit.card_id) == (
        "not_the_holder",
        "KH-09",
    )
    endings.destruction_refuse(actor=room.custodian, card_id=kit.card_id)
    propose(room, kit)
    endings.destruction_withdraw(**of(room, kit), kit_id=kit.pk)
    propose(room, kit)
    endings.destruction_carry_out(actor=room.custodian, card_id=kit.card_id)
    now = room.now(kit)
    assert now.state == "destroyed"
    assert code(endings.destruction_carry_out, actor=room.second, card_id=kit.card_id)[0] == "decided"
    assert code(room.offer, room.custodian, kit, at=LATER) == ("not_sealed", "KH-01")
    with access.viewing(world.sarc):
        event = Event.objects.get(case_id=kit.case_id, kind="kit_destroyed")
        paper = words(certificate(viewer=world.sarc, card=now.card, zone="UTC"))
    assert (event.actor_id, event.data["proposed_by"]) == (room.custodian.pk, str(world.sarc.pk))
    for said in (number, world.sarc.display_name, room.custodian.display_name, "March 2036", "EV-11"):
        assert said in paper


def test_ev_11_ev_11c_ev_11d_ev_11e_rt_9_what_is_open_keeps_the_kit_in_service_and_database(world, room):
    kit, _ = room.stored()
    item = item_add(**of(room, kit), kit_id=kit.pk, kind="clothing", at=T0)
    clock.move(BEFORE_THE_END, hold=True)
    told(room, kit)
    clock.move(LATER, hold=True)
    end = propose(room, kit)

    def kept_now(rule: str, opened, closed) -> None:
        """Neither carried out nor proposed anew while it is open; and the holder does not learn why."""
        thing = opened()
        with pytest.raises(Exception, match="Something keeps this kit"):
            endings.destruction_carry_out(actor=room.custodian, card_id=kit.card_id)
        with access.viewing(room.custodian), connection.cursor() as cursor, refused("something keeps it"):
            cursor.execute(
                "UPDATE reports_kitdestruction SET state = 'done', decided_by_id = %s", [room.custodian.pk]
            )
        assert code(propose, room, kit)[1] == rule
        closed(thing)

    def hold(reason):
        return endings.kit_hold_place(actor=room.custodian, card_id=kit.card_id, reason=reason, at=LATER)

    def lift(row):
        endings.kit_hold_lift(actor=room.second, card_id=kit.card_id, hold_id=row.pk, at=LATER)

    def catch(kind):
        with access.viewing(world.sarc):
            append(case_id=kit.case_id, kind=kind, actor=world.sarc, at=LATER)

    kept_now("EV-11d", lambda: hold("preservation_order"), lift)
    kept_now(
        "EV-11d",
        lambda: hold_place(**of(room, kit), reason="victim_asked", at=LATER),
        lambda row: hold_lift(**of(room, kit), hold_id=row.pk, at=LATER),
    )
    kept_now("EV-11e", lambda: catch("catch_joined"), lambda _: catch("catch_left"))
    kept_now(
        "EV-11c",
        lambda: endings.property_ask(**of(room, kit), item_id=item.pk, on_dd_2910_3=True, at=LATER),
        lambda _: endings.property_return(**of(room, kit), item_id=item.pk, at=LATER),
    )
    assert code(
        endings.kit_hold_lift, actor=world.sarc, card_id=kit.card_id, hold_id=_held(room, kit), at=LATER
    ) == (
        "not_your_hold",
        "KH-07",
    )
    with access.viewing(world.sarc):
        assert KitDestruction.objects.get().pk == end.pk
    endings.destruction_carry_out(actor=room.custodian, card_id=kit.card_id)


def _held(room, kit):
    """A hold that the holder placed; undone by its own people at once."""
    with access.viewing(room.world.sarc):
        return KitHold.objects.filter(card_id=kit.card_id).values_list("pk", flat=True).first()


def test_ev_11_the_database_refuses_one_person_an_early_end_and_words_not_given(world, room):
    kit, _ = room.stored()
    row = (
        "INSERT INTO reports_kitdestruction (id, card_id, keep_until, rules, no_conversion, no_property, state,"
        " proposed_at, proposed_by_id) VALUES (gen_random_uuid(), %s, %s, '[]', %s, %s, %s, sapr_now(), %s)"
    )
    sarc, custodian = world.sarc, room.custodian
    clock.move(LATER, hold=True)
    with access.viewing(sarc), connection.cursor() as cursor:
        for sentence, until, sure, state, who in (
            ("before its time", date(2037, 1, 1), True, "proposed", sarc),
            ("before its time", date(2026, 3, 2), True, "proposed", sarc),
            ("confirms first", date(2036, 3, 31), False, "proposed", sarc),
            ("proposed by a SARC", date(2036, 3, 31), True, "proposed", custodian),
            ("proposed by a SARC", date(2036, 3, 31), True, "done", sarc),
        ):
            with refused(sentence):
                cursor.execute(row, [kit.card_id, until, sure, sure, state, who.pk])
        cursor.execute(row, [kit.card_id, date(2036, 3, 31), True, True, "proposed", sarc.pk])
        with refused("second person at the post"):
            cursor.execute("UPDATE reports_kitdestruction SET state = 'done', decided_by_id = %s", [sarc.pk])
        with refused("does not move"):
            cursor.execute("UPDATE reports_kit SET state = 'destroyed'")
    with access.viewing(custodian), connection.cursor() as cursor:
        with refused("in one's own name"):
            cursor.execute("UPDATE reports_kitdestruction SET state = 'done', decided_by_id = %s", [sarc.pk])
        with refused("permission denied"):
            cursor.execute("DELETE FROM reports_kitdestruction")
        with refused("proposed by a SARC"):
            cursor.execute(row, [kit.card_id, date(2036, 3, 31), True, True, "proposed", custodian.pk])


def test_ev_12_property_comes_back_on_dd_2910_3_and_the_report_stays_restricted(world, room):
    kit, _ = room.sealed("restricted")
    shoes, swabs = (
        item_add(**of(room, kit), kit_id=kit.pk, kind=kind, at=T0) for kind in ("footwear", "swabs")
    )
    ask = {**of(room, kit), "item_id": shoes.pk, "at": T0}
    assert code(endings.property_ask, **ask, on_dd_2910_3=False) == ("property_return", "EV-12")
    endings.property_ask(**ask, on_dd_2910_3=True)
    assert code(endings.property_ask, **ask, on_dd_2910_3=True) == ("asked_before", "EV-12")
    assert code(endings.property_return, **ask) == ("kit_state", "KH-05")
    room.accept(room.custodian, room.offer(world.sarc, kit))
    endings.property_return(**ask)
    assert code(endings.property_return, **ask) == ("not_asked_back", "EV-12")
    now = room.now(kit)
    assert (now.case.report.election, now.state) == ("restricted", "stored")
    with access.viewing(world.sarc), refused("only_property_is_asked_back"):
        type(swabs).objects.filter(pk=swabs.pk).update(asked_at=T0, on_dd_2910_3=True)
    with access.viewing(world.sarc), refused("once and returned once"):
        type(shoes).objects.filter(pk=shoes.pk).update(returned_at=T0 + timedelta(hours=1))


def test_ev_15_ev_17_a_list_shows_which_kits_end_in_the_months_to_come(world, room):
    kit, _ = room.stored()
    with access.viewing(world.sarc):
        assert keeping.kits_expiring(viewer=world.sarc, until=date(2036, 3, 1), at=T0) == []
        (row,) = keeping.kits_expiring(viewer=world.sarc, until=date(2036, 3, 2), at=T0)
        assert (row.kit.pk, row.until, row.notice_on, row.over) == (
            kit.pk,
            date(2036, 3, 2),
            date(2036, 2, 1),
            False,
        )
    with access.viewing(world.other_va):
        assert keeping.kits_expiring(viewer=world.other_va, until=date(2100, 1, 1), at=T0) == []
        assert not Kit.objects.exists()
