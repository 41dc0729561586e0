"""The pages of matters: what runs and what can be begun, one matter with its steps, another SAPR VA."""

import re
from datetime import timedelta

from reports import access
from reports.casework.matters.kinds import KINDS
from reports.casework.matters.models import Matter
from reports.casework.models import Assignment
from reports.casework.services import va_assign
from tests.casework.steps import all_closed, begin, reach
from tests.desk.conftest import text
from tests.times import T0


def offered(page: str) -> set[str]:
    return set(re.findall(r'data-test="begin-([a-z_]+)"', page))


def test_a_page_offers_what_fits_the_case_and_no_more(world, sarc) -> None:
    cases = {
        "": world.contact(), "restricted": world.signed("restricted").case,
        "unrestricted": world.signed("unrestricted").case,
    }  # fmt: skip
    for election, case in cases.items():
        page = text(sarc.get(f"/admin/cases/{case.pk}/matters/"))
        fitting = [kind for kind in KINDS.values() if election in kind.elections and not kind.parent]
        assert offered(page) == {step.step for kind in fitting for step in kind.open_steps()}
        assert 'data-test="told-counsel"' in page
    answer = sarc.post(
        f"/admin/cases/{cases['restricted'].pk}/matters/",
        {"kind": "protective_order", "step": "protective_order_asked"},
    )
    assert "does not fit the case" in text(answer)
    with access.viewing(world.sarc):
        assert not Matter.objects.exists()


def test_an_order_is_begun_and_taken_on_by_forms_and_its_duty_leads_to_it(world, sarc) -> None:
    case = world.signed("unrestricted").case
    page = f"/admin/cases/{case.pk}/matters/"
    order = {
        "kind": "protective_order", "step": "protective_order_issued", "mpo_verbal": "no", "any_party_off_base": "yes",
        "copies": ["victim", "restrained"], "name": "Invented Restrained",
    }  # fmt: skip
    assert sarc.post(page, order).status_code == 422  # neither told nor to be told, and no date
    order |= {"off_base_told": "told", "at": "2026-03-02T10:00"}
    url = sarc.post(page, order)["Location"]
    shown = text(sarc.get(url))
    assert "in force" in shown
    assert "CK-16" in shown
    assert "Invented Restrained" not in shown
    assert "Invented Restrained" in text(sarc.post(url, {"do": "open"}))
    assert url in text(sarc.get(f"/admin/cases/{case.pk}/"))
    assert sarc.post(url, {"step": "civil_authorities_told"}).status_code == 302
    assert "choose one from the list" in text(sarc.post(url, {"step": "protective_order_denied"})).lower()
    assert text(sarc.get(page)).count('data-test="matter"') == 1


def test_a_date_is_asked_for_or_the_reason_and_why_it_comes_late(world, sarc) -> None:
    case = world.signed("unrestricted", at=T0 - timedelta(days=20), late_reason="found_late").case
    page = f"/admin/cases/{case.pk}/matters/"
    asked = {
        "kind": "expedited_transfer", "step": "transfer_requested", "applicant": "victim", "term": "temporary",
        "reach": "outside_installation",
    }  # fmt: skip
    refused = sarc.post(page, asked)
    assert refused.status_code == 422
    assert "ET-17" in text(refused)
    late = sarc.post(page, asked | {"at": "2026-02-12T09:30"})
    assert "CK-13" in text(late)
    assert "Why it is entered only now" in text(late)
    done = sarc.post(page, asked | {"at": "2026-02-12T09:30", "late_reason": "paper_delayed"})
    assert done.status_code == 302
    excused = sarc.post(page, asked | {"excuse": "papers_lost"})
    assert "Date not known: The papers are lost" in text(sarc.get(excused["Location"]))


def test_actions_hang_on_their_subject_and_the_page_says_what_is_missing(world, sarc) -> None:
    case = world.signed("unrestricted").case
    page = f"/admin/cases/{case.pk}/matters/"
    subject = begin(world, case, "subject")
    assert "1 of 1 alleged offenders" in text(sarc.get(page))
    action = {
        "kind": "action",
        "step": "action_taken",
        "category": "article_15",
        "parent_id": str(subject.pk),
    }
    url = sarc.post(page, action)["Location"]
    assert 'data-test="part"' in text(sarc.get(f"{page}{subject.pk}/"))
    assert sarc.post(url, {"step": "action_closed", "outcome": "carried_out"}).status_code == 302
    assert "every action is closed" in text(sarc.get(page))
    all_closed(world, case)
    reach(T0 + timedelta(hours=1))
    final = {"kind": "final_disposition_decided", "at": "2026-03-02T11:00"}
    assert sarc.post(f"/admin/cases/{case.pk}/steps/", final).status_code == 302


def test_who_is_not_on_the_case_finds_no_matter_of_it(world, sarc, sign_in) -> None:
    case, other = (world.signed("unrestricted").case for _ in range(2))
    order = begin(world, case, "protective_order")
    assert sarc.get(f"/admin/cases/{other.pk}/matters/{order.pk}/").status_code == 404
    assert sign_in(world.stranger).get(f"/admin/cases/{case.pk}/matters/{order.pk}/").status_code == 404


def test_r20_another_va_takes_the_place_of_one_on_the_page(world, sarc) -> None:
    case = world.contact()
    page = f"/admin/cases/{case.pk}/advocate/"
    assert "In place of" not in text(sarc.get(page))
    va_assign(actor=world.sarc, case_id=case.pk, va=world.va, at=T0)
    change = {"va": str(world.other_va.pk), "old": str(world.va.pk)}
    assert sarc.post(page, change).status_code == 422
    assert sarc.post(page, change | {"reason": "victims_wish"}).status_code == 302
    with access.viewing(world.sarc):
        on_case = Assignment.objects.filter(case=case, role="sapr_va", ended_at=None)
        assert [row.user_id for row in on_case] == [world.other_va.pk]
