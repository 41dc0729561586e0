"""Lists as they are asked for: filters, orders, fields; each allowed one is listed, any other refused."""

from datetime import timedelta
from urllib.parse import quote

import pytest

from tests.api.door import refused
from tests.times import T0

HOUR = timedelta(hours=1)


def ids(door, path: str) -> list[str]:
    return [row["id"] for row in door.read(path)["items"]]


def test_cases_by_the_words_of_the_page(world, door):
    old = str(world.contact(at=T0 - timedelta(days=20)).pk)
    restricted = str(world.signed("restricted", at=T0 - 2 * HOUR).case_id)
    unrestricted = str(world.signed("unrestricted", at=T0 - HOUR).case_id)
    everything = ids(door, "cases")
    assert set(everything) == {old, restricted, unrestricted}
    assert ids(door, "cases?order=oldest") == everything[::-1]
    for words, found in (
        ("stands=restricted", [restricted]),
        ("stands=contact", [old]),
        ("running=closed", []),
        ("role=sarc&stands=unrestricted", [unrestricted]),
        ("kit=none&order=oldest", everything[::-1]),
        ("opened_to=2026-02-20", [old]),
        ("opened_from=2026-02-25&stands=restricted", [restricted]),
        (f"place={world.installation.pk}&stands=contact", [old]),
    ):
        assert ids(door, f"cases?{words}") == found, words


def test_duties_and_notices_by_kind_state_and_time(world, door):
    first = world.signed("restricted", at=T0 - 2 * HOUR).case_id
    world.signed("unrestricted", at=T0 - HOUR)
    duties = door.read("duties?limit=100")["items"]
    assert [each["id"] for each in duties] == [
        each["id"] for each in sorted(duties, key=lambda each: (each["due_at"], each["id"]))
    ]
    latest = [each["due_at"] for each in door.read("duties?limit=100&order=latest")["items"]]
    assert latest == sorted(latest, reverse=True)
    one = duties[0]
    for words, keep in (
        (f"kind={one['kind']}", lambda each: each["kind"] == one["kind"]),
        (f"role={one['role']}", lambda each: each["role"] == one["role"]),
        (f"case={first}", lambda each: each["case"] == str(first)),
        (f"due_from={quote(duties[3]['due_at'])}", lambda each: each["due_at"] >= duties[3]["due_at"]),
        (f"due_until={quote(duties[3]['due_at'])}", lambda each: each["due_at"] < duties[3]["due_at"]),
    ):
        wanted = [each["id"] for each in duties if keep(each)]
        assert wanted
        assert ids(door, f"duties?limit=100&{words}") == wanted, words
    notices = door.read("notices")["items"]
    states = {each["state"] for each in notices}
    assert len(states) > 1
    for state in states:
        assert ids(door, f"notices?state={state}") == [e["id"] for e in notices if e["state"] == state]
    assert ids(door, "notices?kind=mcio_notice") == [
        each["id"] for each in notices if each["kind"] == "mcio_notice"
    ]
    assert (
        ids(door, f"notices?case={first}&order=latest&last_slot_from=2026-01-01T00:00Z")
        == [each["id"] for each in notices if each["case"] == str(first)][::-1]
    )


@pytest.mark.parametrize(
    ("path", "code", "named"),
    [
        ("cases?stands=asleep", "unknown_value", "stands"),
        ("cases?order=number", "unknown_value", "order"),
        ("cases?order=", "unknown_value", "order"),
        ("cases?name=Canary", "unknown_field", "name"),
        ("cases?place=7f2a81a4-4d5e-4f5a-9c5b-000000000000", "unknown_value", "place"),
        ("cases?place=here", "wrong_type", "place"),
        ("cases?opened_to=9999-12-31", "out_of_range", "opened_to"),
        ("cases?opened_from=yesterday", "wrong_type", "opened_from"),
        ("cases?fields=id,name", "unknown_value", "fields"),
        ("cases?fields=", "unknown_value", "fields"),
        ("duties?kind=%00", "unknown_value", "kind"),
        ("duties?state=open", "unknown_field", "state"),
        ("duties?due_from=2026-03-02T10:00", "naive_time", "due_from"),
        ("duties?due_from=0001-01-01T00:00%2B14:00", "out_of_range", "due_from"),
        ("notices?state=sent", "unknown_value", "state"),
        ("notices?wording=x", "unknown_field", "wording"),
        ("inbox?order=oldest", "unknown_field", "order"),
        ("contacts/7f2a81a4-4d5e-4f5a-9c5b-000000000000?fields=id", "unknown_field", "fields"),
    ],
)
def test_what_no_list_has_is_refused(world, door, path, code, named):
    method = "PATCH" if path.startswith("contacts") else "GET"
    assert refused(door.ask(method, path), 422, code)["path"] == named


def test_a_cursor_is_of_its_own_list(world, door):
    for hour in range(3):
        world.contact(at=T0 - hour * HOUR)
    whole = ids(door, "cases")
    for words in ("", "&order=newest", "&order=oldest", "&stands=contact&running=open"):
        seen, path = [], f"cases?limit=1{words}"
        while path:
            part = door.read(path)
            seen += [row["id"] for row in part["items"]]
            path = part["next"] and f"cases?limit=1{words}&cursor={part['next']}"
        assert seen == (whole[::-1] if "oldest" in words else whole), words
    cursor = {
        words: door.read(f"cases?limit=1&{words}")["next"] for words in ("", "order=oldest", "stands=contact")
    }
    for words, used in (
        ("", "order=oldest"),
        ("order=oldest", ""),
        ("stands=contact", "stands=restricted"),
        ("", "stands=contact"),
    ):
        refused(door.get(f"cases?limit=1&{used}&cursor={cursor[words]}"), 422, "bad_cursor")
    # How many, and which of their fields, is no other list.
    assert door.get(f"cases?limit=2&fields=id&cursor={cursor['']}").status_code == 200


def test_sparse_fields_are_those_of_the_answer(world, door):
    report = world.signed("restricted")
    whole = door.read(f"cases/{report.case_id}")
    for names in (["id"], ["election", "id", "notices"], list(whole)):
        assert door.read(f"cases/{report.case_id}?fields={','.join(names)}") == {
            name: value for name, value in whole.items() if name in names
        }
    page = door.read("duties?fields=id,due_at&limit=2")
    assert {tuple(row) for row in page["items"]} == {("id", "due_at")}
    assert page["next"]
    # The inbox is as long as it was.
    assert len(door.get("inbox?fields=id").content) == len(door.get("inbox").content)
