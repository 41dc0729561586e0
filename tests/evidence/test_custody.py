"""Custody: both sides sign, whoever has it hands it on, and there is one holder at every moment."""

from datetime import timedelta

import pytest
from django.db import connection

from reports import access
from reports.evidence import selectors
from reports.evidence.custody import evidence_refuse, evidence_stage, evidence_take_back
from reports.evidence.services import kit_hand_to_mcio
from reports.models import Custody, Event
from sapr.errors import NotFoundError
from tests.database.refusals import refused
from tests.evidence.conftest import code
from tests.times import T0

ACCEPT = "UPDATE reports_custody SET state = 'accepted', answered_by_id = %s, answered_at = sapr_now() WHERE id = %s"


def test_kh_09_a_hop_is_given_by_one_and_received_by_another_with_what_each_found(world, room):
    kit, _ = room.sealed("restricted")
    hop = room.offer(world.sarc, kit, condition="wet", photo_sha256="A" * 64)
    assert (hop.hop, hop.giver, hop.state, room.now(kit).card.holder) == (
        1,
        "provider",
        "offered",
        "provider",
    )
    assert code(room.accept, world.sarc, hop) == ("second_person", "KH-09")
    hop = room.accept(room.custodian, hop)
    now = room.now(kit)
    assert (hop.state, hop.condition, hop.condition_found) == ("accepted", "wet", "good")
    assert (now.state, now.card.holder, now.card.at_post) == ("stored", "custodian", room.post)
    with access.viewing(world.sarc):
        said = list(Event.objects.filter(case_id=kit.case_id, kind__startswith="evidence_").order_by("seq"))
        assert selectors.custody_broken(card=now.card) is None
    assert [(each.kind, each.actor_id) for each in said] == [
        ("evidence_offered", world.sarc.pk),
        ("evidence_accepted", room.custodian.pk),
    ]
    assert said[1].data["hash"] == bytes(hop.answer_hash).hex()


def test_kh_09_who_does_not_hold_it_cannot_hand_it_on(world, room):
    kit, _ = room.stored()
    assert code(room.offer, world.sarc, kit) == ("not_the_holder", "KH-09")
    for other in (room.agent, world.stranger, world.other_va, world.commander):
        with pytest.raises(NotFoundError):
            room.offer(other, kit)
    numbered = world.signed("restricted")
    from reports.evidence.services import kit_number_issue

    kit, _ = kit_number_issue(actor=world.sarc, case_id=numbered.case_id, at=T0)
    assert code(room.offer, world.sarc, kit) == ("not_sealed", "KH-01")


def test_kh_09_one_offer_at_a_time_and_refused_or_taken_back_it_stays_where_it_was(world, room):
    kit, _ = room.sealed("restricted")
    hop = room.offer(world.sarc, kit)
    assert code(room.offer, world.sarc, kit) == ("already_offered", "KH-09")
    evidence_refuse(actor=room.custodian, hop_id=hop.pk, at=T0)
    with pytest.raises(NotFoundError):
        room.accept(room.second, hop)
    room.offer(world.sarc, kit)
    evidence_take_back(actor=world.sarc, card_id=kit.card_id, at=T0)
    now = room.now(kit)
    assert (now.state, now.card.holder, now.card.to_post) == ("sealed", "provider", None)
    with access.viewing(world.sarc):
        assert list(Custody.objects.values_list("state", flat=True).order_by("hop")) == [
            "refused",
            "withdrawn",
        ]
        assert selectors.custody_broken(card=kit.card) is None


def test_a_courier_signs_by_receipt_and_another_person_takes_the_kit_back(world, room):
    kit, _ = room.sealed("unrestricted")
    kit_hand_to_mcio(actor=world.sarc, case_id=kit.case_id, number=_, at=T0)
    with access.viewing(world.mcio):
        hop = Custody.objects.get()
    room.accept(world.mcio, hop)
    lab = {"receiver": "lab_defense", "to_post": None, "purpose": "test"}
    assert code(room.offer, world.mcio, kit, **lab)[0] == "missing"
    assert room.offer(world.mcio, kit, receipt="l-77/26", **lab).state == "accepted"
    evidence_stage(actor=world.mcio, card_id=kit.card_id, stage="lab_done", at=T0)
    assert code(evidence_stage, actor=world.mcio, card_id=kit.card_id, stage="shelf", at=T0) == (
        "elsewhere",
        "KH-09",
    )
    back = room.offer(
        room.agent, kit, receiver="mcio", to_post=world.posts["mcio"], purpose="investigate", at=T0
    )
    assert code(room.accept, world.mcio, back) == ("second_person", "KH-09")
    assert code(room.accept, room.agent, back) == ("second_person", "KH-09")
    third = _third(world)
    assert room.accept(third, back).state == "accepted"
    assert room.now(kit).state == "mcio"


def _third(world):
    from tests.factories import AppointmentFactory, UserFactory

    return AppointmentFactory(post=world.posts["mcio"], user=UserFactory(username="third")).user


