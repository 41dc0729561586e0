"""Inquiries, cases with limited information, previews and papers through the REST door, as a SARC does them."""

from base64 import b64decode
from datetime import timedelta

from reports import access, policy
from reports.election.papers.copies import copy_give, copy_request, hand_out_give
from reports.models import CopyRequest, HandOut, Identity, Paper
from tests.api.door import Door, refused, signatures
from tests.api.twins import alike, body
from tests.documents.reading import words
from tests.forms import NAMES, correct, election_again, filled, replace_lost, sign
from tests.times import T0
from tests.world import CANARIES, MEMBER, World

NOBODY = "7f2a81a4-4d5e-4f5a-9c5b-000000000000"


def test_cases_that_are_no_report(world: World) -> None:
    """TR-03 and TR-14: an inquiry by the victim's choice; a case of what the MCIO says, and nothing else."""
    door = Door(world.sarc)
    contact = world.decided()
    refused(
        door.post(f"cases/{contact.pk}/inquiry", {"at": (T0 + timedelta(days=1)).isoformat()}),
        422,
        "in_the_future",
    )
    assert door.done(f"cases/{contact.pk}/inquiry", {})["stands"] == "SRI"
    assert [each["id"] for each in door.read("inquiries")["items"]] == [str(contact.pk)]
    given = {"narrative": {"text": CANARIES["text"]}, "identity": {"name": CANARIES["name"]}}
    for wrong, code in (
        ({"installation": NOBODY}, "not_an_installation"),
        ({"installation": str(world.posts["stranger"].location_id)}, "not_an_installation"),
        ({"identity": {"name": "A\x00"}}, "control_characters"), ({"narrative": {"place": "hangar"}}, "unknown_value"),
    ):  # fmt: skip
        refused(door.post("limited-cases/open", given | wrong), 422, code)
    opened = door.done("limited-cases/open", given | {"installation": str(world.installation.pk)}, 201)
    assert (opened["stands"], opened["state"], opened["election"]) == ("OPEN_LIMITED_INFO", "contact", None)
    assert [each["id"] for each in door.read("limited-cases")["items"]] == [opened["id"]]
    refused(Door(world.va).post("limited-cases/open", given), 403, "not_your_role")
    with access.viewing(world.sarc):
        assert Identity.objects.filter(case_id=opened["id"]).count() == 1
    # No list opens what is sealed.
    shown = door.get("limited-cases").content.decode() + door.get("inquiries").content.decode()
    assert not any(each in shown for each in CANARIES.values())


def test_what_would_be_told_is_shown_before_it_is_signed(world: World) -> None:
    """TR-08: both previews in every word, on record; a conversion is sealed to the one that was read."""
    door = Door(world.sarc)
    contact, report = world.decided(), world.signed("restricted")
    answer = door.done(f"cases/{contact.pk}/eligibility/open")
    assert (answer["facts"], answer["decision"]["options"]["restricted"]["allowed"]) == (MEMBER, True)
    refused(Door(world.other_va).post(f"cases/{contact.pk}/eligibility/open"), 404, "not_found")
    told = {each["election"]: each for each in door.done(f"cases/{contact.pk}/election-preview")["items"]}
    assert set(told) == {"restricted", "unrestricted"}
    assert CANARIES["name"] in str(told["unrestricted"]["told"])
    assert CANARIES["name"] not in str(told["restricted"]["told"])
    path = f"cases/{report.case_id}"
    refused(door.post(f"{path}/election-preview"), 409, "already_signed")
    refused(Door(world.stranger).post(f"{path}/convert/prepare"), 404, "not_found")
    shown = door.done(f"{path}/convert/prepare")
    assert "The victim's commander" in {each["role"] for each in shown["offices"]}
    assert CANARIES["name"] in str(shown["told"])
    signed = signatures(T0)
    for wrong, status, code in (
        ({"confirmation": "0" * 64}, 409, "not_prepared"), ({"form": "DD 2911"}, 422, "unknown_form"),
        ({"remotely": True}, 409, "no_such_move"), ({"remotely": "yes"}, 422, "wrong_type"),
    ):  # fmt: skip
        refused(
            door.post(f"{path}/convert", signed | {"confirmation": shown["confirmation"]} | wrong),
            status,
            code,
        )
    given = signed | {"confirmation": shown["confirmation"], "form": "DD 2910-1", "remotely": True}
    assert door.done(f"{path}/convert", given)["stands"] == "CONVERTED"
    record = door.read(f"{path}/events?limit=100")["items"]
    assert next(each for each in record if each["kind"] == "report_converted")["details"] == {
        "means": "remote",
        "form": "DD 2910-1",
    }


