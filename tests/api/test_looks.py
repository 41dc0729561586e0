"""Every read that a look declares: whose it is, that it goes on by cursor, and that not yours is not there."""

from uuid import uuid4

from sapr import api_urls
from tests.api.door import Door, refused
from tests.api.test_acts import address, may
from tests.api.test_every_route import PEOPLE

LOOKS = [each for each in api_urls.urlpatterns if hasattr(each.callback.view_class, "look")]
# Of the whole installation, or of whoever asks: there is always an answer to these.
ALL_OF = {"calendar/feeds", "channels", "figures", "figures/quarters", "strength"}


def test_who_may_not_is_told_so_and_what_is_not_there_is_not_found(world):
    doors = {person: Door(getattr(world, person, None)) for person in PEOPLE}
    for pattern in LOOKS:
        view, url = pattern.callback.view_class, address(pattern)
        able = {person for person in PEOPLE[:-1] if may(world, person, view)}
        assert able, url
        refused(doors["nobody"].get(url), 401, "not_signed_in")
        for person in set(PEOPLE[:-1]) - able:
            refused(doors[person].get(url), 403, "not_your_role")
        for person in able:
            refused(doors[person].get(f"{url}?x=1"), 422, "unknown_field")
            if "<uuid:" in str(pattern.pattern):
                refused(doors[person].get(url), 404, "not_found")
            elif str(pattern.pattern) in ALL_OF:
                assert doors[person].get(url).status_code == 200
            else:
                assert set(doors[person].read(url)) == {"items", "next"}
                for wrong in ("?cursor=x", "?cursor=7f2a81a4-4d5e-4f5a-9c5b", "?limit=0"):
                    assert doors[person].get(url + wrong).status_code == 422, url + wrong


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
