"""No question, however it is put, tells two databases apart that differ in something hidden (G4, T15, T22, T26)."""

import json
import re
from itertools import product

import pytest
from django.db import transaction
from django.test import Client

from reports.evidence.services import kit_number_issue
from reports.policy import new_control_number
from tests.signed_in import passed
from tests.times import T0

# Lists and pages that take a question in their address. A page with a search of its own is added here.
PAGES = (
    "/admin/", "/admin/cases/", "/admin/inbox/", "/admin/counts/", "/admin/emergency/", "/admin/emergency/ask/",
    "/admin/contacts/new/", "/admin/meetings/", "/admin/handovers/", "/admin/duties/",
    "/api/v1/cases", "/api/v1/duties", "/api/v1/notices", "/api/v1/inbox",
    "/api/v1/emergencies", "/api/v1/counts", "/api/v1/policy/settings",
)  # fmt: skip
HIDDEN = (
    "number", "id", "opened_at", "installation", "identity__dod_id", "identity__name", "narrative__text",
    "report__election", "kits__number_index", "assignments__user",
)  # fmt: skip
WORK = ("/admin/", "/admin/cases/", "/admin/counts/", "/api/v1/cases", "/api/v1/duties", "/api/v1/notices")
LISTS = ("/admin/cases/", "/api/v1/cases")
SUFFIXES = ("", "__exact", "__startswith", "__regex", "__gt", "__in", "__isnull")
OTHERS = (
    "o=1", "o=-2", "q=9876501234", "p=0", "page=2", "all=", "_to_field=number", "_popup=1", "ordering=-number",
    "fields=identity", "format=csv", "search=Zzyzx", "expand=identity", "limit=1", "cursor=x", "_method=DELETE",
    "_changelist_filters=number",
)  # fmt: skip
QUESTIONS = [f"{field}{suffix}=9" for field, suffix in product(HIDDEN, SUFFIXES)] + list(OTHERS)
RANDOM = re.compile(rb'((?:name="(?:csrfmiddlewaretoken|once|draft)" value=)")[^"]*')


def asked(viewer, pages: tuple[str, ...]) -> dict[str, tuple]:
    """Every page with every question: status, headers and bytes, without what is random in each page."""
    client = Client(raise_request_exception=False)
    passed(client, viewer)
    found = {}
    for page in pages:
        # Both lists of cases are asked everything, the other pages one look-up and every word.
        questions = QUESTIONS if page in LISTS else ["identity__dod_id__startswith=9", *OTHERS]
        for question in ["", *questions]:
            answer = client.get(f"{page}?{question}" if question else page)
            assert answer.status_code < 500, (page, question)
            head = {
                name: value for name, value in answer.headers.items() if name not in ("Set-Cookie", "Expires")
            }
            found[f"{page}?{question}"] = (answer.status_code, head, RANDOM.sub(rb"\1", answer.content))
    return found


def in_each(viewer, *databases, pages: tuple[str, ...] = PAGES) -> list[dict[str, tuple]]:
    """The answers in each of the databases, made and undone one after the other."""
    answers = []
    for make in databases:
        with transaction.atomic():
            make()
            answers.append(asked(viewer, pages))
            transaction.set_rollback(True)
    return answers


def differing(first: dict, second: dict) -> list[str]:
    return [question for question in first if first[question] != second[question]]


def test_a_stranger_cannot_tell_whether_others_have_a_case(world):
    world.contact(actor=world.stranger)

    def one() -> None:
        report = world.signed("restricted")
        kit_number_issue(actor=world.sarc, case_id=report.case_id, at=T0)

    nothing, something = in_each(world.stranger, lambda: None, one)
    assert len(nothing) > 380
    assert differing(nothing, something) == []


def test_a_list_says_nothing_of_what_is_sealed_in_ones_own_case(world):
    from reports.election.contacts import contact_complete

    case = world.contact()

    def holds(number: str, name: str):
        return lambda: contact_complete(
            actor=world.sarc, case_id=case.pk, at=T0, narrative={}, identity={"dod_id": number, "name": name}
        )

    first, second = in_each(
        world.sarc, holds("9876501234", "Zzyzx A"), holds("1234509876", "Zzyzx B"), pages=WORK
    )
    assert differing(first, second) == []


def test_the_hunt_finds_an_oracle_that_is_there(world):
    """What one may see differs, so that equal answers above mean something."""
    nothing, something = in_each(world.sarc, lambda: None, lambda: world.signed("restricted"), pages=LISTS)
    assert "/api/v1/cases?" in differing(nothing, something)
    assert "/admin/cases/?" in differing(nothing, something)


def masked(answer) -> tuple:
    """An answer without the ids and instants that are new in each."""
    text = re.sub(
        rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|C(-[0-9A-Z]{4}){3}-[0-9A-Z]", b"ID", answer.content
    )
    return answer.status_code, answer["Content-Type"], text


@pytest.fixture
def stranger(world) -> Client:
    client = Client(raise_request_exception=False)
    passed(client, world.stranger)
    return client


def test_entering_a_person_who_is_known_elsewhere_is_answered_like_one_who_is_not(world, stranger):
    world.contact()
    answers = set()
    for dod_id, phone in (("9876501234", "+1 555 0199 777"), ("1111111111", "+1 555 0100 000")):
        body = {"identity": {"dod_id": dod_id, "phone": phone, "name": "Zzyzx Canary-Smith"}}
        answers.add(
            masked(stranger.post("/api/v1/contacts", json.dumps(body), content_type="application/json"))
        )
    assert len(answers) == 1
    assert next(iter(answers))[0] == 201


def test_a_kit_number_of_another_case_is_answered_like_one_that_was_never_issued(world, stranger):
    theirs = world.signed("restricted")
    _, known = kit_number_issue(actor=world.sarc, case_id=theirs.case_id, at=T0)
    unknown = new_control_number()
    own = world.signed("restricted", actor=world.stranger)
    address = f"/api/v1/cases/{own.case_id}/kits/seal"
    answers = {
        masked(stranger.post(address, json.dumps({"number": number}), content_type="application/json"))
        for number in (known, unknown)
    }
    assert len(answers) == 1
    assert b"not_this_case" in next(iter(answers))[2]
