"""From first contact to a placed notice, as a SARC clicks it."""

import re
from datetime import timedelta
from hashlib import sha256

from notifications.models import InboxItem, Notice, NoticeState
from notifications.placing import place
from reports import access
from reports.election.models import Case, Report
from reports.evidence.models import Kit
from tests.desk.conftest import once_token, sign_data, text
from tests.times import T0

FACTS = {
    "statuses": ["service_member"],
    "age": "24",
    "told": ["_nobody"],
    "offender_relationship": "none",
    "victim_reported_to_law_enforcement": "no",
    "investigation": "none",
    "prior_election": "none",
}


def test_a_contact_becomes_a_restricted_report_and_its_notice_is_released(world, sarc):
    world.strength(500)
    unit = str(world.posts["unit_commander"].pk)
    opened = sarc.post(
        "/admin/contacts/new/",
        {
            "source": "healthcare",
            "name": "Quill Marrow",
            "unit_commander_post": unit,
            "place": "on_installation",
        },
    )
    case_url = opened["Location"].removesuffix("questions/")
    assert "Ask the questions" in text(sarc.get(case_url))

    asked = sarc.post(f"{case_url}questions/", FACTS, follow=True)
    assert asked.redirect_chain == [(f"{case_url}options/", 302)]
    assert "You are a Service member, so you may report confidentially." in text(asked)

    signed = sarc.post(f"{case_url}sign/", sign_data("restricted"), follow=True)
    assert "The election is signed" in text(signed)
    assert "Review the notice" in text(signed)
    assert "Read the commander notice and release it" in text(sarc.get(case_url))

    with access.viewing(world.sarc):
        notice = Notice.objects.get()
    page = text(sarc.get(f"/admin/notices/{notice.pk}/"))
    assert notice.wording in page
    assert sha256(notice.wording.encode()).hexdigest() in page
    seen = sha256(notice.minimal.encode()).hexdigest()
    released = sarc.post(
        f"/admin/notices/{notice.pk}/", {"which": "minimal", "bytes_seen": seen}, follow=True
    )
    assert "Released for its slot" in text(released)
    with access.viewing(world.sarc):
        notice = Notice.objects.get()
        assert (notice.state, notice.wording) == (NoticeState.RELEASED, notice.minimal)


def test_the_commander_reads_the_slot_and_acknowledges(world, sarc, sign_in, held_clock):
    world.signed("restricted")
    held_clock.move(T0 + timedelta(hours=23), hold=True)
    with access.viewing(world.sarc):
        # The worker does this; here, in one transaction, the web role may for its own case.
        place(notice=Notice.objects.get(), actor=world.sarc, at=held_clock.now())
    commander = sign_in(world.commander)
    page = text(commander.get("/admin/"))
    assert "Restricted: installation (senior) commander" in page
    with access.viewing(world.commander):
        item = InboxItem.objects.get()
    opened = text(commander.post(f"/admin/inbox/{item.pk}/"))
    assert "An assault has been reported in this command area." in opened
    for _ in range(2):
        assert commander.post(f"/admin/inbox/{item.pk}/acknowledge/").status_code == 302
    assert "Acknowledged" in text(commander.get("/admin/inbox/"))


def test_converting_shows_every_word_first_and_needs_the_box(world, sarc):
    report = world.signed("restricted")
    url = f"/admin/cases/{report.case_id}/convert/"
    assert "Canary" not in text(sarc.get(url))
    page = text(sarc.post(url, {"prepare": "yes"}))
    for post in ("mcio", "unit_commander", "commander"):
        assert world.posts[post].title in page
    assert "Name: Zzyzx Canary-Smith" in page
    assert "Name and numbers of the victim" in page
    data = {name: value for name, value in sign_data("unrestricted").items() if "sign" in name}
    data["confirmation"] = re.search(r'name="confirmation" value="([^"]+)"', page)[1]
    refused = sarc.post(url, data)
    assert refused.status_code == 422
    assert "there is no way back" in text(refused)
    assert "The offices have been told" in text(sarc.post(url, data | {"confirm": "on"}, follow=True))
    with access.viewing(world.sarc):
        assert Report.objects.get().election == "unrestricted"


