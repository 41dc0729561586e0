"""The whole way by the pages: a meeting called, held and minuted; a case moved, handed over and taken over."""

from accounts.models import Appointment
from accounts.services import appointment_end
from reports import access
from reports.models import Attendance, Case, HandOver, Meeting, Move
from tests.desk.conftest import once_token, text
from tests.meeting.ways import another, kinds_of, line_of
from tests.times import T0

HERE = "2026-03-02T10:00"


def told(answer) -> str:
    return text(answer).split('data-test="errors"')[-1]


def test_a_meeting_by_its_pages_from_the_call_to_the_minutes(world, sign_in):
    case = world.signed("unrestricted").case_id
    sarc, chair = sign_in(world.sarc), sign_in(world.commander)
    assert "not called yet" in text(sarc.get("/admin/"))
    call = {"installation": str(world.installation.pk), "scheduled_at": HERE, "kind": "monthly"}
    address = sarc.post("/admin/meetings/new/", call)["Location"]
    again = sarc.post("/admin/meetings/new/", call)
    assert (again.status_code, "Rule CK-05" in told(again)) == (409, True)
    assert chair.post("/admin/meetings/new/", call).status_code == 403
    for person in (sarc, chair):
        assert "What is asked (" in text(person.get(address))
    hold = {
        "do": "hold", "held_at": "2026-03-02T10:01", "chair": str(world.commander.pk), "delegated": "no",
        "chair_seat": "deputy_commander", "member_or_dod_civilian": "yes", "members": ["chaplain"],
    }  # fmt: skip
    assert "It was held" not in text(chair.get(address))
    for wrong, status, says in (
        ({}, 422, "Rule CK-05"),
        ({"delegated": "yes", "held_at": HERE}, 409, "Rule CMG-02"),
        ({"chair": ""}, 422, "This is needed"),
        ({"left_over": ["x"]}, 422, "left_over"),
    ):
        answer = sarc.post(address, hold | wrong)
        assert (answer.status_code, says in text(answer)) == (status, True), wrong
    assert chair.post(address, hold | {"held_at": HERE}).status_code == 403
    with access.viewing(world.sarc):
        assert Meeting.objects.get().held_at is None
    hold |= {"held_at": HERE, "once": once_token(sarc.get(address))}
    assert [sarc.post(address, hold)["Location"] for _ in range(2)] == [address, address]
    with access.viewing(world.sarc):
        meeting = Meeting.objects.get()
        assert (meeting.held_at, Attendance.objects.count()) == (T0, 3)
    assert kinds_of(world.sarc, case).count("cmg_held") == 1
    page = f"/admin/meetings/lines/{line_of(world, meeting, case).pk}/"
    keep = {f"CMG-{number}": "open" for number in (21, 23, 24, 25, 26, 27, 28, 29)}
    keep |= {
        "do": "keep",
        "told_by": "victims_va",
        "privileged": "no",
        "present": ["mcio"],
        "words": "Invented.",
    }
    refused = sarc.post(page, keep | {"privileged": "yes"})
    assert (refused.status_code, "Rule CMG-15" in told(refused), "Invented." in text(refused)) == (
        409,
        True,
        True,
    )
    assert sarc.post(page, keep).status_code == 302
    shown = text(sarc.get(page))
    assert ("Still open" in shown, "Invented." in shown) == (True, False)
    assert "Invented." in text(sarc.post(page, {"do": "read"}))
    assert "minutes are kept. Who works on the case reads them" in text(chair.get(page))


def test_a_case_moves_by_its_pages_and_is_handed_over_and_taken_over(world, sign_in):
    case, second = world.signed("restricted").case_id, another(world)
    sarc, gaining, manager = sign_in(world.sarc), sign_in(world.stranger), sign_in(world.manager)
    page, there = f"/admin/cases/{case}/relocate/", world.posts["stranger"].location_id
    offer = {"do": "offer", "to": f"{there} {world.stranger.pk}"}
    refused = sarc.post(page, offer)
    assert (refused.status_code, "Rule MV-01" in text(refused)) == (409, True)
    for step in ({"do": "moves", "reason": "move"}, {"do": "consent", "answer": "yes"}, offer):
        assert sarc.post(page, step).status_code == 302, step
    with access.viewing(world.sarc):
        move = Move.objects.get().pk
    assert "1 case offered to you" in text(gaining.get("/admin/"))
    # Who offered it has its state on their own page; this one is the addressee's.
    assert sarc.get(f"/admin/moves/{move}/").status_code == 404
    assert gaining.post(f"/admin/moves/{move}/", {"answer": ""}).status_code == 422
    assert sarc.post(page, {"do": "withdraw", "id": str(move)}).status_code == 302
    gone = gaining.post(f"/admin/moves/{move}/", {"answer": "accept"})
    assert (gone.status_code, "Rule MV-02" in text(gone)) == (409, True)
    assert sarc.post(page, offer).status_code == 302
    with access.viewing(world.sarc):
        move = Move.objects.get(state="offered").pk
    assert gaining.post(f"/admin/moves/{move}/", {"answer": "accept"})["Location"] == f"/admin/cases/{case}/"
    assert (gaining.get(page).status_code, sarc.get(page).status_code) == (200, 404)

    case = world.signed("restricted").case_id
    page = f"/admin/cases/{case}/hand-over/"
    change = {
        "do": "change",
        "leaves": f"sarc {world.sarc.pk}",
        "follows": f"sarc {second.pk}",
        "originals": "",
    }
    refused = sarc.post(page, change)
    assert (refused.status_code, "Rule MV-06" in text(refused)) == (422, True)
    assert sarc.post(page, change | {"originals": "safe"})["Location"] == "/admin/handovers/"
    next_sarc = sign_in(second)
    refused = next_sarc.post(page, {"do": "handed"})
    assert (refused.status_code, "Rule MV-06" in text(refused)) == (409, True)
    with access.viewing(second):
        row = HandOver.objects.get()
    assert row.number in text(manager.get("/admin/handovers/"))
    assert manager.post(f"/admin/handovers/{row.pk}/", {"originals": "safe"}).status_code == 302
    assert next_sarc.post(page, {"do": "handed"}).status_code == 302

    left = world.contact().pk
    appointment_end(appointment=Appointment.objects.get(user=world.sarc), actor=world.manager, at=T0)
    take = {"do": "take", "id": str(world.installation.pk)}
    assert manager.post("/admin/handovers/", take).status_code == 403
    assert next_sarc.post("/admin/handovers/", take)["Location"] == f"/admin/cases/{left}/"
    refused = next_sarc.post("/admin/handovers/", take)
    assert (refused.status_code, "Rule MV-05" in text(refused)) == (409, True)
    with access.viewing(second):
        assert Case.objects.filter(pk=left).exists()
