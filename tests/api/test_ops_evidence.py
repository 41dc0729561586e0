"""A kit through the REST door, from its number to its end: the SARC's side, the custodians, two at each hand-off."""

from base64 import b64decode
from datetime import timedelta
from typing import Any

from reports import access
from reports.evidence import custody, endings, labels, opening, services
from reports.models import Custody, Event, KitDestruction, KitHold, KitItem, KitStage
from sapr import clock
from tests.api.door import Door, refused
from tests.api.twins import alike
from tests.documents.reading import words
from tests.evidence.conftest import Room
from tests.evidence.test_keeping import BEFORE_THE_END, LATER
from tests.times import T0
from tests.world import CANARIES, World

GOOD = {"seal_intact": True, "condition": "good"}
NOBODY = "7f2a81a4-4d5e-4f5a-9c5b-000000000000"


def offer(room: Room, **more: Any) -> dict[str, Any]:
    """A kit that is offered to the custodians for storage."""
    to = {"receiver": "custodian", "to_post": str(room.post.pk), "purpose": "store"}
    return GOOD | to | {"seal_number": "S-1", "receipt": "", "photo_sha256": ""} | more


def test_a_kit_from_its_number_to_its_end(world: World) -> None:
    """EV-03 to EV-12, KH-09: the same hand-offs as by the services, hash by hash in one chain."""
    room = Room.build(world)
    sarc, custodian, second = Door(world.sarc), Door(room.custodian), Door(room.second)
    case, other = world.signed("restricted").case, Door(world.other_va)
    path = f"cases/{case.pk}"
    number = sarc.done(f"{path}/evidence-number", None, 201)["number"]
    [kit] = sarc.read(f"{path}/kits")["items"]
    mine, card = f"{path}/kits/{kit['id']}", f"cards/{kit['card']}"
    refused(sarc.post(f"{card}/offer", offer(room)), 409, "not_sealed")
    sarc.done(f"{path}/kits/seal", {"number": number})

    # Its number is opened by an act of its own, and stands in nothing that is read.
    assert sarc.done(f"{mine}/number") == {"number": number}
    assert number not in sarc.get(f"{path}/kits").content.decode() + sarc.get(mine).content.decode()
    assert sarc.read(f"{path}/events?limit=1")["items"][0]["details"] == {"purpose": "evidence"}
    label = sarc.done(f"{mine}/label", {"printer": False})
    assert number in words(b64decode(label["content"]))
    assert b64decode(sarc.done(f"{mine}/label", {"printer": True})["content"]).decode().count(number) == 2

    item = sarc.done(f"{mine}/items/add", {"kind": "clothing"}, 201)
    refused(sarc.post(f"{mine}/items/add", {"kind": "piano"}), 422, "unknown_value")
    for wrong, code in (
        ({"receiver": "pope"}, "unknown_value"), ({"purpose": "sell"}, "unknown_value"),
        ({"to_post": NOBODY}, "post"), ({"to_post": None}, "post"),
        ({"to_post": str(world.posts["commander"].pk)}, "post"), ({"condition": "lost"}, "unknown_value"),
        ({"seal_number": "not printed so!"}, "not_printed_so"), ({"photo_sha256": "z" * 64}, "not_printed_so"),
        ({"at": (T0 + timedelta(days=1)).isoformat()}, "in_the_future"),
    ):  # fmt: skip
        refused(sarc.post(f"{card}/offer", offer(room, **wrong)), 422, code)
    refused(other.post(f"{card}/offer", offer(room)), 404, "not_found")
    way = next(each for each in sarc.read(card)["ways"] if each["receiver"] == "custodian")
    assert (way["to_post"], sarc.read(card)["number"], sarc.read(card)["mine"]) == (
        str(room.post.pk),
        None,
        True,
    )

    hop = sarc.done(f"{card}/offer", offer(room), 201)
    refused(sarc.post(f"{card}/offer", offer(room)), 409, "already_offered")
    assert sarc.done(f"{card}/take-back", {})["state"] == "withdrawn"
    hop = sarc.done(f"{card}/offer", offer(room), 201)
    [waits] = custodian.read("custody/offered")["items"]
    assert (waits["id"], waits["card"], waits["offered_by"]["username"]) == (hop["id"], kit["card"], "sarc")
    assert custodian.done("cards/find", {"number": number.lower()}) == {"card": kit["card"]}
    refused(Door(room.agent).post("cards/find", {"number": number}), 422, "not_held_here")
    refused(custodian.post("cards/find", {"number": number[:-1]}), 422, "bad_control_number")
    refused(sarc.post(f"custody/{hop['id']}/accept", GOOD), 409, "second_person")
    assert custodian.done(f"custody/{hop['id']}/refuse", {})["state"] == "refused"
    hop = sarc.done(f"{card}/offer", offer(room, photo_sha256="a" * 64), 201)
    taken = custodian.done(f"custody/{hop['id']}/accept", GOOD | {"seal_intact": False})
    assert (taken["state"], taken["seal_found_intact"], taken["photo"]) == ("accepted", False, True)
    refused(custodian.post(f"custody/{hop['id']}/accept", GOOD), 409, "answered")
    assert [each["hop"] for each in sarc.read(f"{card}/custody")["items"]] == [3, 2, 1]

    # Who has it sees a number and no case; the case's side sees the case and no number.
    [held] = custodian.read("held")["items"]
    assert (held["id"], held["to_destroy"], held["holder"]) == (kit["card"], False, "custodian")
    whole = custodian.read(card)
    assert (whole["number"], whole["case"], whole["mine"]) == (number, None, True)
    assert case.number not in str(whole)
    assert sarc.read(mine)["chain_broken_at"] is None
    refused(custodian.post(f"{card}/stages/note", {"stage": "attic"}), 422, "unknown_value")
    refused(custodian.post(f"{card}/stages/note", {"stage": "lab_done"}), 422, "elsewhere")
    custodian.done(f"{card}/stages/note", {"stage": "freezer"}, 201)
    assert [each["stage"] for each in custodian.read(f"{card}/stages")["items"]] == ["freezer"]
    hold = custodian.done(f"{card}/holds/place", {"reason": "appeal"}, 201)
    refused(custodian.post(f"{card}/holds/place", {"reason": "appeal"}), 409, "already_on_hold")
    refused(sarc.post(f"{card}/holds/{hold['id']}/lift"), 409, "not_your_hold")
    assert [each["id"] for each in sarc.read(f"{card}/holds")["items"]] == [hold["id"]]
    assert sarc.read(mine)["matters"] == ["appeal"]
    assert second.done(f"{card}/holds/{hold['id']}/lift")["lifted_at"]
    refused(custodian.post(f"{card}/name"), 409, "no_name")

    sarc.done(f"{path}/kit-items/{item['id']}/ask-back", {"on_dd_2910_3": True})
    refused(sarc.post(f"{path}/kit-items/{item['id']}/ask-back", {"on_dd_2910_3": True}), 409, "asked_before")
    assert sarc.done(f"{path}/kit-items/{item['id']}/return")["returned_at"]
    refused(sarc.post(f"{path}/kit-items/{NOBODY}/return"), 422, "not_this_case")
    _same_by_the_services(room, case, sarc)

    clock.move(BEFORE_THE_END, hold=True)
    sarc, custodian, second = Door(world.sarc), Door(room.custodian), Door(room.second)
    assert kit["id"] in {each["id"] for each in sarc.read("kits/expiring")["items"]}
    refused(
        sarc.post(f"{mine}/destruction/propose", {"no_conversion": True, "no_property": True}),
        409,
        "expiry_not_told",
    )
    assert sarc.post(f"{mine}/expiry-told").status_code == 204
    clock.move(LATER, hold=True)
    sarc, custodian, second = Door(world.sarc), Door(room.custodian), Door(room.second)
    sure = {"no_conversion": True, "no_property": True}
    refused(sarc.post(f"{mine}/destruction/propose", sure | {"no_property": False}), 409, "kit_kept")
    assert sarc.done(f"{mine}/destruction/propose", sure, 201)["keep_until"] == "2036-03-31"
    assert sarc.done(f"{mine}/destruction/withdraw")["state"] == "withdrawn"
    sarc.done(f"{mine}/destruction/propose", sure, 201)
    assert custodian.read(card)["end"]["proposed_by"]["username"] == "sarc"
    assert custodian.done(f"{card}/spare")["state"] == "refused"
    sarc.done(f"{mine}/destruction/propose", sure, 201)
    refused(sarc.get(f"{mine}/destruction/certificate"), 404, "not_found")
    refused(sarc.post(f"{card}/destroy"), 409, "not_the_holder")
    assert custodian.done(f"{card}/destroy")["decided_by"]["username"] == "custodian"
    refused(second.post(f"{card}/destroy"), 409, "decided")
    assert kit["card"] not in {each["id"] for each in custodian.read("held")["items"]}
    assert (sarc.read(mine)["state"], sarc.read(mine)["end"]["state"]) == ("destroyed", "done")
    paper = sarc.read(f"{mine}/destruction/certificate")
    assert number in words(b64decode(paper["content"]))
    with access.viewing(world.sarc):
        counted = [each.objects.count() for each in (Custody, KitItem, KitStage, KitHold, KitDestruction)]
        assert counted == [6, 2, 2, 2, 3]
        last = Event.objects.filter(case_id=case.pk, kind="kit_destroyed").get()
        assert last.actor_id == room.custodian.pk


