"""Holds and erasures at the desk."""

import re
from uuid import uuid4

from reports.erasure import services
from reports.erasure.models import Erasure
from tests.desk.conftest import once_token, sarc, sign_in, text  # noqa: F401  the signed-in browsers
from tests.erasure.conftest import left_without_signing
from tests.times import T0


def send(client, url, **data):
    page = client.get(url)
    return client.post(url, {"once": once_token(page), **data}, follow=True)


def test_a_hold_is_placed_and_lifted_on_the_cases_page(world, sarc) -> None:  # noqa: F811
    case = left_without_signing(world)
    page = f"/admin/cases/{case.pk}/keeping/"
    assert 'data-test="link-keeping"' in text(sarc.get(f"/admin/cases/{case.pk}/"))
    assert 'data-test="propose"' in text(sarc.get(page))
    answer = send(sarc, page, do="place", reason="appeal")
    assert 'data-test="propose"' not in text(answer)
    assert "Nothing of this case can be destroyed" in text(answer)
    answer = send(sarc, page, do="propose", nothing_open="on", for_ever="on")
    assert answer.status_code == 409
    assert "hold is open" in text(answer)
    assert not Erasure.objects.exists()
    with_id = text(sarc.get(page)).split('name="id" value="')[1].split('"')[0]
    assert "The hold is lifted." in text(send(sarc, page, do="lift", id=with_id))
    for odd in ("", "not-an-id", str(uuid4())):
        assert sarc.post(page, {"do": "lift", "id": odd}).status_code == 404
    assert "one of the steps" in text(sarc.post(page, {"do": "burn"}))


def test_it_is_proposed_read_and_decided_by_two_persons(world, sarc, sign_in) -> None:  # noqa: F811
    case = left_without_signing(world)
    page = f"/admin/cases/{case.pk}/keeping/"
    assert send(sarc, page, do="propose", nothing_open="on").status_code == 422
    assert "waits for a programme manager" in text(
        send(sarc, page, do="propose", nothing_open="on", for_ever="on")
    )
    manager = sign_in(world.manager)
    listed = text(manager.get("/admin/erasures/"))
    assert case.number in listed
    assert "Erasures that wait" in text(manager.get("/admin/"))
    address = re.search(r'href="(/admin/erasures/[0-9a-f-]{36}/)"', listed)[1]
    answer = send(manager, address, decision="approve", confirm="on")
    assert "Approved." in text(answer)
    assert "waits for whoever runs the system" in text(sarc.get(page))


def test_who_reaches_which_page(world, sarc, sign_in) -> None:  # noqa: F811
    case = left_without_signing(world)
    row = services.erasure_propose(actor=world.sarc, case_id=case.pk, at=T0)
    pages = (f"/admin/cases/{case.pk}/keeping/", "/admin/erasures/", f"/admin/erasures/{row.pk}/")
    wanted = {
        "sarc": [200, 403, 403],
        "stranger": [404, 403, 403],
        "va": [403, 403, 403],
        "manager": [403, 200, 200],
        "commander": [403, 403, 403],
    }
    found = {who: [sign_in(getattr(world, who)).get(page).status_code for page in pages] for who in wanted}
    assert found == wanted
    assert sign_in(world.manager).get(f"/admin/erasures/{uuid4()}/").status_code == 404


def test_the_page_of_a_signed_report_says_until_when_it_is_kept_and_by_which_rule(world, sarc) -> None:  # noqa: F811
    case = world.signed("restricted").case
    page = text(sarc.get(f"/admin/cases/{case.pk}/keeping/"))
    assert "kept until 02 March 2076" in page
    assert "(Rule RT-4)" in page
    assert 'data-test="propose"' not in page