def test_papers_are_signed_replaced_corrected_drawn_handed_out_and_copied(world: World) -> None:
    """TR-07, CK-20: each as by the services, in a case beside it; what was written opens in a document alone."""
    door = Door(world.sarc)
    case, twin = world.signed("unrestricted").case, world.signed("unrestricted").case
    path = f"cases/{case.pk}"
    sheets = {each["form"]: each for each in door.read(f"{path}/forms/to-sign?limit=100")["items"]}
    asked, given_out = sheets["DD 2910-2"], sheets["DD 2701"]
    assert (asked["signers"], bool(asked["questions"])) == (
        list(policy.paper_edition("DD 2910-2", T0.date()).signers),
        True,
    )
    written = body(filled("DD 2910-2"))
    for wrong, status, code in (
        ({"form": "DD 2910-1"}, 422, "replaces_a_form"), ({"form": "DD 1"}, 422, "unknown_form"),
        ({"form": "DD 2701", "edition": given_out["edition"]}, 422, "not_signed"),
        ({"edition": "1999-01-01"}, 422, "unknown_form"),
        ({"initials": {}}, 422, "initials_missing"), ({"answers": {"shoe": 1}}, 422, "unknown_field"),
        ({"signed_at": dict.fromkeys(asked["signers"], "yesterday")}, 422, "wrong_type"),
        ({"signed_at": dict.fromkeys(asked["signers"], "2026-03-02T15:00:00")}, 422, "naive_time"),
        ({"signed_at": dict.fromkeys(asked["signers"], "2026-03-04T15:00:00Z")}, 422, "in_the_future"),
    ):  # fmt: skip
        refused(door.post(f"{path}/forms/sign", {"form": "DD 2910-2"} | written | wrong), status, code)
    paper = door.done(f"{path}/forms/sign", {"form": "DD 2910-2"} | written, 201)
    row = sign(world, twin, "DD 2910-2")
    assert (paper["form"], paper["version"], paper["edition"]) == (row.form, row.version, row.edition)

    lost = door.done(f"{path}/forms/replace-lost", body(filled("DD 2910-1")) | {"remote": True}, 201)
    replace_lost(world, twin, remote=True)
    [first] = [each for each in door.read(f"{path}/forms")["items"] if each["form"] == "DD 2910"]
    assert (first["replaced"], first["newest"]) == (True, True)
    edition = policy.form_named("DD 2910", first["edition"])
    anew = body(election_again(edition, "unrestricted"))
    sheet = door.read(f"{path}/forms/{first['id']}")
    assert {each["key"] for each in sheet["acknowledgements"]} == set(anew["initials"])
    refused(door.post(f"{path}/forms/{first['id']}/correct", anew | {"reason": "mood"}), 422, "unknown_value")
    refused(door.post(f"{path}/forms/{NOBODY}/correct", anew | {"reason": "left_out"}), 404, "not_found")
    door.done(f"{path}/forms/{first['id']}/correct", anew | {"reason": "left_out"}, 201)
    refused(
        door.post(f"{path}/forms/{first['id']}/correct", anew | {"reason": "left_out"}),
        409,
        "corrected_already",
    )
    with access.viewing(world.sarc):
        original = twin.forms.get()
    correct(world, twin, original, **election_again(edition, "unrestricted"))
    versions = door.get(f"{path}/forms")
    assert [each["version"] for each in versions.json()["items"]] == [1, 1, 1, 2]
    assert NAMES["victim"] not in versions.content.decode()
    assert next(each for each in versions.json()["items"] if each["id"] == lost["id"])["remote"] is True

    for wrong, status, code in (
        ({"form": "DD 2910-2"}, 422, "not_given"), ({"form": "DD 1"}, 422, "unknown_form"),
        ({"given_to": "the press"}, 422, "unknown_value"), ({"at": "2026-03-03T15:00:00Z"}, 422, "in_the_future"),
    ):  # fmt: skip
        refused(
            door.post(f"{path}/hand-outs/give", {"form": "DD 2701", "given_to": "victim"} | wrong),
            status,
            code,
        )
    door.done(f"{path}/hand-outs/give", {"form": "DD 2701", "given_to": "victim"}, 201)
    hand_out_give(actor=world.sarc, case_id=twin.pk, form="DD 2701", given_to="victim", at=T0)
    assert [each["given_to"] for each in door.read(f"{path}/hand-outs")["items"]] == ["victim"]
    refused(door.post(f"{path}/copies/request", {"form": "DD 2910", "delivery": "fax"}), 422, "unknown_value")
    refused(
        door.post(f"{path}/copies/request", {"form": "DD 2910-4", "delivery": "in_person"}),
        409,
        "no_such_form",
    )
    wanted = door.done(f"{path}/copies/request", {"form": "DD 2910", "delivery": "in_person"}, 201)
    other = copy_request(actor=world.sarc, case_id=twin.pk, form="DD 2910", delivery="in_person", at=T0)
    assert door.done(f"{path}/copies/{wanted['id']}/give", {})["given_by"]["username"] == "sarc"
    copy_give(actor=world.sarc, case_id=twin.pk, request_id=other.pk, at=T0)
    refused(door.post(f"{path}/copies/{wanted['id']}/give", {}), 409, "given_already")
    assert [bool(each["given_at"]) for each in door.read(f"{path}/copies")["items"]] == [True]
    alike(world.sarc, case.pk, twin.pk)
    with access.viewing(world.sarc):
        for model in (Paper, HandOut, CopyRequest):
            assert model.objects.filter(case=case).count() == model.objects.filter(case=twin).count()

    file = door.done(f"{path}/forms/{paper['id']}/document")
    assert (file["type"], NAMES["advocate"] in words(b64decode(file["content"]))) == ("application/pdf", True)
    assert door.read(f"{path}/events?limit=2")["items"][0]["kind"] == "form_printed"
    refused(Door(world.stranger).post(f"{path}/forms/{paper['id']}/document"), 404, "not_found")
