"""Every read that a selector declares: whose it is, that it says the same of what is not there, and how it goes on.

What each of them shows is looked at where it is made, in the stories (test_ops_*.py).
"""

import re
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from rest_framework.serializers import Serializer

from reports.evidence.services import item_add, kit_number_issue, kit_seal
from reports.models import Matter
from sapr import api_urls
from sapr.fields import PageQuery
from sapr.reads import listing, thing
from tests.access.people import build
from tests.api.beside import left
from tests.api.door import Door, refused
from tests.api.test_acts import may
from tests.api.test_every_route import PEOPLE
from tests.casework.steps import begin
from tests.forms import one_of_each, sign
from tests.meeting.ways import called, held, line_of, minutes_kept, offered
from tests.times import T0
from tests.world import CANARIES

READS = [each for each in api_urls.urlpatterns if hasattr(each.callback.view_class, "selector")]
GONE = "7f2a81a4-4d5e-4f5a-9c5b-000000000000"
# Of a meeting, who belongs to the group or has the case; of a kit, whose it is or who has it.
SEEN = {"meetings/<uuid:meeting_id>": {"sarc", "va", "other_va", "commander"}}
SEEN["meetings/<uuid:meeting_id>/agenda"] = SEEN["meetings/<uuid:meeting_id>"]
SEEN["agenda-lines/<uuid:line_id>"] = {"sarc", "va", "commander"}
# What there is only once a kit is destroyed (test_ops_evidence.py).
LATER = {"cases/<uuid:case_id>/kits/<uuid:kit_id>/destruction/certificate"}
# The rows of the access matrix's scene, by the addresses that name them.
ROWS = {
    "matter_id": "matter", "form_id": "form", "kit_id": "kit", "card_id": "kit_card",
    "notice_id": "notice", "statement_id": "exception_statement", "erasure_id": "erasure", "finer_id": "finer_wording",
}  # fmt: skip


def full(world) -> dict[str, Any]:
    """A case with something for every read; the ids that the addresses name."""
    case = world.signed("unrestricted", actor=world.va).case
    kit, number = kit_number_issue(actor=world.sarc, case_id=case.pk, at=T0)
    kit_seal(actor=world.sarc, case_id=case.pk, number=number, at=T0)
    item_add(actor=world.sarc, case_id=case.pk, kit_id=kit.pk, kind="phone", at=T0)
    matter: Matter = begin(world, case, "service")
    one_of_each(world, case)
    paper = sign(world, case, "DD 2910-2")
    meeting = held(world, called(world))
    line = line_of(world, meeting, case.pk)
    minutes_kept(world, line)
    offered(world, case.pk)
    return {
        "case_id": case.pk, "matter_id": matter.pk, "meeting_id": meeting.pk, "line_id": line.pk, "form_id": paper.pk,
        "kit_id": kit.pk, "card_id": kit.card_id,
    }  # fmt: skip


def address(pattern, ids: dict[str, Any]) -> str:
    """The address with these ids; others name nothing."""
    return re.sub(r"<uuid:(\w+)>", lambda found: str(ids.get(found[1], GONE)), str(pattern.pattern))


def names(pattern) -> set[str]:
    """What the address names."""
    return set(re.findall(r":(\w+)>", str(pattern.pattern)))


def able_to(world, pattern) -> list[str]:
    """Whose appointments include the read, whatever they are on."""
    return [person for person in PEOPLE[:-1] if may(world, person, pattern.callback.view_class)]


def test_who_reads_what_and_what_is_not_yours_is_not_there(world):
    """Nobody 401, another role 403, not one's own as if it were not there; a sealed word in no answer."""
    ids, doors = full(world), {person: Door(getattr(world, person, None)) for person in PEOPLE}
    missing = {doors["sarc"].get(f"cases/{GONE}").content}
    for pattern in READS:
        route, able = str(pattern.pattern), able_to(world, pattern)
        there = names(pattern) <= set(ids) and route not in LATER
        seen = SEEN.get(route, {"sarc", "va"} if "<" in route else set(PEOPLE)) if there else set()
        refused(doors["nobody"].get(address(pattern, ids)), 401, "not_signed_in")
        for person in set(PEOPLE[:-1]) - set(able):
            refused(doors[person].get(address(pattern, ids)), 403, "not_your_role")
        refused(doors[able[0]].get(f"{address(pattern, ids)}?x=1"), 422, "unknown_field")
        for person in able:
            answer = doors[person].get(address(pattern, ids))
            if person == "other_va" and "<" in route:
                missing.add(doors[person].get(address(pattern, {})).content)
            if person in seen:
                assert answer.status_code == 200, (person, route, answer.content)
                assert not any(each in answer.content.decode() for each in CANARIES.values()), route
            else:
                assert answer.status_code == 404, (person, route, answer.content)
                missing.add(answer.content)
    assert len(missing) == 1


