"""The pages: an exception from its proposal to the victim, the commander's decision, and CATCH."""

import re

import pytest

from reports import access
from reports.catch.models import CatchCredentials
from reports.disclosure.models import Disclosure, ExceptionStatement
from reports.ledger.models import Event
from tests.confidence.conftest import kinds_of
from tests.desk.conftest import text
from tests.signed_in import signed_in
from tests.world import CANARIES

THREAT = {
    "do": "propose", "exception": "EX-2", "threat_serious": "on", "threat_imminent": "on",
    "scope": ["identity", "alleged_offender"], "recipient": "law_enforcement", "at": "2026-03-02T10:00",
}  # fmt: skip
ADVICE = {"do": "advise", "office": "staff_judge_advocate", "privilege": "excepted", "at": "2026-03-02T10:00"}
AT = {"at": "2026-03-02T10:00"}


@pytest.fixture
def sarc(world):
    return signed_in(world.sarc)


def only(world, model=Disclosure):
    with access.viewing(world.sarc):
        return model.objects.get()


def test_an_exception_goes_its_way_on_the_page_and_the_commander_sees_nothing_of_the_case(
    world, report, sarc
) -> None:
    """DX-1 to DX-5 by the pages; the commander's pages carry no mark of the case (DX-3)."""
    page = f"/admin/cases/{report.case_id}/exceptions/"
    assert f'href="{page}"' in text(sarc.get(f"/admin/cases/{report.case_id}/"))
    missing = sarc.post(page, THREAT | {"threat_imminent": ""})
    assert missing.status_code == 409
    assert "(Rule EX-2)" in text(missing)
    stray = sarc.post(page, THREAT | {"authorisation_written": "on"})
    assert "EX-2 does not ask this" in text(stray)
    assert sarc.post(page, THREAT).status_code == 302
    row = only(world)
    assert sarc.post(page, ADVICE | {"id": str(row.pk), "advice": "doubt"}).status_code == 302
    assert "waits for the commander" in text(sarc.get(page))

    commander = signed_in(world.commander)
    with access.viewing(world.commander):
        statement = ExceptionStatement.objects.get()
    one = f"/admin/exceptions/{statement.pk}/"
    today = commander.get("/admin/")
    assert "wait for your decision" in text(today)
    refusal = commander.post(one, {"decision": "disclose"})
    assert refusal.status_code == 422
    shown = [today, commander.get("/admin/exceptions/"), commander.get(one), refusal]
    assert "Name and numbers of the victim" in text(shown[2])
    done = commander.post(one, {"decision": "disclose", "confirm": "on"}, follow=True)
    marks = {
        "number": report.case.number, "case": report.case_id, "report": report.pk, "exception": row.pk,
        "sarc": world.sarc.display_name, "sarc's id": world.sarc.pk, "case's link": "/admin/cases/",
    } | CANARIES  # fmt: skip
    for answer in (*shown, done, commander.get(one)):
        assert answer.status_code in (200, 422)
        assert not [name for name, value in marks.items() if str(value) in text(answer)]
    assert commander.get(page).status_code == 403
    assert commander.post(one, {"decision": "withhold", "confirm": "on"}).status_code == 409

    beyond = sarc.post(
        page, {"do": "make", "id": str(row.pk), "fields_told": ["narrative"], "minimum_only": "on", **AT}
    )
    assert beyond.status_code == 422
    make = {"do": "make", "id": str(row.pk), "fields_told": ["identity"], **AT}
    unticked = sarc.post(page, make)
    assert "(Rule DX-7)" in text(unticked)
    ticks = {"minimum_only": "on", "recipient_needs_to_know": "on"}
    assert sarc.post(page, make | ticks).status_code == 302
    assert f'href="{page}"' in text(sarc.get("/admin/")), "the duty leads to where it is done"
    assert sarc.post(page, {"do": "tell", "id": str(row.pk), **AT}).status_code == 302
    assert 'data-state="told"' in text(sarc.get(page))