def test_ev_06_the_mcio_may_store_a_restricted_kit_and_never_investigate_or_test_it(world, room):
    kit, number = room.sealed("restricted")
    mcio = {"receiver": "mcio", "to_post": world.posts["mcio"]}
    assert code(room.offer, world.sarc, kit, purpose="investigate", **mcio) == ("restricted", "EV-06b")
    assert code(
        room.offer, world.sarc, kit, receiver="lab_civil", to_post=None, purpose="test", receipt="R-1"
    ) == ("restricted", "EV-06b")
    room.accept(world.mcio, room.offer(world.sarc, kit, purpose="store", **mcio))
    assert room.now(kit).state == "stored"
    assert code(room.offer, world.mcio, kit, purpose="investigate", **mcio) == ("restricted", "EV-06b")
    assert code(kit_hand_to_mcio, actor=world.sarc, case_id=kit.case_id, number=number, at=T0) == (
        "restricted",
        "EV-06",
    )


def test_ev_10_after_a_conversion_the_mcio_takes_the_stored_kit_under_its_number(world, room):
    kit, number = room.stored()
    with access.viewing(world.sarc):
        report = room.now(kit).case.report
    world.converted(report, at=T0)
    assert code(kit_hand_to_mcio, actor=world.sarc, case_id=kit.case_id, number=number, at=T0) == (
        "not_the_holder",
        "KH-09",
    )
    hop = room.offer(room.custodian, kit, receiver="mcio", to_post=world.posts["mcio"], purpose="investigate")
    room.accept(world.mcio, hop)
    kit_hand_to_mcio(actor=world.sarc, case_id=kit.case_id, number=number, at=T0)
    now = room.now(kit)
    assert (now.state, now.card.holder, now.card.label) == ("mcio", "mcio", "number")
    with access.viewing(world.mcio):
        assert [each.number for each in selectors.held(viewer=world.mcio)] == [number]
    assert (
        code(kit_hand_to_mcio, actor=world.sarc, case_id=kit.case_id, number=number, at=T0)[0] == "kit_state"
    )


def test_kh_03_an_unrestricted_kit_goes_to_the_mcio_and_waits_for_an_agents_signature(world, room):
    kit, number = room.sealed("unrestricted")
    assert code(room.offer, world.sarc, kit) == ("mcio_first", "KH-03")
    kit_hand_to_mcio(actor=world.sarc, case_id=kit.case_id, number=number, at=T0)
    assert (room.now(kit).state, room.now(kit).card.holder) == ("mcio", "provider")
    with access.viewing(world.mcio):
        ((hop, shown),) = selectors.offered(viewer=world.mcio)
    assert shown == number
    evidence_refuse(actor=world.mcio, hop_id=hop.pk, at=T0)
    assert room.now(kit).state == "sealed"


def test_custody_rows_stand_also_for_raw_sql(world, room):
    """Accepted once, never changed otherwise, never deleted; nobody gives what they do not have or signs both sides."""
    kit, _ = room.stored()
    first = room.offer(room.custodian, kit, to_post=room.post)
    with access.viewing(room.second), connection.cursor() as cursor:
        run = cursor.execute
        for statement, sentence in (
            (
                "UPDATE reports_custody SET state = 'refused', answered_by_id = %s WHERE hop = 1",
                "answered once",
            ),
            ("UPDATE reports_custody SET seal_number = 'X' WHERE offered_by_id <> %s", "permission denied"),
            ("UPDATE reports_custody SET answer_hash = NULL WHERE offered_by_id <> %s", "permission denied"),
            ("DELETE FROM reports_custody WHERE offered_by_id <> %s", "permission denied"),
            ("UPDATE reports_kitcard SET holder = 'sarc' WHERE at_post_id <> %s", "permission denied"),
        ):
            with refused(sentence):
                run(statement, [room.second.pk])
        with refused("in one's own name"):
            run(
                ACCEPT,
                [room.custodian.pk, first.pk],
            )
        with refused("not in the future"):
            run(
                ACCEPT.replace("sapr_now()", "%s"),
                [room.second.pk, T0 + timedelta(days=1), first.pk],
            )
    with access.viewing(room.custodian), connection.cursor() as cursor, refused("by another person"):
        cursor.execute(
            ACCEPT,
            [room.custodian.pk, first.pk],
        )
    with access.viewing(world.sarc), connection.cursor() as cursor:
        for state in ("mcio", "stored", "destroyed"):
            with refused("does not move|not handed to MCIO"):
                cursor.execute("UPDATE reports_kit SET state = %s", [state])
        with refused("keeps its card"):
            cursor.execute("UPDATE reports_kit SET card_id = NULL")
        with refused("only who holds"):
            cursor.execute(
                "INSERT INTO reports_custody (id, card_id, hop, giver, receiver, purpose, seal_number, seal_intact,"
                " condition, photo_sha256, receipt, offered_at, offered_by_id, state, condition_found, prev_hash,"
                " hash) VALUES"
                " (gen_random_uuid(), %s, 9, 'sarc', 'sarc', 'give_back', '', true, 'good', '', '', sapr_now(), %s,"
                " 'accepted', '', '', '')",
                [kit.card_id, world.sarc.pk],
            )
