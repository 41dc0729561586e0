"""By REST as by the desk: calls, corrected details, longer time, finer words, channels, strength tables."""

from datetime import timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from notifications.extensions.models import Deployment
from notifications.models import Channel, Notice, NoticeKind
from notifications.strength.models import StrengthTable
from reports import access
from reports.ledger.models import Event
from sapr import clock
from tests.adoption.settings import approved, second_manager
from tests.api.beside import same
from tests.api.door import Door, refused
from tests.finer.ways import ENOUGH
from tests.finer.ways import waiting as waits_with
from tests.notices.corrected import completed
from tests.signed_in import signed_in
from tests.strength.files import file, of_place
from tests.times import T0


def notice_of(world, report, kind: str) -> Notice:
    with access.viewing(world.sarc):
        return Notice.objects.get(case=report.case, kind=kind)


def test_a_call_is_recorded_and_wrong_details_are_told_anew(world):
    report = world.signed("unrestricted")
    notice, sarc, client = (
        notice_of(world, report, NoticeKind.DETAILS),
        Door(world.sarc),
        signed_in(world.sarc),
    )
    one = f"notices/{notice.pk}"
    proof = sarc.read(f"{one}/proof")
    assert (proof["step"], proof["acknowledged_at"], proof["placed_at"]) == (
        "waiting", None, "2026-03-02T15:00:00.000000Z",
    )  # fmt: skip
    wall = T0.astimezone(ZoneInfo(world.installation.zone)).strftime("%Y-%m-%dT%H:%M")
    same(
        world,
        lambda: sarc.done(f"{one}/telephone", {"outcome": "reached"}),
        lambda: client.post(f"/admin/{one}/telephone/", {"outcome": "reached", "at": wall}),
        "sarc",
    )
    refused(sarc.post(f"{one}/telephone", {"outcome": "shouted"}), 422, "unknown_value")
    assert sarc.done(f"{one}/telephone", {"outcome": "reached"})["over_at"] is not None
    refused(Door(world.va).post(f"{one}/telephone", {"outcome": "reached"}), 403, "not_your_role")
    refused(sarc.post(f"{one}/correct"), 409, "nothing_to_correct")
    completed(world, report.case_id, identity={"name": "Rightly Spelt"})
    same(
        world,
        lambda: sarc.done(f"{one}/correct", None, 201),
        lambda: client.post(f"/admin/{one}/correct/", {}),
        "sarc", "commander",
    )  # fmt: skip
    anew = sarc.done(f"{one}/correct", None, 201)
    assert (anew["kind"], anew["id"] == str(notice.pk)) == ("commander_notice_details", False)
    refused(sarc.post(f"{one}/correct"), 409, "corrected_already")


def test_a_place_is_deployed_its_commander_grants_and_its_sarc_uses_longer_time(world):
    approved(world, second_manager(world), profile="dated")
    manager, commander, sarc = Door(world.manager), Door(world.commander), Door(world.sarc)
    place = {"location_id": str(world.installation.pk)}
    client = signed_in(world.manager)
    same(
        world,
        lambda: manager.done("deployments/record", place, 201),
        lambda: client.post("/admin/deployments/", {"do": "record", "location": place["location_id"]}),
        "manager",
    )
    deployed = manager.done("deployments/record", place, 201)
    assert [row["name"] for row in manager.read("deployments")["items"]] == ["Camp Sample"]
    grant = {
        "post_id": str(world.posts["commander"].pk), "reason": "operations",
        "ends_at": (T0 + timedelta(days=30)).isoformat(),
    }  # fmt: skip
    refused(commander.post("extension-grants/grant", grant | {"ends_at": T0.isoformat()}), 422, "wrong_order")
    made = commander.done("extension-grants/grant", grant, 201)
    report = world.signed("restricted", at=clock.now())
    one = f"notices/{notice_of(world, report, NoticeKind.RESTRICTED).pk}"
    assert sarc.read(f"{one}/extension") == {"extension": None, "possible": True}
    desk, using = signed_in(world.sarc), {"reason": "medical", "deployed": True}
    refused(sarc.post(f"{one}/extend", {"reason": "medical"}), 422, "missing")
    same(
        world,
        lambda: sarc.done(f"{one}/extend", using),
        lambda: desk.post(f"/admin/{one}/extend/", using | {"deployed": "on"}),
        "sarc",
    )
    used = sarc.done(f"{one}/extend", using)
    assert sarc.read(f"{one}/extension") == {"extension": used, "possible": False}
    refused(sarc.post(f"{one}/extend", using), 409, "already_extended")
    assert commander.done(f"extension-grants/{made['id']}/revoke")["revoked_at"] is not None
    [shown] = commander.read("extension-grants")["items"]
    assert not {"used", "uses", "notice"} & set(shown)
    assert manager.post(f"deployments/{deployed['id']}/end").status_code == 204
    assert Deployment.objects.get(pk=deployed["id"]).ends_at is not None


