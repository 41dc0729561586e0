"""Every read that a look declares: whose it is, that it goes on by cursor, and that not yours is not there."""

import re
from uuid import uuid4

from sapr import api_urls
from tests.access.people import build
from tests.api.beside import left
from tests.api.door import Door, refused
from tests.api.test_acts import address, may
from tests.api.test_every_route import PEOPLE
from tests.world import CANARIES

LOOKS = [each for each in api_urls.urlpatterns if hasattr(each.callback.view_class, "look")]
# Of the whole installation, or of whoever asks: there is always an answer to these.
# The rows of the access matrix's scene, by the addresses that name them.
ROWS = {
    "notice_id": "notice", "statement_id": "exception_statement", "erasure_id": "erasure", "finer_id": "finer_wording",
}  # fmt: skip
ALL_OF = {"calendar/feeds", "channels", "figures", "figures/quarters", "strength"}


def test_who_may_not_is_told_so_and_what_is_not_there_is_not_found(world):
    doors = {person: Door(getattr(world, person, None)) for person in PEOPLE}
    for pattern in LOOKS:
        view, url = pattern.callback.view_class, address(pattern)
        able = [person for person in PEOPLE[:-1] if may(world, person, view)]
        refused(doors["nobody"].get(url), 401, "not_signed_in")
        for person in set(PEOPLE[:-1]) - set(able):
            refused(doors[person].get(url), 403, "not_your_role")
        for person in able[1:]:
            assert doors[person].get(url).status_code in (200, 404), url
        door = doors[able[0]]
        refused(door.get(f"{url}?x=1"), 422, "unknown_field")
        if "<uuid:" in str(pattern.pattern):
            refused(door.get(url), 404, "not_found")
        elif str(pattern.pattern) in ALL_OF:
            assert door.get(url).status_code == 200
        else:
            assert set(door.read(url)) == {"items", "next"}
            for wrong in ("?cursor=x", "?limit=0"):
                assert door.get(url + wrong).status_code == 422, url + wrong


def test_of_somebody_elses_case_everything_is_not_there(world):
    """The same bytes as for a case that is not there, for a colleague at the same place and for a stranger."""
    case = world.signed("restricted", actor=world.va).case
    addresses = [pattern for pattern in LOOKS if str(pattern.pattern).startswith("cases/<uuid:case_id>/")]
    assert len(addresses) >= 5
    answers = set()
    for pattern in addresses:
        for person in (world.other_va, world.stranger):
            if not may(world, person.username, pattern.callback.view_class):
                continue
            for case_id in (case.pk, uuid4()):
                answers.add(Door(person).get(address(pattern, lambda pk=case_id: pk)).content)
        assert Door(world.sarc).get(address(pattern, lambda: case.pk)).status_code == 200
    assert len(answers) == 1


def test_no_look_opens_a_seal_or_writes_anything(world):
    """Every address with the ids of a scene that holds a row of nearly everything."""
    scene = build(world, "restricted")
    ids = {name: scene.rows[thing][0].pk for name, thing in ROWS.items() if scene.rows.get(thing)}
    ids |= {"case_id": scene.case.pk, "location_id": world.installation.pk}
    doors = [Door(getattr(world, person)) for person in ("sarc", "manager", "commander")]
    before, shown = left(world, ("sarc", "manager", "commander")), []
    for pattern in LOOKS:
        url = re.sub(r"<uuid:(\w+)>", lambda found: str(ids.get(found[1], uuid4())), str(pattern.pattern))
        answers = [answer for door in doors if (answer := door.get(url)).status_code == 200]
        shown += [(url, answer.content.decode()) for answer in answers]
    assert len({url for url, _ in shown}) > len(LOOKS) - 6, sorted({url for url, _ in shown})
    after = left(world, ("sarc", "manager", "commander"))
    assert [name for name in before if before[name] != after[name]] == []
    assert not [(url, value) for url, text in shown for value in CANARIES.values() if value in text]


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