def _same_by_the_services(room: Room, case: Any, sarc: Door) -> None:
    """A second kit, worked by the services: the record says the same, event by event."""
    world = room.world
    twin = world.signed("restricted").case
    of = {"actor": world.sarc, "case_id": twin.pk, "at": T0}
    kit, number = services.kit_number_issue(**of)
    services.kit_seal(**of, number=number)
    opening.kit_number_open(**of, kit_id=kit.pk)
    for printer in (False, True):
        labels.label_draw(**of, kit_id=kit.pk, printer=printer)
    item = services.item_add(**of, kit_id=kit.pk, kind="clothing")
    room.offer(world.sarc, kit)
    custody.evidence_take_back(actor=world.sarc, card_id=kit.card_id, at=T0)
    custody.evidence_refuse(actor=room.custodian, hop_id=room.offer(world.sarc, kit).pk, at=T0)
    hop = room.offer(world.sarc, kit, photo_sha256="a" * 64)
    custody.evidence_accept(actor=room.custodian, hop_id=hop.pk, seal_intact=False, condition="good", at=T0)
    custody.evidence_stage(actor=room.custodian, card_id=kit.card_id, stage="freezer", at=T0)
    hold = endings.kit_hold_place(actor=room.custodian, card_id=kit.card_id, reason="appeal", at=T0)
    endings.kit_hold_lift(actor=room.second, card_id=kit.card_id, hold_id=hold.pk, at=T0)
    endings.property_ask(**of, item_id=item.pk, on_dd_2910_3=True)
    endings.property_return(**of, item_id=item.pk)
    alike(world.sarc, case.pk, twin.pk)


