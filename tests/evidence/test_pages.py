"""The pages of evidence: the SARC's kit page, and the holder's by number alone."""

import re

import pytest

from reports import access
from reports.models import Custody
from tests.signed_in import signed_in
from tests.world import CANARIES


def text(answer) -> str:
    return answer.content.decode()


def usable(answer) -> str:
    """The page, after a look whether every control has a label and every id stands once."""
    page = text(answer)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for control in re.findall(r"<(?:input|select|textarea)\b[^>]*>", page):
        if 'type="hidden"' not in control and not control.endswith(" hidden>"):
            own = re.search(r'\sid="([^"]+)"', control)[1]
            assert f'for="{own}"' in page
    assert "Evidence" in page or "Kit" in page
    assert not [value for value in CANARIES.values() if value in page]
    return page


@pytest.fixture
def paths(world, room):
    """A sealed Restricted kit, and its address on either side."""
    kit, number = room.sealed("restricted")
    return kit, number, f"/admin/cases/{kit.case_id}/evidence/{kit.pk}/", f"/admin/held/{kit.card_id}/"


def test_a_kit_goes_from_the_sarc_to_the_custodian_and_back_by_the_pages(world, room, paths):
    kit, number, ours, theirs = paths
    sarc, custodian, second = (signed_in(each) for each in (world.sarc, room.custodian, room.second))
    page = usable(sarc.get(ours))
    to = re.search(r'value="(custodian\.store\.[^"]+)"', page)[1]
    said = text(
        sarc.post(ours, {"do": "hand", "to": to, "seal_intact": "on", "condition": "good"}, follow=True)
    )
    assert "it changes hands when the receiver signs" in said
    assert "already" in text(
        sarc.post(ours, {"do": "hand", "to": to, "condition": "good", "seal_intact": "on"})
    )
    waiting = usable(custodian.get("/admin/held/"))
    assert number in waiting
    with access.viewing(room.custodian):
        hop = Custody.objects.get()
    answer = {"do": "accept", "id": hop.pk, "seal_intact": "on", "condition": "good"}
    assert "Both sides have signed" in text(custodian.post("/admin/held/", answer, follow=True))
    for page in (usable(custodian.get("/admin/held/")), usable(custodian.get(theirs))):
        assert number in page
        assert str(kit.case_id) not in page
        assert str(kit.pk) not in page
    find = {"do": "find", "number": number.lower()}
    assert custodian.post("/admin/held/", find)["Location"] == theirs
    wrong = custodian.post(
        "/admin/held/", {"do": "find", "number": number[:-1] + ("0" if number[-1] != "0" else "1")}
    )
    assert (wrong.status_code, "misread" in text(wrong)) == (422, True)
    assert "Noted." in text(custodian.post(theirs, {"do": "stage", "stage": "freezer"}, follow=True))
    assert "held back" in text(custodian.post(theirs, {"do": "hold", "reason": "appeal"}, follow=True))
    assert "In the freezer" in usable(sarc.get(ours))
    back = {"do": "hand", "to": "sarc.give_back.", "condition": "wet"}
    assert custodian.post(theirs, back).status_code == 302
    assert "Take the offer back" in text(second.get(theirs))
    with access.viewing(world.sarc):
        hop = Custody.objects.get(hop=2)
    page = text(
        sarc.post(ours, {"do": "accept", "id": hop.pk, "seal_intact": "on", "condition": "wet"}, follow=True)
    )
    assert "You have the kit" in page
    assert custodian.get(theirs).status_code == 404


def test_labels_items_and_the_list_of_what_ends_are_on_the_sarcs_pages(world, room, paths):
    kit, number, ours, _ = paths
    sarc = signed_in(world.sarc)
    drawn = sarc.post(ours, {"do": "pdf"})
    assert (drawn["Content-Type"], drawn.content[:5]) == ("application/pdf", b"%PDF-")
    assert number in text(sarc.post(ours, {"do": "zpl"}))
    assert "Noted." in text(sarc.post(ours, {"do": "item", "kind": "clothing"}, follow=True))
    item = re.search(r'name="id" value="([^"]+)"', usable(sarc.get(ours)))[1]
    refusal = text(sarc.post(ours, {"do": "ask", "id": item}))
    assert "DD 2910-3" in refusal
    assert "asked back" in text(sarc.post(ours, {"do": "ask", "id": item, "on_dd_2910_3": "on"}, follow=True))
    assert "None." in usable(sarc.get("/admin/kits/"))
    assert "Choose one of the steps" in text(sarc.post(ours, {"do": "burn"}))
    strange = f"/admin/cases/{kit.case_id}/evidence/{kit.card_id}/"
    assert "not a kit of this case" in text(sarc.get(strange))


def test_each_side_reaches_its_own_pages_only(world, room, paths):
    _, _, ours, theirs = paths
    for who, address, status in (
        (room.custodian, ours, 403),
        (world.stranger, ours, 404),
        (world.sarc, "/admin/held/", 403),
        (world.sarc, theirs, 403),
        (world.mcio, "/admin/held/", 200),
        (world.mcio, theirs, 404),
        (room.custodian, theirs, 404),
    ):
        assert signed_in(who).get(address).status_code == status, (who.username, address)
