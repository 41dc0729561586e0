"""Every read that a selector declares: whose it is, that it says the same of what is not there, and how it goes on.

What each of them shows is looked at where it is made, in the stories (test_ops_*.py).
"""

import re
from itertools import pairwise
from typing import Any
from uuid import UUID

from reports.evidence.services import item_add, kit_number_issue, kit_seal
from reports.models import Matter
from sapr import api_urls
from sapr.fields import PageQuery
from tests.api.door import Door, refused
from tests.api.test_acts import may
from tests.api.test_every_route import PEOPLE
from tests.casework.steps import begin
from tests.forms import one_of_each, sign
from tests.meeting.ways import called, held, line_of, minutes_kept, offered
from tests.times import T0
from tests.world import CANARIES

READS = [each for each in api_urls.urlpatterns if hasattr(each.callback.view_class, "reads")]
GONE = "7f2a81a4-4d5e-4f5a-9c5b-000000000000"
# Of a meeting, who belongs to the group or has the case; of a kit, whose it is or who has it.
SEEN = {"meetings/<uuid:meeting_id>": {"sarc", "va", "other_va", "commander"}}
SEEN["meetings/<uuid:meeting_id>/agenda"] = SEEN["meetings/<uuid:meeting_id>"]
SEEN["agenda-lines/<uuid:line_id>"] = {"sarc", "va", "commander"}
# What there is only once a kit is destroyed (test_ops_evidence.py).
LATER = {"cases/<uuid:case_id>/kits/<uuid:kit_id>/destruction/certificate"}


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
    return re.sub(r"<uuid:(\w+)>", lambda found: str(ids[found[1]]), str(pattern.pattern))


def test_every_read_is_its_own_peoples_goes_on_where_it_stopped_and_keeps_its_order(world):
    """One case with something for each of them, asked for in every way."""
    ids = full(world)
    _who_reads_what(world, ids)
    _a_list_goes_on(world, ids)
    _the_record_is_in_order(world, ids)


def _who_reads_what(world, ids: dict[str, Any]) -> None:
    """Nobody 401, another role 403, not one's own as if it were not there; a sealed word in no answer."""
    doors = {person: Door(getattr(world, person, None)) for person in PEOPLE}
    gone = dict.fromkeys(ids, GONE)
    missing = {doors["sarc"].get(f"cases/{GONE}").content}
    able = {
        verb: [each for each in PEOPLE[:-1] if may(world, each, verb)]
        for verb in {each.callback.view_class.verb for each in READS}
    }
    for pattern in READS:
        view, route = pattern.callback.view_class, str(pattern.pattern)
        seen = SEEN.get(route, {"sarc", "va"} if "<" in route else set(PEOPLE))
        refused(doors["nobody"].get(address(pattern, ids)), 401, "not_signed_in")
        others = set(PEOPLE[:-1]) - set(able[view.verb])
        for person in sorted(others)[:1]:
            refused(doors[person].get(address(pattern, ids)), 403, "not_your_role")
        for person in able[view.verb]:
            answer = doors[person].get(address(pattern, ids))
            if person == "other_va" and "<" in route:
                missing.add(doors[person].get(address(pattern, gone)).content)
            if person in seen and route not in LATER:
                assert answer.status_code == 200, (person, route, answer.content)
                assert not any(each in answer.content.decode() for each in CANARIES.values()), route
            else:
                assert answer.status_code == 404, (person, route, answer.content)
                missing.add(answer.content)
    assert len(missing) == 1


def _a_list_goes_on(world, ids: dict[str, Any]) -> None:
    """In halves each list gives what it gives at once, without a total; a made-up cursor is none."""
    door = Door(world.sarc)
    halved = set()
    for pattern in READS:
        view, url = pattern.callback.view_class, address(pattern, ids)
        if view.QuerySerializer is not PageQuery or not may(world, "sarc", view.verb):
            continue
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
        for wrong in ("e30", "A" * 500):
            refused(door.get(f"{url}?cursor={wrong}"), 422, "bad_cursor")
    assert len(halved) >= 5


def _the_record_is_in_order(world, ids: dict[str, Any]) -> None:
    """The events of a case in the order of their chain, in words of lists."""
    door = Door(world.va)
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
