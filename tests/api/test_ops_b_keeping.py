"""By REST as by the desk: holds and erasures, the settings of the policy, kept filters, calendar addresses."""

from django.test import Client

from accounts.models import Appointment
from reports import access
from reports.erasure.models import Erasure, Hold
from reports.finding.models import SavedFilter
from tests.adoption.settings import second_manager
from tests.api.beside import same
from tests.api.door import Door, refused
from tests.erasure.conftest import left_without_signing
from tests.signed_in import signed_in

SAID = {"nothing_open": True, "for_ever": True}


def test_a_case_is_kept_and_its_keys_go_by_two_persons_only(world):
    case = left_without_signing(world)
    sarc, manager, base = Door(world.sarc), Door(world.manager), f"cases/{case.pk}"
    client = signed_in(world.sarc)
    same(
        world,
        lambda: sarc.done(f"{base}/holds", {"reason": "appeal"}, 201),
        lambda: client.post(f"/admin/{base}/keeping/", {"do": "place", "reason": "appeal"}),
        "sarc",
    )
    hold = sarc.done(f"{base}/holds", {"reason": "appeal"}, 201)
    refused(sarc.post(f"{base}/holds", {"reason": "appeal"}), 409, "already_on_hold")
    refused(sarc.post(f"{base}/holds", {"reason": ""}), 422, "unknown_value")
    refused(sarc.post(f"{base}/erasures", SAID), 409, "on_hold")
    assert sarc.read(f"{base}/keeping")["kept_because"].startswith("A legal hold is open")
    assert sarc.done(f"{base}/holds/{hold['id']}/lift")["lifted_by"] == world.sarc.display_name
    for less in ({}, {"nothing_open": True}, SAID | {"for_ever": False}):
        refused(sarc.post(f"{base}/erasures", less), 422, "missing")
    same(
        world,
        lambda: sarc.done(f"{base}/erasures", SAID, 201),
        lambda: client.post(f"/admin/{base}/keeping/", {"do": "propose", "nothing_open": "on", "for_ever": "on"}),
        "sarc", "manager",
    )  # fmt: skip
    first = sarc.done(f"{base}/erasures", SAID, 201)
    assert sarc.done(f"{base}/erasures/{first['id']}/withdraw")["state"] == "withdrawn"
    second = sarc.done(f"{base}/erasures", SAID, 201)
    refused(sarc.post(f"erasures/{second['id']}/approve", {"for_ever": True}), 403, "not_your_role")
    seen = manager.read("erasures")["items"]
    assert [(row["id"], row["state"]) for row in seen if row["state"] == "proposed"] == [
        (second["id"], "proposed")
    ]
    one = manager.read(f"erasures/{second['id']}")
    assert (one["may_decide"], one["on_hold"], one["number"]) == (True, False, case.number)
    assert manager.done(f"erasures/{second['id']}/approve", {"for_ever": True})["state"] == "approved"
    refused(manager.post(f"erasures/{second['id']}/approve", {"for_ever": True}), 409, "already_decided")
    assert manager.done(f"erasures/{second['id']}/refuse")["state"] == "refused"
    with access.viewing(world.sarc):
        assert Hold.objects.get(case=case).reason == "appeal"
        assert sorted(Erasure.objects.filter(case=case).values_list("state", flat=True)) == [
            "refused",
            "withdrawn",
        ]