def test_a_leak_by_the_page(world, report, sarc) -> None:
    page = f"/admin/cases/{report.case_id}/exceptions/"
    assert sarc.post(page, {"do": "leak", **AT}).status_code == 422
    assert sarc.post(page, {"do": "leak", "reached": ["commander"], **AT}).status_code == 302
    shown = text(sarc.get(page))
    leak = re.search(r'data-test="hand_on".*?name="id" value="([^"]+)"', shown, re.S)[1]
    assert sarc.post(page, {"do": "hand_on", "id": leak, **AT}).status_code == 302
    assert "MCIO told" in text(sarc.get(page))
    assert "leak_handed_on" in kinds_of(world, report.case_id)
    assert "Choose one of the steps" in text(sarc.post(page, {"do": "hand_on", "id": leak, **AT}))


def test_catch_by_the_page(world, report, sarc) -> None:
    page, how, name = f"/admin/cases/{report.case_id}/catch/", "By the canary aunt", "kestrel-canary"
    assert sarc.post(page, {"do": "explain", **AT}).status_code == 302
    join = {"do": "join", "entry_names_victim": "no", "consents": "yes", "details": how, **AT}
    assert "(Rule CA-07)" in text(sarc.post(page, join | {"entry_names_victim": "yes"}))
    assert sarc.post(page, join).status_code == 302
    assert sarc.post(page, {"do": "issue", "user_name": name, **AT}).status_code == 302
    row = only(world, CatchCredentials)
    closed = text(sarc.get(page))
    assert how not in closed
    assert name not in closed
    assert how in text(sarc.post(page, {"do": "show_details"}))
    assert name in text(sarc.post(page, {"do": "show_name", "id": str(row.pk)}))
    with access.viewing(world.sarc):
        opened = Event.objects.filter(kind="sealed_opened", data__purpose="case_work")
        assert [each["what"] for each in opened.order_by("seq").values_list("data", flat=True)] == [
            ["catch_contact.details"], ["catch_credentials.user_name"],
        ]  # fmt: skip
    assert sarc.post(page, {"do": "use", "id": str(row.pk), **AT}).status_code == 302
    assert sarc.post(page, {"do": "end", "id": str(row.pk), **AT}).status_code == 302
    assert sarc.post(page, {"do": "match", **AT}).status_code == 302
    match = re.search(r'data-test="tell".*?name="id" value="([^"]+)"', text(sarc.get(page)), re.S)[1]
    tell = {"do": "tell", "id": match, **AT}
    assert "(Rule CA-11)" in text(sarc.post(page, tell))
    assert sarc.post(page, tell | {"only_details_given": "on"}).status_code == 302
    assert sarc.post(page, {"do": "wish", "consents": "no", **AT}).status_code == 302
    assert sarc.post(page, {"do": "leave", **AT}).status_code == 302
    kinds = [kind for kind in kinds_of(world, report.case_id) if kind.startswith("catch_")]
    assert kinds == [
        "catch_explained", "catch_joined", "catch_credentials_issued", "catch_credentials_used",
        "catch_credentials_closed", "catch_matched", "catch_match_told", "catch_left",
    ]  # fmt: skip
    for odd in (
        {"do": "x" * 5000},
        {},
        {"do": "issue", "user_name": "\x00"},
        {"do": "show_name", "id": "no"},
    ):
        assert sarc.post(page, odd).status_code in (200, 422)


def test_a_sapr_va_sees_no_credentials_on_the_page(world, report) -> None:
    from reports.casework.services import va_assign
    from tests.confidence.test_catch import join
    from tests.confidence.test_catch_credentials import issued
    from tests.times import T0

    va_assign(actor=world.sarc, case_id=report.case_id, va=world.va, at=T0)
    join(world, report.case)
    row = issued(world, report.case)
    page = f"/admin/cases/{report.case_id}/catch/"
    va = signed_in(world.va)
    assert str(row.pk) not in text(va.get(page))
    assert "kestrel" not in text(va.post(page, {"do": "show_name", "id": str(row.pk)}))
