"""Both worked examples through the REST door, from the referral to the notice in the commander's inbox."""

from datetime import datetime, timedelta
from hashlib import sha256

from notifications.sweeping import sweep
from tests.api.door import Door, paper, refused, signatures
from tests.world import CANARIES, MEMBER, T0


def opened(stage, door: Door) -> str:
    """A contact by referral, the VA assigned, everything explained: the case's id."""
    world = stage.world
    case = door.done(
        "contacts",
        {
            "source": "healthcare",
            "identity": {"name": CANARIES["name"], "dod_id": CANARIES["dod_id"]},
            "narrative": {"text": CANARIES["text"], "incident_on": "2026-03-01", "place": "on_installation"},
        },
        201,
    )
    assert (case["state"], case["election"]) == ("contact", None)
    path = f"cases/{case['id']}"
    patch = {"identity": {"unit_commander_post": str(world.posts["unit_commander"].pk)}}
    assert door.ask("PATCH", f"contacts/{case['id']}", patch).status_code == 200
    door.done(f"{path}/va", {"va": "va"}, 201)
    for step in (
        {"kind": "options_explained"},
        {"kind": "counsel_explained", "details": {"answer": "wanted"}},
        {"kind": "vwap_explained"},
        {"kind": "safe_offered", "details": {"answer": "accepted"}},
    ):
        door.done(f"{path}/steps", step, 201)
    decision = door.done(f"{path}/eligibility", {"facts": MEMBER}, 201)
    assert decision["options"]["restricted"]["allowed"]
    assert decision["form"] == "DD 2910"
    return case["id"]


def signed(stage, door: Door, case_id: str, option: str) -> None:
    edition = door.read("form-editions?form=DD%202910&on=2026-03-02")
    body = signatures(T0) | {
        "election": option,
        "edition": edition["edition"],
        "initials": {each["key"]: "ZC" for each in edition["acknowledgements"] if option in each["options"]},
    }
    report = door.done(f"cases/{case_id}/sign", body, 201)
    assert (report["state"], report["election"]) == ("report", option)
    assert report["signed_at"] == "2026-03-02T15:00:00.000000Z"


def test_restricted_from_the_referral_to_the_commanders_inbox(stage):
    world, va = stage.world, Door(stage.world.va)
    world.strength(900)
    door, commander = Door(world.sarc), Door(world.commander)
    case_id = opened(stage, door)
    path = f"cases/{case_id}"
    signed(stage, va, case_id, "restricted")
    va.done(f"{path}/steps", {"kind": "provider_advised"}, 201)
    number = va.done(f"{path}/evidence-number", None, 201)["number"]
    assert va.done(f"{path}/kits/seal", {"number": number})["state"] == "sealed"
    refused(va.post(f"{path}/kits/to-mcio", {"number": number}), 409, "restricted")
    va.done(f"{path}/steps", {"kind": "follow_up_scheduled", "details": {"care": "both"}}, 201)
    va.done(f"{path}/steps", {"kind": "contact_logged", "details": {"means": "phone"}}, 201)
    assert door.read("counts") == {"restricted": 1, "unrestricted": 0}

    duties = {duty["kind"]: duty for duty in door.read("duties")["items"]}
    assert duties["commander_notice_restricted"]["due_at"] == "2026-03-03T15:00:00.000000Z"
    [notice] = door.read("notices")["items"]
    notice = door.read(f"notices/{notice['id']}")
    assert notice["wording_sha256"] == sha256(notice["wording"].encode()).hexdigest()
    assert not any(canary in str(notice) for canary in CANARIES.values())
    refused(
        va.post(f"notices/{notice['id']}/release", {"minimal": False, "sha256": "x"}), 403, "not_your_role"
    )
    released = door.done(
        f"notices/{notice['id']}/release", {"minimal": False, "sha256": notice["wording_sha256"]}
    )
    assert released["state"] == "released"
    assert commander.read("inbox") == {"items": [], "next": None}

    slot = datetime.fromisoformat(released["slot"])
    from sapr import clock

    clock.move(slot + timedelta(seconds=1), hold=True)
    with stage.as_worker():
        sweep()
    [item] = commander.read("inbox")["items"]
    assert item["slot"] == released["slot"]
    assert commander.done(f"inbox/{item['id']}/open")["body"] == notice["wording"]
    assert commander.done(f"inbox/{item['id']}/acknowledge")["acknowledged"]
    shown = {duty["kind"]: duty["state"] for duty in door.read(path)["duties"]}
    assert shown["commander_notice_restricted"] == "discharged"
    assert door.read(path)["notices"][0]["state"] == "placed"


