"""Cases that are made in bulk for measurements stand like signed ones: the chain, the seals, the pages, the places."""

import json
from collections import defaultdict

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from bench.load.filling import Filling, connect
from bench.load.places import PLACES
from bench.mixes import preparing
from bench.mixes.measuring import PURPOSE
from reports import access
from reports.casework.models import Assignment
from reports.election import selectors as election
from reports.ledger.selectors import first_bad_event
from reports.models import Case, Duty, Event, Identity
from reports.vault.people import cases_of_person
from sapr import clock
from tests.signed_in import signed_in
from tests.stage import throwaway_copy

STORIES = ("contact", "restricted, a day old", "restricted, long ago")


@pytest.fixture(scope="module")
def filled(django_db_blocker):
    """Forty cases, of which three are signed; the measured SARC, and the id of each pattern's case."""
    with django_db_blocker.unblock(), throwaway_copy():
        with Filling(40, lambda text: None, STORIES) as filling:
            filling.fill()
        with connect() as admin:
            [told] = admin.execute("SELECT told FROM bench.made WHERE what = 'stories'").fetchone()
        yield User.objects.get(pk=told["cast"]["people"]["sarc"]), told["cases"]


def test_every_chain_holds_and_ends_where_its_head_says(filled) -> None:
    with connect() as admin:
        assert admin.execute("SELECT count(*) FROM reports_case").fetchone() == (40,)
        assert admin.execute(
            "SELECT count(*) FROM accounts_location WHERE kind = 'installation'"
        ).fetchone() == (PLACES,)
        cursor = admin.execute("SELECT * FROM reports_event ORDER BY case_id, seq")
        names = [each.name for each in cursor.description]
        chains = defaultdict(list)
        for row in cursor:
            event = Event(**dict(zip(names, row, strict=True)))
            chains[event.case_id].append(event)
    assert len(chains) == 41
    assert [first_bad_event(chain) for chain in chains.values()] == [None] * 41


def test_sealed_parts_open_and_each_copy_is_another_person(filled) -> None:
    sarc, patterns = filled
    with access.viewing(sarc):
        found = list(election.case_list(viewer=sarc))
        cases = [case for case in found if str(case.pk) not in patterns.values()]
        opened = [
            election.sealed_parts(viewer=sarc, case=case, purpose="case_work", at=clock.now())
            for case in cases
        ]
    names = [parts["identity"]["dod_id"] for parts in opened]
    assert (len(found), len(cases)) == (20, 17)
    assert len(set(names)) == len(names)
    assert all(parts["narrative"]["text"] for parts in opened)
    # Each is found by the number, as a signed one is.
    assert [cases_of_person(name) for name in names[:3]] == [[case.pk] for case in cases[:3]]


def test_a_page_of_a_copy_asks_as_often_as_that_of_a_signed_case(filled) -> None:
    sarc, patterns = filled
    client = signed_in(sarc)
    with access.viewing(sarc):
        copies = {
            case.state: case.pk
            for case in election.case_list(viewer=sarc)
            if str(case.pk) not in patterns.values() and not case.walked_away_at
        }
    for pattern in patterns.values():
        with access.viewing(sarc):
            state = Case.objects.get(pk=pattern).state
        asked = []
        for case in (pattern, copies[state]):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/admin/cases/{case}/").status_code == 200
            asked.append(len(queries))
        assert asked[0] == asked[1], state
    assert client.get("/admin/").status_code == client.get("/admin/cases/").status_code == 200


def test_nobody_else_sees_a_copy_and_each_lies_where_its_people_work(filled) -> None:
    sarc, _ = filled
    other = User.objects.exclude(pk=sarc.pk).filter(username__endswith="-sarc").first()
    with access.viewing(other):
        assert not Identity.objects.filter(case__assignments__user=sarc).exists()
        mine = list(Assignment.objects.filter(user=other).values_list("place", "case__installation"))
        assert all(place == installation for place, installation in mine)
    with access.viewing(sarc):
        assert (
            not Duty.objects.filter(state="open").exclude(place=Case.objects.first().installation_id).exists()
        )


def test_what_the_mixes_are_given_is_taken_by_the_server(filled) -> None:
    told = preparing.prepared(2)
    client = Client(SERVER_NAME="localhost")

    def asked(method: str, path: str, key: str, body: dict | None = None) -> int:
        heads = {"HTTP_AUTHORIZATION": f"Bearer {key}"}
        sent = {"data": json.dumps(body), "content_type": "application/json"} if body else {}
        return getattr(client, method)(f"/api/v1/{path}", **sent, **heads).status_code

    assert asked("get", "cases?limit=50", told["sarc"]["key"]) == 200
    assert asked("get", "counts", told["sarc"]["key"]) == 200
    opening = told["openings"][0]
    assert asked("get", f"cases/{opening['case']}", opening["key"]) == 200
    assert asked("post", f"cases/{opening['case']}/sealed", opening["key"], PURPOSE) == 200
    signer, (first, second) = told["signer"]["key"], told["sign"]["cases"]
    for case in (first, second):
        assert asked("post", f"cases/{case}/sign", signer, told["sign"]["body"]) == 201
    for cookie, page in (
        (told["sarc"]["cookie"], "/admin/cases/"),
        (told["manager"]["cookie"], "/admin/figures/"),
    ):
        name, _, value = cookie.partition("=")
        client.cookies[name] = value
        assert client.get(page).status_code == 200
