"""A person is found by exact number among one's own cases; nobody learns more by looking."""

import re

import pytest
from django.test import Client

from reports.election.contacts import contact_complete
from reports.election.selectors import person_find
from reports.vault import store
from reports.vault.models import PersonIndex
from reports.vault.people import cases_of_person
from sapr.errors import DomainError
from sapr.signin import as_owner
from tests.api.door import Door, refused
from tests.signed_in import passed
from tests.times import T0

NUMBER, OTHER = "1234509876", "5550001111"


@pytest.fixture
def known(stage):
    """A person with a case at each of two installations."""
    world = stage.world
    return stage, world.contact(dod_id=NUMBER), world.contact(actor=world.stranger, dod_id=NUMBER)


def ids(world, viewer, number: str) -> list:
    return [case.pk for case in person_find(viewer=viewer, dod_id=number, at=T0)]


def looks() -> list[tuple]:
    with as_owner() as owner:
        return owner.execute(
            "SELECT actor_id, data FROM reports_event WHERE kind = 'person_looked_up'"
        ).fetchall()


def test_one_finds_ones_own_cases_and_no_others(known) -> None:
    stage, mine, theirs = known
    world = stage.world
    from reports import access

    for viewer, expected in ((world.sarc, [mine.pk]), (world.stranger, [theirs.pk]), (world.va, [])):
        with access.viewing(viewer):
            assert ids(world, viewer, NUMBER) == expected
            assert ids(world, viewer, OTHER) == []
    with access.viewing(world.commander), pytest.raises(DomainError, match="appointment"):
        ids(world, world.commander, NUMBER)
    # Six looks, with a result and without: the same entry, which tells who and not for whom.
    assert sorted(looks()) == sorted(
        (who.pk, {}) for who in (world.sarc, world.stranger, world.va) for _ in "12"
    )


def test_a_changed_or_cleared_number_is_found_no_more(known) -> None:
    stage, mine, _ = known
    world = stage.world

    def complete(number: str) -> None:
        contact_complete(actor=world.sarc, case_id=mine.pk, at=T0, identity={"dod_id": number}, narrative={})

    complete(OTHER)
    assert mine.pk not in cases_of_person(NUMBER)
    assert cases_of_person(OTHER) == [mine.pk]
    complete("")
    assert cases_of_person(OTHER) == []
    assert PersonIndex.objects.get(case_id=mine.pk).digest is None
    # What is refused or rolled back leaves the index as it was.
    complete(NUMBER)
    with pytest.raises(DomainError):
        contact_complete(
            actor=world.sarc, case_id=mine.pk, at=T0, identity={"dod_id": OTHER}, narrative={"place": "moon"}
        )
    assert mine.pk in cases_of_person(NUMBER)
    assert cases_of_person(OTHER) == []


def test_the_index_follows_rotations_and_goes_with_the_case(known) -> None:
    _, mine, theirs = known
    old = bytes(PersonIndex.objects.get(case_id=mine.pk).digest)
    # The case database knows nothing of it.
    with as_owner() as owner:
        tables = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        events = owner.execute("SELECT data::text FROM reports_event").fetchall()
    assert not [name for (name,) in tables if "person" in name]
    assert not [data for (data,) in events if old.hex() in data or NUMBER in data]
    store.rotate(at=T0, master=True)
    assert bytes(PersonIndex.objects.get(case_id=mine.pk).digest) != old
    assert sorted(cases_of_person(NUMBER)) == sorted([mine.pk, theirs.pk])
    store.destroy(mine.pk, at=T0)
    assert cases_of_person(NUMBER) == [theirs.pk]
    # An old copy of the index has nothing to be compared with any more: its mask went with the epoch.
    PersonIndex.objects.filter(case_id=theirs.pk).update(digest=old)
    assert cases_of_person(NUMBER) == []


def test_the_doors_find_by_post_alone(known) -> None:
    stage, mine, theirs = known
    # A number that others know and one that nobody knows: the same bytes.
    door = Door(stage.world.va)
    assert {door.post("people/find", {"dod_id": number}).content for number in (NUMBER, OTHER)} == {
        b'{"items":[]}'
    }
    # Entering a number that is known tells no more than entering a new one.
    opened = [door.post("contacts", {"identity": {"dod_id": number}}) for number in (NUMBER, "9998887776")]
    assert {(answer.status_code, *answer.json()) for answer in opened} == {
        (201, "id", "number", "state", "election", "stands", "installation", "opened_at")
    }
    door = Door(stage.world.stranger)
    assert [row["number"] for row in door.done("people/find", {"dod_id": NUMBER})["items"]] == [theirs.number]
    door = Door(stage.world.sarc)
    assert door.done("people/find", {"dod_id": OTHER}) == {"items": []}
    refused(door.post("people/find", {"dod_id": "12345"}), 422, "bad_dod_id")
    assert door.get(f"people/find?dod_id={NUMBER}").status_code == 405
    desk = Client()
    passed(desk, stage.world.sarc)
    page = desk.get("/admin/people/find/", {"dod_id": NUMBER}).content.decode()
    assert mine.number not in page
    page = desk.post("/admin/people/find/", {"dod_id": NUMBER}).content.decode()
    assert mine.number in page
    assert NUMBER not in page
    assert "None of your cases" in desk.post("/admin/people/find/", {"dod_id": OTHER}).content.decode()
    wrong = desk.post("/admin/people/find/", {"dod_id": "12345"})
    assert wrong.status_code == 422
    assert re.search(r"has ten digits", wrong.content.decode())