def test_a_list_goes_on_where_it_stopped_and_has_no_total(world):
    """In halves each list gives what it gives at once, in an order that stands; a made-up cursor is none."""
    ids, doors, halved = full(world), {person: Door(getattr(world, person)) for person in PEOPLE[:-1]}, set()
    for pattern in READS:
        if pattern.callback.view_class.QuerySerializer is not PageQuery or not names(pattern) <= set(ids):
            continue
        url, door = address(pattern, ids), doors[able_to(world, pattern)[0]]
        for wrong in ("cursor=x", "cursor=e30", f"cursor={'A' * 500}"):
            refused(door.get(f"{url}?{wrong}"), 422, "bad_cursor")
        assert door.get(f"{url}?limit=0").status_code == 422
        whole = door.read(f"{url}?limit=100")
        assert set(whole) == {"items", "next"}
        assert whole["next"] is None
        items = whole["items"]
        if len(items) > 1:
            half = (len(items) + 1) // 2
            first = door.read(f"{url}?limit={half}")
            rest = door.read(f"{url}?limit={half}&cursor={first['next']}")
            assert (first["items"] + rest["items"], rest["next"]) == (items, None), url
            halved.add(url)
    assert len(halved) >= 8


def test_a_list_by_ids_goes_on_to_its_end(world):
    door, seen, url = Door(world.manager), [], "staff/posts?limit=3"
    answer = door.read(url)
    while True:
        seen += [row["id"] for row in answer["items"]]
        if answer["next"] is None:
            break
        answer = door.read(f"{url}&cursor={answer['next']}")
    assert seen == sorted(set(seen))
    assert len(seen) == len(door.read("staff/posts?limit=100")["items"]) > 6


def test_no_read_opens_a_seal_or_writes_anything(world):
    """Every address with the ids of a scene that holds a row of nearly everything."""
    scene = build(world, "restricted")
    ids = {name: scene.rows[kind][0].pk for name, kind in ROWS.items() if scene.rows.get(kind)}
    ids |= {"case_id": scene.case.pk, "location_id": world.installation.pk}
    doors = {person: Door(getattr(world, person)) for person in ("sarc", "manager", "commander")}
    before, shown = left(world, tuple(doors)), {}
    for pattern in READS:
        for person in set(doors) & set(able_to(world, pattern)):
            answer = doors[person].get(address(pattern, ids))
            if answer.status_code == 200:
                shown[str(pattern.pattern), person] = answer.content.decode()
    assert len({route for route, _ in shown}) > len(READS) - 10
    after = left(world, tuple(doors))
    assert [name for name in before if before[name] != after[name]] == []
    assert not [
        (where, value) for where, text in shown.items() for value in CANARIES.values() if value in text
    ]


def test_an_argument_that_comes_from_nowhere_stops_the_start():
    def of_case(*, viewer, case, part) -> None:
        """A selector as others are."""

    told = {"name": "x", "verb": "case_view", "says": "Read it"}
    with pytest.raises(TypeError, match="part comes from nowhere"):
        thing("cases/<uuid:case_id>/x", of_case, **told, answers=Serializer)
    with pytest.raises(TypeError, match="case, part comes from nowhere"):
        listing("x", of_case, **told, item=Serializer)


def test_the_record_of_a_case_reads_in_the_order_of_its_chain(world):
    ids, door = full(world), Door(world.va)
    events, cursor = [], ""
    while cursor is not None:
        part = door.read(f"cases/{ids['case_id']}/events?limit=20{cursor and f'&cursor={cursor}'}")
        events, cursor = events + part["items"], part["next"]
    assert all(later["seq"] == earlier["seq"] + 1 for later, earlier in pairwise(events))
    assert (events[-1]["kind"], events[-1]["seq"]) == ("contact_opened", 1)
    assert {"report_signed", "cmg_held", "move_offered"} <= {each["kind"] for each in events}
    for each in events:
        assert each["sentence"]
        assert each["occurred_at"].endswith("Z")
        # Words of lists only: neither an id nor a digest.
        said = [
            word
            for value in each["details"].values()
            for word in (value if isinstance(value, list) else [value])
        ]
        assert not any(len(str(word)) > 40 or _is_id(str(word)) for word in said), each


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False