def test_a_conversion_without_a_unit_commander_says_what_to_do(world, sarc):
    report = world.signed("restricted", unit_commander_post="")
    page = text(sarc.post(f"/admin/cases/{report.case_id}/convert/", {"prepare": "yes"}))
    assert "Choose the unit first." in page
    assert "Complete the sealed details" in page


def test_the_evidence_number_is_shown_once_and_again_only_on_record(world, sarc):
    report = world.signed("unrestricted")
    url = f"/admin/cases/{report.case_id}/evidence/"
    number = text(sarc.post(url, {"do": "issue"})).split('data-test="evidence-number">')[1].split("<")[0]
    assert number not in text(sarc.get(url))
    assert "The kit is sealed." in text(sarc.post(url, {"do": "seal", "number": number.lower()}, follow=True))
    assert "MCIO has the kit." in text(sarc.post(url, {"do": "hand", "number": number}, follow=True))
    with access.viewing(world.sarc):
        kit = Kit.objects.get()
    assert number in text(sarc.post(url, {"do": "show", "kit": str(kit.pk)}))
    page = text(sarc.get(f"/admin/cases/{report.case_id}/?show=all"))
    assert "handling evidence" in page


def test_steps_are_recorded_and_the_due_one_stands_first(world, sarc):
    report = world.signed("unrestricted")
    url = f"/admin/cases/{report.case_id}/steps/"
    page = text(sarc.get(url))
    assert page.index('id="step-dsaid_entered"') < page.index('id="step-referral_received"')
    assert 'id="step-conversion_asked"' not in page
    done = sarc.post(url, {"kind": "safe_offered", "answer": "accepted"}, follow=True)
    assert "Forensic examination (SAFE) offered" in text(done)
    missing = sarc.post(url, {"kind": "safe_offered"})
    assert missing.status_code == 422
    assert 'href="#id_safe_offered_answer"' in text(missing)


def test_a_va_is_assigned_and_sees_the_case_at_once(world, sarc, sign_in):
    case = world.contact()
    va = sign_in(world.va)
    assert va.get(f"/admin/cases/{case.pk}/").status_code == 404
    sarc.post(f"/admin/cases/{case.pk}/advocate/", {"va": str(world.va.pk)})
    assert va.get(f"/admin/cases/{case.pk}/").status_code == 200
    assert va.get(f"/admin/cases/{case.pk}/advocate/").status_code == 403


def test_leaving_without_signing_takes_a_confirmation_and_ends_the_contact(world, sarc):
    case = world.decided()
    url = f"/admin/cases/{case.pk}/walk-away/"
    assert sarc.post(url).status_code == 422
    assert "No report exists" in text(sarc.post(url, {"confirm": "on"}, follow=True))
    refused = sarc.post(f"/admin/cases/{case.pk}/sign/", sign_data("restricted"))
    assert refused.status_code == 409
    assert "This contact ended without signing" in text(refused)


def test_sealed_parts_open_only_by_a_recorded_click(world, sarc):
    case = world.contact()
    url = f"/admin/cases/{case.pk}/"
    assert "Zzyzx" not in text(sarc.get(url))
    assert sarc.get(f"{url}open/").status_code == 302
    assert "Zzyzx Canary-Smith" in text(sarc.post(f"{url}open/"))
    assert "working on the case" in text(sarc.get(f"{url}?show=all"))


def test_a_form_that_is_sent_twice_is_done_once(world, sarc):
    token = once_token(sarc.get("/admin/contacts/new/"))
    data = {"source": "self", "once": token}
    first = sarc.post("/admin/contacts/new/", data)
    second = sarc.post("/admin/contacts/new/", data)
    assert second["Location"] == first["Location"]
    with access.viewing(world.sarc):
        assert Case.objects.count() == 1


def test_the_last_answers_are_filled_in_again_on_request(world, sarc):
    case = world.decided()
    url = f"/admin/cases/{case.pk}/questions/"
    assert 'value="service_member" id="id_statuses_0" checked' not in text(sarc.get(url))
    page = text(sarc.post(url, {"load": "1"}))
    assert 'value="24"' in page
    assert 'value="_nobody"' in page
