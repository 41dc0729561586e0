"""The desk keeps what is typed: sealed, for its author, not once the step is over, and never with a 5xx."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from reports import access
from reports.casework.services import va_assign
from reports.election.drafts.models import Draft
from reports.election.models import SignedForm
from tests.desk.conftest import once_token, sarc, sign_data, sign_in, text
from tests.intake.test_signatures import DRAWN
from tests.times import T0
from tests.world import CANARIES

__all__ = ["sarc", "sign_in"]


def hidden(page, name: str) -> str:
    """The value of a hidden field of a page."""
    return re.search(rf'name="{name}" value="([^"]+)"', text(page))[1]


def drafts(user) -> int:
    with access.viewing(user):
        return Draft.objects.count()


def test_a_contact_is_kept_resumed_submitted_and_its_late_save_refused(world, sarc) -> None:
    page = sarc.get("/admin/contacts/new/")
    sent = {"draft": hidden(page, "draft"), "author": hidden(page, "author"), "once": once_token(page)}
    typed = {
        "name": CANARIES["name"],
        "source": "commander",
        "place": "off_installation",
        "text": CANARIES["text"],
    }
    kept = sarc.post("/admin/contacts/draft/", sent | typed)
    assert (kept.status_code, set(kept.json())) == (200, {"kept"})
    # A fresh page offers it and does not mix it with another person's; asked for, it stands there as typed.
    fresh = sarc.get("/admin/contacts/new/")
    assert CANARIES["name"] not in text(fresh)
    assert f"?draft={sent['draft']}" in text(fresh)
    assert sent["draft"] in text(sarc.get("/admin/"))
    again = text(sarc.get(f"/admin/contacts/new/?draft={sent['draft']}"))
    assert CANARIES["name"] in again
    assert CANARIES["text"] in again
    assert re.search(r'value="commander"\s+selected', again)
    assert re.search(r'value="off_installation"[^>]*checked', again)
    opened = sarc.post("/admin/contacts/new/", sent | typed)
    assert opened.status_code == 302
    assert drafts(world.sarc) == 0
    # A save that was under way while the form was submitted brings nothing back.
    assert sarc.post("/admin/contacts/draft/", sent | typed).status_code == 409
    assert drafts(world.sarc) == 0


def test_a_step_is_kept_for_later_without_a_script_and_forgotten_by_a_button(world, sarc) -> None:
    case = world.decided()
    url = f"/admin/cases/{case.pk}/sign/"
    page = sarc.get(url)
    stale = sign_data("restricted", at="2026-03-02T03:07") | {
        "author": hidden(page, "author"), "victim_drawn": str(DRAWN), "later": "1",
        # The page itself put this instant there, and nobody changed the first.
        "initial-victim_signed_at": "2026-03-02T03:07", "initial-advocate_signed_at": "2026-03-02T10:00",
    }  # fmt: skip
    done = sarc.post(f"/admin/cases/{case.pk}/draft/?step=sign", stale, follow=True)
    assert "Saved, for you alone" in text(done)
    resumed = text(sarc.get(url))
    assert resumed.count('value="ZC"') > 3
    assert "[[40, " in resumed
    assert re.search(r'value="restricted"[^>]*checked', resumed)
    shown = dict(re.findall(r'name="(\w+_signed_at)" value="([^"]+)"', resumed))
    assert (shown["victim_signed_at"], shown["advocate_signed_at"]) == (
        "2026-03-02T10:00",
        "2026-03-02T03:07",
    )
    assert "did not submit it" in resumed
    left = sarc.post(f"/admin/cases/{case.pk}/walk-away/", {"confirm": "on"}, follow=True)
    assert "The contact is closed" in text(left)
    assert drafts(world.sarc) == 0
    assert sarc.post(f"/admin/cases/{case.pk}/draft/?step=sign", stale).status_code == 409
    new = {"draft": str(uuid4()), "author": str(world.sarc.pk)}
    sarc.post("/admin/contacts/draft/", new | {"name": "x"})
    assert drafts(world.sarc) == 1
    assert "Nothing of what was typed" in text(sarc.post("/admin/contacts/draft/forget/", new, follow=True))
    assert drafts(world.sarc) == 0


def test_who_is_signed_out_is_told_so_and_goes_on_with_a_fresh_token(world, sarc, sign_in) -> None:
    case = world.contact()
    va_assign(actor=world.sarc, case_id=case.pk, va=world.va, at=T0)
    url = f"/admin/cases/{case.pk}/draft/?step=questions"
    mine = {"author": str(world.sarc.pk), "told": ["friend"]}
    assert Client().post(url, mine).status_code == 401
    assert Client().get(url).json() == {"code": "signed_out"}
    checked = Client(enforce_csrf_checks=True)
    checked.cookies = sarc.cookies
    assert checked.post(url, mine).status_code == 403
    fresh = checked.get(url).json()
    assert fresh["author"] == str(world.sarc.pk)
    assert checked.post(url, mine | {"csrfmiddlewaretoken": fresh["token"]}).status_code == 200
    # Somebody else who signs in at this machine does not get it as theirs.
    assert sign_in(world.va).post(url, mine).status_code == 412
    assert (drafts(world.sarc), drafts(world.va)) == (1, 0)


def test_bad_input_is_never_a_5xx_and_a_foreign_case_is_not_there(world, sarc, sign_in) -> None:
    case = world.contact()
    url = f"/admin/cases/{case.pk}/draft/?step=details"
    me = {"author": str(world.sarc.pk)}
    for address, data, status in (
        (url, me | {"text": "x" * 2_000_000}, 422),
        (url, me | {"text": "\x00\ud7ff\u202e", "no_such": "x", "name": ["a", "b"]}, 200),
        (url, me | {"draft": "junk", "once": "\x00" * 99}, 200),
        (url, {}, 412),
        (f"/admin/cases/{case.pk}/draft/?step=nonsense", me, 404),
        (f"/admin/cases/{case.pk}/draft/?step=contact", me, 404),
        (f"/admin/cases/{uuid4()}/draft/?step=details", me, 404),
        ("/admin/contacts/draft/", me, 404),
        ("/admin/contacts/draft/", me | {"draft": "junk"}, 404),
        ("/admin/contacts/draft/forget/", me | {"draft": "junk"}, 404),
    ):
        assert sarc.post(address, data).status_code == status, (address, str(data)[:60])
    stranger = sign_in(world.stranger)
    assert stranger.post(url, {"author": str(world.stranger.pk)}).status_code == 404
    assert stranger.get(url).status_code == 404
    assert sign_in(world.commander).post(url, {"author": str(world.commander.pk)}).status_code == 403
    assert sarc.get("/admin/contacts/new/?draft=junk").status_code == 200
    # What was kept and no form would take is shown again and breaks no page.
    assert sarc.get(f"/admin/cases/{case.pk}/contact/").status_code == 200


@pytest.mark.parametrize("option", ["restricted", "unrestricted"])
def test_the_words_beforehand_are_those_that_go_out(world, sarc, option) -> None:
    """The preview of the option elected is what is then composed; asking for it tells nobody, chooses no rung."""
    from notifications.models import Notice, NoticeKind, UnitRung
    from notifications.previews import election_preview
    from reports.election.services import report_sign

    world.strength(900)
    case = world.decided()
    with access.viewing(world.sarc):
        rungs = UnitRung.objects.count()
    assert sarc.get(f"/admin/cases/{case.pk}/words/").status_code == 302
    shown = text(sarc.post(f"/admin/cases/{case.pk}/words/"))
    foreseen = {each.election: each for each in election_preview(actor=world.sarc, case_id=case.pk, at=T0)}
    with access.viewing(world.sarc):
        assert (Notice.objects.count(), UnitRung.objects.count()) == (0, rungs)
    report_sign(actor=world.sarc, **world.paper(case, option))
    with access.viewing(world.sarc):
        composed = list(Notice.objects.filter(case=case))
    told = foreseen[option].told
    assert {each.post_id for each in told} == {str(each.post_id) for each in composed}
    if option == "restricted":
        [notice] = composed
        assert notice.kind == NoticeKind.RESTRICTED
        assert told[0].text == notice.wording
        assert notice.wording in shown
        assert CANARIES["name"] not in told[0].text
    receipt = text(sarc.get(f"/admin/cases/{case.pk}/receipt/"))
    assert case.number in receipt
    assert CANARIES["name"] not in receipt
    assert sarc.post(f"/admin/cases/{case.pk}/words/").status_code == 409


def test_a_drawn_signature_comes_in_by_the_page(world, sarc) -> None:
    case = world.decided()
    url = f"/admin/cases/{case.pk}/sign/"
    drawn = sign_data("restricted", victim_signature="", victim_drawn=str(DRAWN))
    assert "Draw it again" in text(sarc.post(url, drawn | {"victim_drawn": "junk"}))
    assert sarc.post(url, drawn)["Location"].endswith("/receipt/")
    with access.viewing(world.sarc):
        assert SignedForm.objects.filter(case=case).count() == 1