def test_unrestricted_from_the_referral_to_every_inbox(stage):
    world, door = stage.world, Door(stage.world.sarc)
    case_id = opened(stage, door)
    path = f"cases/{case_id}"
    signed(stage, door, case_id, "unrestricted")
    number = door.done(f"{path}/evidence-number", None, 201)["number"]
    door.done(f"{path}/kits/seal", {"number": number.lower().replace("-", " ")})
    assert door.done(f"{path}/kits/to-mcio", {"number": number})["state"] == "mcio"
    for kind in ("sarc_advised", "investigation_opened", "dsaid_entered"):
        door.done(f"{path}/steps", {"kind": kind}, 201)
    door.done(f"{path}/steps", {"kind": "monthly_update_given", "details": {"by": "commander"}}, 201)
    for person in (world.commander, world.unit_commander, world.mcio):
        theirs = Door(person)
        [item] = theirs.read("inbox")["items"]
        assert CANARIES["name"] in theirs.done(f"inbox/{item['id']}/open")["body"]
        assert CANARIES["name"] not in theirs.get("inbox").content.decode()
    assert {each["state"] for each in door.read(path)["notices"]} == {"placed"}
    opened_parts = door.done(f"{path}/sealed", {"purpose": "case_work"})
    assert opened_parts["identity"]["name"] == CANARIES["name"]
    assert opened_parts["narrative"]["text"] == CANARIES["text"]
    assert door.read("counts") == {"restricted": 0, "unrestricted": 1}


def test_a_restricted_report_becomes_unrestricted(world, door):
    report = world.signed("restricted", at=T0 - timedelta(hours=2))
    converted = door.done(f"cases/{report.case_id}/convert", signatures(T0))
    assert converted["election"] == "unrestricted"
    assert converted["signed_at"] == "2026-03-02T13:00:00.000000Z"
    assert converted["converted_at"] == "2026-03-02T15:00:00.000000Z"
    kinds = {duty["kind"] for duty in door.read(f"cases/{report.case_id}")["duties"]}
    assert {"mcio_notice", "unit_commander_notice", "commander_notice_details", "monthly_update"} <= kinds


def test_somebody_leaves_without_signing(world, door):
    case = world.decided()
    assert door.done(f"cases/{case.pk}/walk-away")["state"] == "left_without_signing"
    refused(door.post(f"cases/{case.pk}/walk-away"), 409, "already_closed")
    refused(door.post(f"cases/{case.pk}/sign", paper(world.paper(case, "restricted"))), 409, "contact_closed")


def test_the_stateless_decision_is_the_policys_own(world, door):
    from datetime import date

    from reports import policy

    for profile in ("seed", "dated"):
        facts = {"statuses": ["dod_civilian", "retiree"], "age": 40}
        asked = door.done("eligibility", {"facts": facts, "on": "2024-08-01", "profile": profile})
        assert asked == policy.eligibility(facts, on=date(2024, 8, 1), profile=profile).to_dict()


def test_without_a_profile_the_settings_in_force_answer(world, door):
    from datetime import date, timedelta

    from reports import policy
    from tests.adoption.settings import RS_2024, approved, second_manager

    second = second_manager(world)
    facts = {"statuses": ["dod_civilian"], "age": 40, "service": "army", "component_has_sapr": True}
    question = {"facts": facts, "on": "2026-03-02"}
    assert door.read("policy/settings") == {"profile": "seed", "since": None, "adoptions": []}
    assert door.done("eligibility", question)["profile"] == "seed"
    approved(world, second, **RS_2024)
    asked = door.done("eligibility", question)
    day = date(2026, 3, 2)
    assert asked == policy.eligibility(facts, on=day, adopted=["RS-2024"]).to_dict()
    assert (asked["adopted"], asked["options"]["restricted"]["allowed"]) == (["RS-2024"], True)
    approved(world, second, T0 + timedelta(minutes=1), profile="dated")
    assert door.done("eligibility", question)["profile"] == "dated"
    assert door.done("eligibility", question | {"profile": "seed"})["profile"] == "seed"
    assert door.read("policy/settings") == {
        "profile": "dated",
        "since": "2026-03-02T15:01:00.000000Z",
        "adoptions": [
            {
                "service": "army",
                "rule_set": "RS-2024",
                "starts_on": "2025-01-01",
                "approved_at": "2026-03-02T15:00:00.000000Z",
            }
        ],
    }
