"""Whatever is sent: a sentence, never a failure of ours, and nothing half written."""

import pytest
from django.test import Client

from reports import access
from reports.election.models import Case, Report
from tests.desk.conftest import sign_data, text

BIG = "x" * 2_000_000
ODD = ["\x00", "a\x07b", "\ud7ff\uffff", "‮evil", "<script>alert(1)</script>", "' OR 1=1 --", BIG]


def counts(user) -> tuple[int, int]:
    with access.viewing(user):
        return Case.objects.count(), Report.objects.count()


@pytest.mark.parametrize("value", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize(
    "field",
    [
        "name",
        "dod_id",
        "text",
        "incident_on",
        "place",
        "unit_commander_post",
        "offender_post",
        "source",
        "once",
    ],
)
def test_a_contact_takes_it_or_says_why_not(world, sarc, field, value):
    answer = sarc.post("/admin/contacts/new/", {"source": "self"} | {field: value})
    assert answer.status_code in {302, 422}
    if answer.status_code == 422:
        assert "This was not done yet" in text(answer)
        assert counts(world.sarc) == (0, 0)
    assert "<script>alert(1)" not in text(answer)


@pytest.mark.parametrize("value", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize("field", ["statuses", "age", "told", "offender_relationship", "deployed"])
def test_a_question_takes_it_or_says_why_not(world, sarc, field, value):
    case = world.contact()
    answer = sarc.post(f"/admin/cases/{case.pk}/questions/", {field: value})
    assert answer.status_code == 422
    assert "This was not done yet" in text(answer)


def test_facts_that_cannot_be_true_are_refused_at_their_question(world, sarc):
    case = world.contact()
    minor = {"statuses": ["service_member", "contractor"], "age": "12"}
    answer = sarc.post(f"/admin/cases/{case.pk}/questions/", minor)
    assert answer.status_code == 422
    assert 'href="#id_age"' in text(answer)
    assert "cannot be both a member of the forces and a contractor" in text(answer)


INSTANTS = [
    "2026-03-02T10:01",  # a minute ahead of the clock
    "2031-01-01T00:00",
    "1999-01-01T00:00",
    "0001-01-01T00:00",
    "9999-12-31T23:59",
    "2026-03-08T02:30",  # the clocks went forward
    "yesterday",
    "",
    "2026-13-45T99:99",
    "10:00",
    BIG,
]


@pytest.mark.parametrize("value", INSTANTS, ids=range(len(INSTANTS)))
@pytest.mark.parametrize("field", ["victim_signed_at", "advocate_signed_at"])
def test_a_time_that_cannot_be_right_signs_nothing(world, sarc, field, value):
    case = world.decided()
    answer = sarc.post(f"/admin/cases/{case.pk}/sign/", sign_data("restricted") | {field: value})
    assert answer.status_code == 422
    assert f'href="#id_{field}"' in text(answer)
    assert counts(world.sarc) == (1, 0)


@pytest.mark.parametrize("value", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize(
    "field", ["election", "edition", "victim_signature", "initials-counsel", "late_reason", "once"]
)
def test_signing_takes_it_or_says_why_not(world, sarc, field, value):
    case = world.decided()
    answer = sarc.post(f"/admin/cases/{case.pk}/sign/", sign_data("restricted") | {field: value})
    assert answer.status_code in {302, 422}
    assert counts(world.sarc)[1] == (1 if answer.status_code == 302 else 0)


def test_a_missing_initial_is_named_at_its_line_and_the_rest_is_kept(world, sarc):
    case = world.decided()
    answer = sarc.post(f"/admin/cases/{case.pk}/sign/", sign_data("restricted") | {"initials-counsel": ""})
    assert answer.status_code == 422
    assert 'href="#id_initials-counsel"' in text(answer)
    assert 'value="Invented Advocate"' in text(answer)


def test_a_barred_option_is_shown_shut_and_refused_with_its_rule(world, sarc):
    case = world.decided(facts={"statuses": ["dod_civilian"], "age": 40})
    url = f"/admin/cases/{case.pk}/sign/"
    page = text(sarc.get(url))
    assert "Not open" in page
    assert "(EL-08)" in page
    answer = sarc.post(url, sign_data("restricted", form="DD 2910-8"))
    assert answer.status_code == 409
    assert "(Rule EL-08)" in text(answer)


def test_signing_and_converting_twice_change_nothing(world, sarc):
    report = world.signed("restricted")
    url = f"/admin/cases/{report.case_id}/"
    again = sarc.post(f"{url}sign/", sign_data("restricted"), follow=True)
    assert "An election is signed already." in text(again)
    world.converted(report, at=report.signed_at)
    converted = sarc.post(f"{url}convert/", {"confirm": "on"}, follow=True)
    assert "Only a Restricted report can be converted." in text(converted)


@pytest.mark.parametrize(
    ("page", "data"),
    [
        ("steps/", {"kind": "no_such_step"}),
        ("steps/", {"kind": "investigation_opened"}),
        ("steps/", {"kind": "safe_offered", "answer": "perhaps"}),
        ("steps/", {"kind": "safe_offered", "answer": "accepted", "at": "2031-01-01T00:00"}),
        ("steps/", {"kind": BIG}),
        ("evidence/", {"do": "seal", "number": "XXXX-XXXX"}),
        ("evidence/", {"do": "seal", "number": BIG}),
        ("evidence/", {"do": "hand", "number": "0000-0000-0000-0"}),
        ("evidence/", {"do": "show", "kit": "not-an-id"}),
        ("evidence/", {"do": BIG}),
        ("advocate/", {"va": "not-an-id"}),
        ("advocate/", {"va": "00000000-0000-0000-0000-000000000000"}),
        ("contact/", {"dod_id": "12"}),
        ("contact/", {"incident_on": "2026-02-31"}),
        ("contact/", {"name": BIG}),
        ("convert/", {"confirm": "on", "victim_signed_at": "nonsense"}),
        ("walk-away/", {"confirm": "on"}),
    ],
)
def test_other_pages_answer_with_a_sentence(world, sarc, page, data):
    report = world.signed("restricted")
    assert sarc.post(f"/admin/cases/{report.case_id}/{page}", data).status_code in {200, 302, 409, 422}


def test_a_notice_is_not_released_for_other_bytes(world, sarc):
    report = world.signed("restricted")
    with access.viewing(world.sarc):
        notice = report.case.notices.get()
    url = f"/admin/notices/{notice.pk}/"
    for data in ({}, {"which": "words"}, {"which": "all", "bytes_seen": "0" * 64}):
        assert sarc.post(url, data).status_code == 422
    changed = sarc.post(url, {"which": "words", "bytes_seen": "0" * 64})
    assert changed.status_code == 409
    assert "The wording changed since you read it." in text(changed)
    assert sarc.post(url, {"which": "words", "bytes_seen": "ü" * 64}).status_code in {409, 422}


def test_a_form_without_its_token_is_refused_with_a_page(world, sign_in):
    client = sign_in(world.sarc, enforce_csrf_checks=True)
    answer = client.post("/admin/contacts/new/", {"source": "self"})
    assert answer.status_code == 403
    assert "This page is no longer valid" in text(answer)


@pytest.mark.parametrize("username", [*ODD[:3], BIG])
def test_sign_in_survives_odd_names(world, username):
    answer = Client().post("/admin/login/", {"username": username, "password": "x"})
    assert answer.status_code == 200
    assert "You are not signed in" in text(answer)


def test_more_than_the_server_takes_is_refused_with_a_page(world, sarc):
    answer = sarc.post("/admin/contacts/new/", {"source": "self", "text": "x" * 5_000_000})
    assert answer.status_code in {400, 413}
