"""By REST as by the desk: exceptions and leaks, CATCH, and who knew what."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from reports import access
from reports.disclosure.models import Disclosure
from reports.ledger.models import Event
from sapr import clock
from tests.api.beside import same
from tests.api.door import Door, refused
from tests.signed_in import signed_in
from tests.times import T0

PROPOSED = {
    "exception": "EX-2",
    "answers": {"threat_serious": True, "threat_imminent": True},
    "scope": ["identity", "contact"],
    "recipient": "law_enforcement",
}
ADVICE = {"office": "staff_judge_advocate", "privilege": "excepted"}


def wall(case) -> str:
    """The clock on the wall at the beginning, as the desk's forms take it."""
    return T0.astimezone(ZoneInfo(case.installation.zone)).strftime("%Y-%m-%dT%H:%M")


def kinds(world, case) -> list[str]:
    with access.viewing(world.sarc):
        return list(Event.objects.filter(case_id=case.pk).order_by("seq").values_list("kind", flat=True))


def test_an_exception_goes_its_steps_and_in_doubt_over_the_commander(world):
    case = world.signed("restricted").case
    sarc, commander, base = Door(world.sarc), Door(world.commander), f"cases/{case.pk}"
    desk = {"do": "propose", **PROPOSED, "threat_serious": "on", "threat_imminent": "on", "at": wall(case)}
    del desk["answers"]
    client = signed_in(world.sarc)
    same(
        world,
        lambda: sarc.done(f"{base}/disclosures/propose", PROPOSED, 201),
        lambda: client.post(f"/admin/cases/{case.pk}/exceptions/", desk),
        "sarc",
    )
    refused(sarc.post(f"{base}/disclosures/propose", PROPOSED | {"exception": "EX-9"}), 422, "unknown_value")
    refused(
        sarc.post(f"{base}/disclosures/propose", PROPOSED | {"answers": {"x": True}}), 422, "unknown_field"
    )
    first = sarc.done(f"{base}/disclosures/propose", PROPOSED, 201)
    assert (first["state"], first["scope"], first["made_at"]) == ("proposed", ["identity", "contact"], None)
    one = f"{base}/disclosures/{first['id']}"
    refused(sarc.post(f"{one}/tell"), 409, "out_of_turn")
    assert sarc.done(f"{one}/advise", ADVICE | {"advice": "agree"})["state"] == "advised"
    told = {"fields": ["identity"], "minimum_only": True, "recipient_needs_to_know": True}
    refused(sarc.post(f"{one}/make", told | {"fields": ["narrative"]}), 422, "beyond_the_exception")
    assert sarc.done(f"{one}/make", told)["fields_told"] == ["identity"]
    clock.move(T0 + timedelta(hours=1), hold=True)
    assert sarc.done(f"{one}/tell", {"at": T0.isoformat()})["told_at"] == "2026-03-02T15:00:00.000000Z"
    # In doubt the commander decides, on words of lists alone.
    second = sarc.done(f"{base}/disclosures/propose", PROPOSED | {"scope": ["narrative"]}, 201)
    doubted = sarc.done(f"{base}/disclosures/{second['id']}/advise", ADVICE | {"advice": "doubt"})
    assert (doubted["state"], doubted["post"]) == ("undecided", world.posts["commander"].title)
    [row] = commander.read("exceptions")["items"]
    assert "case" not in row
    read = commander.read(f"exceptions/{row['id']}")
    assert read["parts"][0]["heading"] == "The exception"
    assert case.number not in str(read)
    assert str(case.pk) not in str(read)
    assert (
        commander.done(f"exceptions/{row['id']}/decide", {"decision": "withhold"})["decision"] == "withhold"
    )
    refused(
        commander.post(f"exceptions/{row['id']}/decide", {"decision": "disclose"}), 409, "already_decided"
    )
    listed = sarc.read(f"{base}/disclosures?limit=1")
    assert [each["state"] for each in listed["items"]] == ["withheld"]
    rest = sarc.read(f"{base}/disclosures?limit=1&cursor={listed['next']}")
    assert [each["state"] for each in rest["items"]] == ["told"]
    with access.viewing(world.sarc):
        assert Disclosure.objects.get(pk=first["id"]).answers == PROPOSED["answers"]
    # A leak.
    leak = sarc.done(f"{base}/leaks/find", {"reached": ["commander"]}, 201)["leak"]
    assert sarc.done(f"{base}/leaks/{leak}/hand-on")["event"]
    [found] = sarc.read(f"{base}/leaks")["items"]
    assert (found["reached"], found["handed_on_at"] is None) == (["commander"], False)
    assert {"leak_found", "leak_handed_on"} <= set(kinds(world, case)[-4:])


