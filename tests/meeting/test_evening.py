"""An evening of the group on one screen: in order, privately, by keyboard, to the minutes and what it opened."""

import re

from reports import access
from reports.casework.services import va_assign
from reports.models import Attendance, Meeting
from tests.desk.conftest import text
from tests.meeting.ways import another, called, line_of
from tests.signed_in import signed_in
from tests.times import T0

HERE = "2026-03-02T10:00"
QUESTIONS = (21, 23, 24, 25, 26, 27, 28, 29)


def test_cmg_12_an_evening_runs_on_one_screen_case_after_case(world, django_assert_max_num_queries):
    second = another(world)
    cases = [world.signed("unrestricted").case for _ in range(2)]
    foreign = world.signed("unrestricted", actor=second).case
    restricted = world.signed("restricted").case
    va_assign(actor=world.sarc, case_id=cases[0].pk, va=world.va, at=T0)
    va_assign(actor=world.sarc, case_id=cases[1].pk, va=world.other_va, at=T0)
    meeting = called(world)
    page = f"/admin/meetings/{meeting.pk}/evening/"
    sarc, chair, other = signed_in(world.sarc), signed_in(world.commander), signed_in(second)
    with django_assert_max_num_queries(40):
        shown = text(sarc.get(page))
    with access.viewing(world.commander):
        order = [each.number for each in meeting.lines.order_by("-carried_over", "number")]
    assert re.findall(r'data-test="case-\d+"><span class="number">(C-[^<]+)', shown) == order
    assert restricted.number not in shown
    # Who leaves and who comes in is said by name of one's own cases, and of nobody else's.
    places = {number: place for place, number in enumerate(order, 1)}
    first, then = sorted((places[each.number], each) for each in cases)
    names = {cases[0].pk: world.va.display_name, cases[1].pk: world.other_va.display_name}
    for place, case in (first, then):
        room = text(sarc.get(page, {"case": place})).split('data-test="room"')[1].split("</p>")[0]
        assert names[case.pk] in room
        if place > 1 and order[place - 2] in {each.number for each in cases}:
            assert f"Leaves now:</strong> {names[first[1].pk]}" in room
            assert f"Comes in:</strong> {names[then[1].pk]}" in room
    for client in (chair, sarc):
        room = (
            text(client.get(page, {"case": places[foreign.number]}))
            .split('data-test="room"')[1]
            .split("</p>")[0]
        )
        assert "Everybody else leaves" in room
        assert second.display_name not in room
    # A SARC who neither chairs nor co-chairs sees the line of their own case alone.
    assert [number in text(other.get(page)) for number in order] == [
        number == foreign.number for number in order
    ]
    assert "2 further cases" in text(other.get(page))
    for odd in ("0", "99", "x", "-1", "²"):
        assert sarc.get(page, {"case": odd}).status_code == 200
    assert signed_in(world.stranger).get(page).status_code == 404

    paper = text(sarc.get(f"/admin/meetings/{meeting.pk}/agenda/"))
    assert re.findall(r'<th scope="row">(C-[^<]+)', paper) == order
    for never in (world.va.display_name, "Unrestricted", "CMG-21", "limited"):
        assert never not in paper.split("<main")[1]

    # Held with its attendance ticked here; the first case comes, the field of its first question has the focus.
    hold = {
        "do": "hold", "held_at": HERE, "chair": str(world.commander.pk), "chair_seat": "installation_commander",
        "delegated": "no", "member_or_dod_civilian": "yes", "members": ["chaplain"], "present": [str(world.sarc.pk)],
    }  # fmt: skip
    refused = sarc.post(page, hold | {"delegated": "yes"})
    assert (refused.status_code, "Rule CMG-02" in text(refused)) == (409, True)
    assert 'data-test="hold"' not in text(chair.get(page))
    assert sarc.post(page, hold)["Location"] == f"{page}?case=1"
    with access.viewing(world.sarc):
        assert Meeting.objects.get().held_at == T0
        came = set(Attendance.objects.values_list("member", "present"))
    assert ("chaplain", True) in came
    assert ("installation_sarc", False) in came, "the SARC who was not ticked is kept as absent (CMG-07)"
    shown = text(sarc.get(page, {"case": 1}))
    assert re.search(r"<select[^>]*name=\"CMG-\d+\"[^>]*\sautofocus", shown)
    # Each save leads to the next case without minutes, and from the last one back to what is left.
    keep = {f"CMG-{number}": "done" for number in QUESTIONS}
    keep |= {
        "do": "keep",
        "told_by": "victims_va",
        "privileged": "no",
        "present": ["mcio"],
        "words": "Invented.",
    }
    refused = sarc.post(f"{page}?case=2", keep | {"privileged": "yes"})
    assert (refused.status_code, "Rule CMG-15" in text(refused), "Invented." in text(refused)) == (
        409,
        True,
        True,
    )
    went = [sarc.post(f"{page}?case={place}", keep)["Location"] for place in (2, 3, 1)]
    assert went == [f"{page}?case={place}" for place in (3, 1, 1)]
    shown = text(sarc.get(page, {"case": 1}))
    assert shown.count("✓") == 3
    # What the meeting opened, with its 72 hours: of one's own cases (CK-06).
    due = shown.split('data-test="opened"')[1]
    assert {each.number in due for each in cases} == {True}
    assert foreign.number not in due.split("</section>")[0]
    assert "in 3 days" in due
    assert "CK-06" in due
    assert line_of(world, meeting, foreign.pk).minuted, "the co-chair keeps them of every case (CMG-26)"