def test_finer_words_are_prepared_proposed_and_decided_by_a_second_person(world):
    notice = waits_with(world, ENOUGH)
    sarc, manager, one = Door(world.sarc), Door(world.manager), f"notices/{notice.pk}/finer"
    steps = sarc.read(f"{one}/steps")["steps"]
    levels = {name: each[-1] for name, each in steps.items()}
    refused(sarc.post(f"{one}/prepare", {"levels": {"sex": "made up"}}), 422, "unknown_value")
    refused(sarc.post(f"{one}/prepare", {"levels": {}}), 422, "not_finer")
    found = sarc.done(f"{one}/prepare", {"levels": levels})
    assert sha256(found["text"].encode()).hexdigest() == found["sha256"]
    assert found["after"]
    given = {
        "rung": found["rung"], "bytes_seen": found["sha256"], "reason": "victim_asked", "ground": "consent",
        "victim_signature": "Zzyzx Canary-Smith", "victim_signed_at": T0.isoformat(), "told": True,
    }  # fmt: skip
    refused(sarc.post(f"{one}/propose", given | {"told": False}), 422, "missing")
    refused(sarc.post(f"{one}/propose", given | {"bytes_seen": "0" * 64}), 409, "bytes_changed")
    first = sarc.done(f"{one}/propose", given, 201)
    assert sarc.done(f"finer/{first['id']}/withdraw")["state"] == "withdrawn"
    second = sarc.done(f"{one}/propose", given, 201)
    refused(sarc.post(f"finer/{second['id']}/approve", {"bytes_seen": found["sha256"]}), 403, "not_your_role")
    seen = manager.read(f"finer/{second['id']}")
    assert (seen["may_decide"], seen["text"]) == (True, found["text"])
    # The second person learns nothing of the case and not who signed.
    assert not {"case", "notice", "consent"} & set(seen)
    assert "Canary" not in str(seen)
    assert (
        manager.done(f"finer/{second['id']}/approve", {"bytes_seen": found["sha256"]})["state"] == "approved"
    )
    refused(manager.post(f"finer/{second['id']}/refuse"), 409, "already_decided")
    assert {row["state"] for row in sarc.read(one)["items"]} == {"withdrawn", "approved"}
    with access.viewing(world.manager):
        said = Event.objects.get(kind="finer_approved")
    assert (said.actor_id, said.data["sha256"]) == (world.manager.pk, found["sha256"])


def test_a_webhook_shows_its_secret_once_and_channels_tell_how_they_fare(world):
    manager, client = Door(world.manager), signed_in(world.manager)
    where = {"url": "https://hooks.example/x"}
    same(
        world,
        lambda: manager.done("webhooks", where, 201),
        lambda: client.post("/admin/channels/webhooks/new/", where),
        "manager",
    )
    refused(manager.post("webhooks", {"url": "http://hooks.example"}), 422, "bad_webhook")
    made = manager.done("webhooks", where, 201)
    with access.viewing(world.manager):
        assert Channel.objects.get(pk=made["id"]).url == where["url"]
    assert made["secret"] not in str(manager.read("channels"))
    assert {row["kind"] for row in manager.read("channels")["items"]} == {"mail", "webhook"}
    refused(manager.post("webhooks", where), 409, "already_registered")
    assert manager.done(f"webhooks/{made['id']}/end")["ended_at"] is not None
    refused(manager.post(f"webhooks/{made['id']}/end"), 404, "not_found")
    assert manager.read("outgoing/failed") == {"items": [], "next": None}


def test_a_strength_table_is_recorded_whole_or_not_at_all(world):
    manager, sarc, client = Door(world.manager), Door(world.sarc), signed_in(world.manager)
    one, text = f"strength/{world.installation.pk}", file(*of_place("Camp Sample", 60))
    digest, compared = sha256(text.encode()).hexdigest(), {"compared": True}
    desk = {"text": text, "seen": digest, "confirm": "on"}
    same(
        world,
        lambda: manager.done(f"{one}/tables", {"text": text, "seen": digest} | compared, 201),
        lambda: client.post(f"/admin/{one}/record/", desk),
        "manager",
    )
    refused(manager.post(f"{one}/tables", {"text": text, "seen": "0" * 64} | compared), 409, "file_changed")
    wrong = manager.post(f"{one}/tables", {"text": text + "people,Nowhere\n"} | compared)
    assert (wrong.status_code, StrengthTable.objects.count()) == (422, 0)
    refused(sarc.post(f"{one}/tables", {"text": text} | compared), 403, "not_your_role")
    made = manager.done(f"{one}/tables", {"text": text} | compared, 201)
    assert (made["sha256"], made["recorded_by"]) == (digest, world.manager.display_name)
    shown = sarc.read(one)
    assert ([each["id"] for each in shown["tables"]], shown["people"][0]["people"]) == ([made["id"]], 240)
    listed = sarc.read("strength")
    assert listed["coarsened"] is None
    assert manager.read("strength")["coarsened"]["released"] == 0
    assert next(each for each in listed["items"] if each["name"] == "Camp Sample")["rung"]["people"]