def test_a_setting_changes_by_two_persons_only(world):
    manager, other = Door(world.manager), Door(second_manager(world))
    client = signed_in(world.manager)
    profile = {"profile": "dated", "read": True}
    same(
        world,
        lambda: manager.done("policy/changes/propose", profile, 201),
        lambda: client.post("/admin/policy/profile/", {"profile": "dated", "confirm": "on"}),
        "manager",
    )
    refused(manager.post("policy/changes/propose", profile | {"read": False}), 422, "missing")
    refused(
        manager.post("policy/changes/propose", {"profile": "made up", "read": True}), 422, "unknown_value"
    )
    change = manager.done("policy/changes/propose", profile, 201)
    one = f"policy/changes/{change['id']}"
    refused(manager.post(f"{one}/approve", {"read": True}), 409, "second_person_needed")
    assert manager.read(one)["may_decide"] is False
    read = other.read(one)
    assert (read["may_decide"], read["state"]) == (True, "proposed")
    assert all(rule["sentence"] for each in read["differences"] for rule in each["before"] + each["after"])
    assert read["differences"]
    assert other.done(f"{one}/approve", {"read": True})["state"] == "approved"
    assert other.read("policy/settings")["profile"] == "dated"
    assert [row["state"] for row in manager.read("policy/changes")["items"]] == ["approved"]


def test_who_asked_in_an_emergency_is_listed_for_the_second_person_and_for_the_case(world):
    case = world.signed("restricted").case
    asked = Door(world.stranger).done("emergencies", {"case": case.number, "reason": "Invented."}, 201)
    [waits] = Door(world.manager).read("emergencies/waiting")["items"]
    assert (waits["id"], waits["installation"]) == (asked["id"], "Camp Sample")
    assert not {"reason", "case", "asked_for"} & set(waits)
    [shown] = Door(world.sarc).read(f"cases/{case.pk}/emergencies")["items"]
    assert (shown["asked_by"], shown["standing"]) == (world.stranger.display_name, "waiting")


def test_filters_are_kept_by_name_and_know_no_place_of_others(world):
    sarc, client = Door(world.sarc), signed_in(world.sarc)
    wanted = {"stands": "restricted", "due": "soon", "place": str(world.installation.pk)}
    same(
        world,
        lambda: sarc.done("filters/keep", {"name": "daily", "wanted": wanted}),
        lambda: client.post("/admin/cases/filters/", {"do": "save", "name": "daily", **wanted}),
        "sarc",
    )
    kept = sarc.done("filters/keep", {"name": "daily", "wanted": wanted})
    assert (kept["place"], kept["running"]) == (wanted["place"], "")
    elsewhere = str(world.posts["stranger"].location_id)
    refused(
        sarc.post("filters/keep", {"name": "daily", "wanted": {"place": elsewhere}}), 422, "unknown_value"
    )
    refused(sarc.post("filters/keep", {"name": "daily", "wanted": {}}), 422, "nothing_to_keep")
    late = {"opened_to": "9999-12-31"}
    refused(sarc.post("filters/keep", {"name": "daily", "wanted": late}), 422, "date_out_of_range")
    turned = {"opened_from": "2026-03-02", "opened_to": "2026-03-01"}
    refused(sarc.post("filters/keep", {"name": "daily", "wanted": turned}), 422, "wrong_order")
    assert [row["name"] for row in sarc.read("filters")["items"]] == ["daily"]
    assert Door(world.va).read("filters")["items"] == []
    assert sarc.post("filters/forget", {"name": "daily"}).status_code == 204
    with access.viewing(world.sarc):
        assert not SavedFilter.objects.exists()


def test_a_calendar_address_is_shown_once_and_opens_until_it_is_revoked(world):
    sarc = Door(world.sarc)
    [own] = sarc.read("calendar/feeds")["items"]
    assert own["appointment"] == str(Appointment.objects.get(user=world.sarc).pk)
    address = sarc.done(f"calendar/feeds/{own['appointment']}", None, 201)["address"]
    assert Client().get(address).status_code == 200
    [shown] = sarc.read("calendar/feeds")["items"]
    assert shown["expires_at"] is not None
    assert address.split("/")[-1].split(".")[0] not in str(shown)
    refused(Door(world.va).post(f"calendar/feeds/{own['appointment']}"), 404, "not_found")
    assert sarc.post(f"calendar/feeds/{own['appointment']}/revoke").status_code == 204
    assert Client().get(address).status_code == 404