def test_catch_from_joining_to_a_match_and_what_is_sealed_opens_by_a_post_that_is_an_event(world):
    case = world.signed("restricted").case
    sarc, va, base = Door(world.sarc), Door(world.va), f"cases/{case.pk}/catch"
    sarc.done(f"cases/{case.pk}/va", {"va": "va"}, 201)
    joining = {
        "answers": {"entry_names_victim": False},
        "form_signed": False,
        "consents": True,
        "details": "By mail.",
    }
    client = signed_in(world.sarc)
    desk = {
        "do": "join",
        "entry_names_victim": "no",
        "consents": "yes",
        "details": "By mail.",
        "at": wall(case),
    }
    same(
        world,
        lambda: sarc.done(f"{base}/join", joining, 201),
        lambda: client.post(f"/admin/{base}/", desk),
        "sarc",
    )
    sarc.done(f"{base}/explain", None, 201)
    refused(sarc.post(f"{base}/join", joining | {"answers": {}}), 422, "missing")
    entry = sarc.done(f"{base}/join", joining, 201)
    refused(sarc.post(f"{base}/join", joining), 409, "already_joined")
    issued = sarc.done(f"{base}/credentials", {"user_name": "entry-77"}, 201)
    refused(va.post(f"{base}/credentials", {"user_name": "x"}), 403, "not_your_role")
    used = f"{base}/credentials/{issued['id']}"
    assert sarc.done(f"{used}/use") == {"ended": False}
    match = sarc.done(f"{base}/matches", None, 201)["match"]
    state = sarc.read(base)
    assert [each["id"] for each in state["entries"]] == [entry["id"]]
    assert state["wish"]["consents"] is True
    assert (state["credentials"][0]["logins"], state["matches"][0]["told_at"]) == (1, None)
    # Nothing sealed stands in it, and the SAPR VA sees no credentials.
    assert not {"By mail.", "entry-77"} & set(str(state).split("'"))
    assert va.read(base)["credentials"] == []
    before = len(kinds(world, case))
    refused(sarc.post(f"{base}/details", {"purpose": "curiosity"}), 422, "unknown_value")
    assert len(kinds(world, case)) == before
    assert va.done(f"{base}/details", {"purpose": "case_work"}) == {"details": "By mail."}
    assert sarc.done(f"{used}/user-name", {"purpose": "case_work"}) == {"user_name": "entry-77"}
    refused(va.post(f"{used}/user-name", {"purpose": "case_work"}), 403, "not_your_role")
    with access.viewing(world.sarc):
        looks = list(Event.objects.filter(case_id=case.pk, kind="sealed_opened").order_by("-seq")[:2])
    assert [(each.actor_id, each.data["purpose"]) for each in looks] == [
        (world.sarc.pk, "case_work"), (world.va.pk, "case_work"),
    ]  # fmt: skip
    sarc.done(f"{base}/matches/{match}/tell", {"only_details_given": True})
    assert sarc.post(f"{used}/close").status_code == 204
    refused(sarc.post(f"{used}/close"), 409, "credentials_ended")
    assert sarc.done(f"{base}/wish", {"consents": False})["consents"] is False
    assert sarc.done(f"{base}/leave")["left_at"] is not None
    assert kinds(world, case)[-1] == "catch_left"


def test_who_knew_what_is_read_by_the_sarc_of_the_case_and_the_look_stands_in_it(world):
    case = world.signed("restricted").case
    sarc = Door(world.sarc)
    first = sarc.done(f"cases/{case.pk}/who-knew", {})
    assert first["last_event"] == first["lines"][0]["event"]
    assert (first["lines"][0]["how"], first["lines"][0]["who"]["name"]) == ("looked", world.sarc.display_name)
    assert kinds(world, case)[-1] == "knowledge_shown"
    assert {"sort", "name", "role", "holders"} == set(first["known"][0]["who"])
    assert all(rule["sentence"] for line in first["lines"] for rule in line["rules"])
    older = sarc.done(f"cases/{case.pk}/who-knew", {"before": 3})
    assert all(line["event"] < 3 for line in older["lines"])