def test_the_name_on_an_unrestricted_kits_label_is_opened_where_the_kit_is(world: World) -> None:
    """EV-07: by the post that has it, on record; a courier's receipt answers for the courier."""
    room = Room.build(world)
    kit, number = room.sealed("unrestricted")
    sarc, agent = Door(world.sarc), Door(room.agent)
    path = f"cases/{kit.case_id}/kits"
    label = sarc.done(f"{path}/{kit.pk}/label", {"printer": False})
    assert CANARIES["name"] in words(b64decode(label["content"]))
    refused(sarc.post(f"{path}/{kit.pk}/label", {"printer": True}), 409, "paper_only")
    sarc.done(f"{path}/to-mcio", {"number": number})
    [hop] = agent.read("custody/offered")["items"]
    agent.done(f"custody/{hop['id']}/accept", GOOD)
    refused(sarc.post(f"cards/{kit.card_id}/name"), 403, "not_your_role")
    assert agent.done(f"cards/{kit.card_id}/name") == {"name": CANARIES["name"]}
    test = offer(room, receiver="lab_defense", to_post=None, purpose="test")
    refused(agent.post(f"cards/{kit.card_id}/offer", test), 422, "missing")
    gone = agent.done(f"cards/{kit.card_id}/offer", test | {"receipt": "R-77"}, 201)
    assert (gone["state"], gone["receipt"], gone["answered_by"]) == ("accepted", "R-77", None)
    agent.done(f"cards/{kit.card_id}/stages/note", {"stage": "lab_begun"}, 201)
