"""The way to finer words by the pages: shown, proposed, decided by the second person, released, withdrawn."""

import re

from notifications.models import Notice
from reports import access
from tests.finer.ways import waiting
from tests.signed_in import signed_in
from tests.times import T0


def test_dn_27_the_pages_lead_from_the_words_to_the_release(world) -> None:
    notice = waiting(world)
    sarc, manager = signed_in(world.sarc), signed_in(world.manager)
    own, here = f"/admin/notices/{notice.pk}/", f"/admin/notices/{notice.pk}/finer/"
    assert 'data-test="say-more"' in sarc.get(own).content.decode()
    # What is not finer is refused on the page; nothing is opened by looking.
    assert 'data-test="finer-bytes"' not in sarc.get(here).content.decode()
    refused = sarc.post(here, {"do": "show", "period": "month"})
    assert (refused.status_code, b"say no more" in refused.content) == (422, True)
    shown = sarc.post(here, {"do": "show", "period": "week"}).content.decode()
    assert "within a week before the report" in shown
    assert [each in shown for each in ("The victim", "The alleged offender", "Both together")] == [True] * 3
    given = {name: re.search(rf'name="{name}" value="([^"]+)"', shown)[1] for name in ("rung", "bytes_seen")}
    given |= {
        "do": "propose",
        "reason": "safety",
        "ground": "consent",
        "victim_signature": "Zzyzx Canary-Smith",
    }
    signed = {"victim_signed_at": T0.isoformat(), "told": "on"}
    half = sarc.post(here, given | signed | {"victim_signature": ""})
    assert (half.status_code, given["bytes_seen"] in half.content.decode()) == (422, True)
    answer = sarc.post(here, given | signed)
    assert answer.status_code == 302
    assert "Finer words that wait for a second person" in manager.get("/admin/").content.decode()
    found = re.search(r'href="(/admin/finer/[0-9a-f-]{36}/)"', manager.get("/admin/finer/").content.decode())[
        1
    ]
    page = manager.get(found).content.decode()
    assert "within a week before the report" in page
    # The exact words and their ground; neither the case nor who it is about.
    for word in ("Canary", str(notice.case_id), notice.case.number, "Camp Sample"):
        assert word not in page, word
    decision = {"decision": "approve", "confirm": "on"}
    assert manager.post(found, decision | {"bytes_seen": "0" * 64}).status_code == 409
    assert manager.post(found, decision | {"bytes_seen": given["bytes_seen"]}).status_code == 302
    assert 'data-test="bytes-finer"' in sarc.get(own).content.decode()
    let = {"which": "words", "bytes_seen": given["bytes_seen"], "confirmed": "on"}
    assert sarc.post(own, let).status_code == 302
    row = re.search(r'name="id" value="([0-9a-f-]{36})"', sarc.get(here).content.decode())[1]
    assert sarc.post(here, {"do": "withdraw", "id": row}).status_code == 302
    assert sarc.post(here, {"do": "withdraw", "id": row}).status_code == 409
    assert sarc.post(here, {"do": "other"}).status_code == 200
    with access.viewing(world.sarc):
        assert Notice.objects.get().state == "released"
