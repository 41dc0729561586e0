"""The Case Management Group, victims who move and people who leave, through the REST door as a SARC does it."""

from datetime import timedelta

from accounts.models import Appointment
from accounts.services import appointment_end
from reports import access
from reports.models import Assignment, Attendance, Case, HandOver, Meeting, Minutes
from tests.api.door import Door, refused
from tests.election.test_closing_from_above import above, ready
from tests.meeting.ways import WORDS, another, answered, line_of
from tests.times import T0
from tests.world import World


def test_a_meeting_from_its_call_to_the_minutes(world: World) -> None:
    """CK-05: called, its agenda read, another takes the seat, held, minutes kept, once, and opened by who may."""
    case, second = world.signed("unrestricted").case, another(world)
    door, other, chair = Door(world.sarc), Door(second), Door(world.commander)
    call = {
        "installation_id": str(world.installation.pk),
        "scheduled_at": (T0 + timedelta(days=1)).isoformat(),
    }
    meeting = door.done("meetings/call", call, 201)
    assert (meeting["kind"], meeting["co_chair"]["username"]) == ("monthly", "sarc")
    refused(door.post("meetings/call", call), 409, "already_called")
    elsewhere = call | {"installation_id": str(world.posts["stranger"].location_id)}
    refused(door.post("meetings/call", elsewhere), 422, "not_an_installation")
    path = f"meetings/{meeting['id']}"
    [line] = chair.read(f"{path}/agenda")["items"]
    assert (line["number"], line["outcome"]) == (case.number, None)
    assert other.done(f"{path}/take-seat")["co_chair"]["username"] == second.username
    hold = {
        "chair": "commander", "chair_seat": "installation_commander", "delegated": False,
        "member_or_dod_civilian": True, "present": ["sarc"], "members": ["mcio"],
    }  # fmt: skip
    refused(door.post(f"{path}/hold", hold), 409, "not_co_chair")
    for wrong, code in (
        ({"chair": "nobody"}, "may_not_chair"), ({"chair": "sarc"}, "may_not_chair"),
        ({"chair_seat": "throne"}, "unknown_value"), ({"members": ["barber"]}, "unknown_value"),
        ({"present": ["nobody"]}, "unknown_value"), ({"present": ["commander"]}, "unknown_value"),
        ({"at": (T0 + timedelta(hours=1)).isoformat()}, "in_the_future"),
    ):  # fmt: skip
        answer = other.post(f"{path}/hold", hold | wrong)
        refused(answer, answer.status_code, code)
    assert other.done(f"{path}/hold", hold)["held_at"] == "2026-03-02T15:00:00.000000Z"
    whole = chair.read(path)
    assert [each["person"] and each["person"]["username"] for each in whole["attendance"] if each["present"]]
    with access.viewing(world.sarc):
        row = Meeting.objects.get()
        assert (row.chair, row.co_chair, row.held_at) == (world.commander, second, T0)
        came = {each.member for each in Attendance.objects.filter(present=True)}
        assert came == {"installation_commander", "installation_sarc", "mcio"}

    here = f"agenda-lines/{line['id']}"
    asked = door.read(here)
    assert (asked["outcome"], asked["minutes"]) == ("reviewed", None)
    kept = {
        "answers": {each["rule"]: "done" for each in asked["questions"]}, "told_by": "victims_va",
        "privileged": False, "present": ["victims_va", "mcio"], "words": WORDS,
    }  # fmt: skip
    assert kept["answers"] == answered(line_of(world, row, case.pk))
    refused(door.post(f"{here}/minutes", kept | {"privileged": True}), 409, "not_for_the_group")
    door.done(f"{here}/minutes", kept, 201)
    refused(door.post(f"{here}/minutes", kept), 409, "minutes_kept")
    shown = door.get(here)
    assert shown.json()["minutes"]["kept_by"]["username"] == "sarc"
    assert WORDS not in shown.content.decode()
    assert door.done(f"{here}/minutes/open") == {"words": WORDS}
    # Chair and co-chair see that there are minutes and nothing of them.
    assert (chair.read(here)["minuted"], chair.read(here)["minutes"]) == (True, None)
    refused(other.post(f"{here}/minutes/open"), 404, "not_found")
    refused(chair.post(f"{here}/minutes/open"), 403, "not_your_role")
    with access.viewing(world.sarc):
        row = Minutes.objects.get()
        assert (row.answers, row.told_by, row.present) == (
            kept["answers"],
            "victims_va",
            ["mcio", "victims_va"],
        )
    assert [each["meeting"] for each in door.read(f"cases/{case.pk}/meetings")["items"]] == [meeting["id"]]


