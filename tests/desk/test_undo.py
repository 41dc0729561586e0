"""What was done a moment ago and may be taken back has its button beside the message, once; and it is taken back."""

import re

from reports import access
from reports.erasure.models import Hold
from reports.evidence.custody_models import Custody, HopState
from tests.evidence.conftest import Room
from tests.signed_in import signed_in

OFFERED = re.compile(r'<form method="post" action="([^"]+)" data-test="undo">(.*?)</form>', re.S)
FIELD = re.compile(r'<input type="hidden" name="(do|id)" value="([^"]*)">')


def undone(client, address: str, data: dict[str, str]) -> str:
    """Do it, take it back by the button that the next page offers, and return what the page says then."""
    page = client.post(address, data, follow=True).content.decode()
    ((where, form),) = OFFERED.findall(page)
    assert not OFFERED.findall(client.get(address).content.decode()), "offered a second time"
    return client.post(where, dict(FIELD.findall(form)), follow=True).content.decode()


def test_a_hold_and_an_offer_are_taken_back_by_the_button_beside_the_message(world) -> None:
    room = Room.build(world)
    kit, _ = room.sealed("restricted")
    sarc, here = signed_in(world.sarc), f"/admin/cases/{kit.case_id}/"
    assert "The hold is lifted." in undone(sarc, f"{here}keeping/", {"do": "place", "reason": "appeal"})
    page = sarc.get(f"{here}evidence/{kit.pk}/").content.decode()
    to = re.search(r'value="(custodian\.store\.[^"]+)"', page)[1]
    given = {"do": "hand", "to": to, "seal_intact": "on", "condition": "good"}
    assert "Taken back." in undone(sarc, f"{here}evidence/{kit.pk}/", given)
    with access.viewing(world.sarc):
        assert Hold.objects.get().lifted_at
        assert Custody.objects.get().state != HopState.OFFERED
    # What nothing takes back offers nothing.
    noted = sarc.post(f"{here}evidence/{kit.pk}/", {"do": "item", "kind": "clothing"}, follow=True)
    assert not OFFERED.findall(noted.content.decode())
