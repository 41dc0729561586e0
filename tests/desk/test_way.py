"""The pages of a case's way: inquiry, limited information, closing, opening again, taking part; R24, the flow chart."""

import re
from datetime import UTC, datetime

from reports import access, policy
from reports.adoption.selectors import Basis
from reports.election.flow import flow_of
from reports.election.flowchart import draw
from reports.models import Case
from tests.desk.conftest import text
from tests.times import T0

BASIS = Basis("seed", frozenset())


def test_an_inquiry_a_limited_case_and_a_closed_one_say_so_in_words(world, sarc):
    contact = world.decided()
    url = f"/admin/cases/{contact.pk}/"
    assert "link-inquiry" in text(sarc.get(url))
    assert "The inquiry is logged." in text(sarc.post(f"{url}inquiry/", {"confirm": "on"}, follow=True))
    page = text(sarc.get(url))
    assert ("Inquiry, no report" in page, "link-sign" in page) == (True, True)
    assert "link-inquiry" not in page
    again = sarc.post(f"{url}inquiry/", {"confirm": "on"})
    assert (again.status_code, "No rule leads from “Inquiry”" in text(again)) == (409, True)

    assert "/admin/limited/new/" in text(sarc.get("/admin/contacts/new/"))
    page = text(sarc.post("/admin/limited/new/", {"text": "What the agents say."}, follow=True))
    assert "Limited information" in page
    assert 'data-kind="cmg_review"' in page
    with access.viewing(world.sarc):
        limited = Case.objects.get(state="OPEN_LIMITED_INFO")
    steps = text(sarc.get(f"/admin/cases/{limited.pk}/steps/"))
    assert ('id="step-investigation_opened"' in steps, 'id="step-sairo_sent"' in steps) == (True, False)


def test_closing_names_each_unmet_test_and_a_reason_opens_again(world, sarc):
    report = world.signed("unrestricted")
    url = f"/admin/cases/{report.case_id}/"
    page = text(sarc.get(f"{url}close/"))
    assert "duties are open" in page
    refused = sarc.post(f"{url}close/", {"referrals_complete": "yes"})
    assert (refused.status_code, "CL-2: " in text(refused), "CL-1: " in text(refused)) == (409, True, False)
    answers = {"referrals_complete": "yes", "under_cmg_review": "no", "investigation_complete": "yes"}
    page = text(sarc.post(f"{url}close/", answers, follow=True))
    assert 'data-test="state-closed"' in page
    assert ("link-reopen" in page, "link-close" in page, "link-participation" in page) == (True, False, False)
    assert ("link-evidence" in page, "link-keeping" in page) == (True, True)
    steps = text(sarc.get(f"{url}steps/"))
    assert ('id="step-dsaid_entered"' in steps, 'id="step-safe_offered"' in steps) == (True, False)
    assert sarc.post(f"{url}reopen/", {"reason": "moon"}).status_code == 422
    page = text(sarc.post(f"{url}reopen/", {"reason": "victim_asked"}, follow=True))
    assert ('data-test="state-closed"' in page, "The victim asked for it" in page) == (False, True)
    page = text(sarc.post(f"{url}participation/", {"letter": ""}))
    assert "TR-25" in page
    page = text(sarc.post(f"{url}participation/", {"letter": "section_540K"}, follow=True))
    assert "the victim declines" in page
    assert "takes part again" in text(sarc.post(f"{url}participation/", {}, follow=True))


def test_r24_each_option_has_a_flow_chart_reached_from_the_options(world, sarc, sign_in):
    case = world.decided()
    options = text(sarc.get(f"/admin/cases/{case.pk}/options/"))
    for option, states in (
        ("restricted", ("Restricted", "Unrestricted, converted", "Closed")),
        ("unrestricted", ("Unrestricted", "Closed", "Open with limited information")),
    ):
        assert f"/admin/flowchart/{option}/" in options
        page = text(sarc.get(f"/admin/flowchart/{option}/"))
        titles = re.findall(r'class="title[^>]*>([^<]+)<', page)
        assert set(states) <= set(titles)
        assert "case" not in re.search(r"<svg(.*?)>", page)[1]
        # One page: higher than wide by no more than a sheet is.
        width, height = map(int, re.search(r'viewBox="0 0 (\d+) (\d+)"', page).groups())
        assert height / width <= 235 / 180
    assert sarc.get("/admin/flowchart/none/").status_code == 404
    assert sign_in(world.commander).get("/admin/flowchart/restricted/").status_code == 200


def test_r24_the_picture_is_drawn_from_the_rules(monkeypatch):
    """Another transition, another duty, another day: another picture."""
    before = {option: draw(flow_of(option, at=T0, basis=BASIS)) for option in ("restricted", "unrestricted")}
    assert before["restricted"] == draw(flow_of("restricted", at=T0, basis=BASIS))
    assert "CN-1" in str(before["restricted"].texts)
    assert "CN-1" not in str(before["unrestricted"].texts)
    # Before there were inquiries and limited cases there was one way in.
    old = draw(flow_of("unrestricted", at=datetime(2014, 1, 1, tzinfo=UTC), basis=BASIS))
    assert [box.title for box in old.boxes] == ["Contact", "Unrestricted", "Closed"]
    real = policy.transitions

    def changed(**kwargs):
        return tuple(way._replace(rule="TR-99") if way.rule == "TR-06" else way for way in real(**kwargs))

    monkeypatch.setattr(policy, "transitions", changed)
    after = draw(flow_of("restricted", at=T0, basis=BASIS))
    assert "TR-99" in str(after.texts)
    assert "TR-06" not in str(after.texts)
    monkeypatch.setattr(policy, "transitions", lambda **k: tuple(w for w in real(**k) if w.rule != "TR-06"))
    assert "Unrestricted, converted" not in str(draw(flow_of("restricted", at=T0, basis=BASIS)).boxes)