def test_people_move(world: World) -> None:
    """MV-01 to MV-07: asked, offered, taken back, offered again, accepted; followed, confirmed, handed over."""
    case, second = world.signed("restricted").case, another(world)
    door, there, path = Door(world.sarc), Door(world.stranger), f"cases/{case.pk}"
    refused(door.post(f"{path}/move-consent", {"consents": True}), 409, "nobody_moves")
    door.done(f"{path}/relocate", {"reason": "move"}, 201)
    door.done(f"{path}/move-consent", {"consents": True}, 201)
    [to] = door.read(f"{path}/moves/to")["items"]
    given = {"to": to["sarc"]["username"], "installation_id": to["installation"]["id"]}
    for name in ("nobody", "commander"):
        # No directory: a name that is nobody's is refused like one that is no SARC's there.
        refused(door.post(f"{path}/moves/offer", given | {"to": name}), 409, "no_certificate")
        refused(there.post(f"{path}/moves/offer", given | {"to": name}), 404, "not_found")
    move = door.done(f"{path}/moves/offer", given, 201)
    refused(door.post(f"{path}/moves/offer", given), 409, "already_offered")
    assert door.done(f"{path}/moves/{move['id']}/withdraw")["state"] == "withdrawn"
    move = door.done(f"{path}/moves/offer", given, 201)
    assert [each["state"] for each in door.read(f"{path}/moves")["items"]] in (
        ["offered", "withdrawn"], ["withdrawn", "offered"],
    )  # fmt: skip
    [offer] = there.read("offers")["items"]
    assert (offer["id"], offer["election"]) == (move["id"], "restricted")
    assert str(case.pk) not in str(offer)
    assert case.number not in str(offer)
    refused(Door(second).post(f"offers/{move['id']}/accept", {}), 404, "not_found")
    taken = there.done(f"offers/{move['id']}/accept", {"acts_as_va": True})
    assert (taken["case"], taken["state"]) == (str(case.pk), "accepted")
    refused(there.post(f"offers/{move['id']}/reject"), 409, "already_decided")
    refused(door.get(path), 404, "not_found")
    with access.viewing(world.stranger):
        assert Case.objects.get(pk=case.pk).installation_id == world.posts["stranger"].location_id
        assert Assignment.objects.get(case=case, ended_at=None).user == world.stranger

    case = world.signed("restricted").case
    path = f"cases/{case.pk}"
    change = {"role": "sarc", "leaves": "sarc", "follows": second.username, "originals": "safe"}
    for wrong, code in (
        ({"follows": "nobody"}, "no_certificate"), ({"leaves": "nobody"}, "does_not_hold_it"),
        ({"role": "cook"}, "unknown_value"), ({"originals": "attic"}, "unknown_value"),
        ({"reason": "whim"}, "unknown_value"),
    ):  # fmt: skip
        answer = door.post(f"{path}/hand-over", change | wrong)
        refused(answer, answer.status_code, code)
    row = door.done(f"{path}/hand-over", change | {"reason": "not_available"}, 201)
    assert (row["number"], row["follows"]["username"]) == (case.number, second.username)
    refused(door.get(path), 404, "not_found")
    follower, confirms = Door(second), Door(another(world))
    refused(follower.post(f"{path}/victim-handed-over"), 409, "originals_unconfirmed")
    refused(confirms.post(f"handovers/{row['id']}/confirm", {"originals": "cabinet"}), 409, "lies_elsewhere")
    assert [each["id"] for each in confirms.read("handovers")["items"]] == [row["id"]]
    confirms.done(f"handovers/{row['id']}/confirm", {"originals": "safe"})
    follower.done(f"{path}/victim-handed-over", None, 201)
    assert follower.read(f"{path}/handovers")["items"][0]["confirmed_at"]
    people = follower.read(f"{path}/people")["items"]
    # Both came at the instant at which the clock is held: either may stand first.
    assert {(each["person"]["username"], bool(each["ended_at"])) for each in people} >= {("sarc", True)}
    with access.viewing(second):
        kept = HandOver.objects.get(case=case)
        assert (kept.originals, kept.leaves, kept.follows) == ("safe", world.sarc, second)


def test_a_case_that_nobody_holds_and_one_that_is_closed_from_above(world: World) -> None:
    """MV-05: taken over without choosing; CL-5: closed by its number, or the same answer as for none."""
    case, second = ready(world), another(world)
    chief, door = Door(above(world)), Door(second)
    refused(door.post("take-over", {"installation_id": str(world.installation.pk)}), 409, "nothing_to_take")
    appointment_end(appointment=Appointment.objects.get(user=world.sarc), actor=world.manager, at=T0)
    [place] = Door(world.manager).read("without-sarc")["items"]
    assert (place["place"]["name"], place["cases"]) == ("Camp Sample", 1)
    assert door.read("leaving")["items"] == []
    taken = door.done("take-over", {"installation_id": str(world.installation.pk)})
    assert taken == {"case": str(case.pk)}
    assert door.read(f"cases/{case.pk}")["stands"] == "UNRESTRICTED_OPEN"
    refused(chief.post("close-from-above", {"number": "C-1"}), 422, "bad_control_number")
    assert chief.done("close-from-above", {"number": case.number}) == {"closed": True}
    assert chief.done("close-from-above", {"number": case.number}) == {"closed": False}
    assert door.read(f"cases/{case.pk}")["stands"] == "CLOSED"
    assert Door(world.manager).read("lateness")["items"] == []
