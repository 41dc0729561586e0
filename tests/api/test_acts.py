"""Every operation that a service declares: whose it is, what it takes, and that it does what the service does.

Who of those may do it to which row is the services' own, and the access matrix asks them all (tests/access).
"""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import path

from accounts.models import Appointment
from reports import access
from sapr import api_urls, clock
from sapr.acts import act
from tests.access.register import SERVICES, STAFF
from tests.api.door import Door, refused
from tests.api.test_every_route import PEOPLE
from tests.world import T0

ACTS = [each for each in api_urls.urlpatterns if hasattr(each.callback.view_class, "service")]

# Where what is not there is nothing to end, for everybody alike.
NOTHING_THERE = {"feed_revoke": (409, "no_feed")}


def address(pattern, ids=uuid4) -> str:
    return re.sub(r"<uuid:\w+>", lambda _: str(ids()), str(pattern.pattern))


def may(world, person: str, view) -> bool:
    roles = Appointment.objects.filter(user=getattr(world, person)).values_list("post__role", flat=True)
    return any(role in access.VERBS[verb] for role in roles for verb in verbs_of(view))


def verbs_of(view) -> tuple[str, ...]:
    """Any of these is enough."""
    return (view.verb, *getattr(view, "also", ()))


def test_an_operation_asks_for_what_its_service_asks_for():
    """The verb is one of those that the register has for the service; each service is served once."""
    served = [each.callback.view_class for each in ACTS]
    assert len({view.service for view in served}) == len(served)
    for view in served:
        name = f"{view.service.__module__}.{view.service.__qualname__}"
        needs = (SERVICES | STAFF)[name].needs.split()
        assert {view.verb, *getattr(view, "also", ())} <= set(needs), view.service


def test_who_may_not_is_told_so_and_what_is_not_there_is_not_found(world):
    """Nobody 401, another role 403; a wrong body says the same to all who may, and nothing is not there."""
    doors = {person: Door(getattr(world, person, None)) for person in PEOPLE}
    roles = {
        verbs_of(view): {person for person in PEOPLE[:-1] if may(world, person, view)}
        for view in (each.callback.view_class for each in ACTS)
    }
    # Each person once for each verb; every operation by one who may and one who may not.
    asked: set[tuple[str, tuple[str, ...]]] = set()
    for pattern in ACTS:
        view, url = pattern.callback.view_class, address(pattern)
        verbs = verbs_of(view)
        able = roles[verbs]
        refused(doors["nobody"].post(url, {}), 401, "not_signed_in")
        others = set(PEOPLE[:-1]) - able
        for person in {*sorted(others)[:1]} | {each for each in others if (each, verbs) not in asked}:
            refused(doors[person].post(url, {"x": 1}), 403, "not_your_role")
        asked |= {(person, verbs) for person in others}
        for person in sorted(able)[:1]:
            refused(doors[person].post(url, {"x": 1}), 422, "unknown_field")
            answer = doors[person].post(url, [])
            assert answer.status_code == 422, (url, answer.content)
        needed = [name for name, field in view.InputSerializer().fields.items() if field.required]
        if "<uuid:" in str(pattern.pattern) and not needed:
            for person in sorted(able)[:2]:
                refused(
                    doors[person].post(url), *NOTHING_THERE.get(view.service.__name__, (404, "not_found"))
                )


def test_an_argument_that_comes_from_nowhere_stops_the_start():
    def service(*, actor, case_id, reason: str, at) -> None:
        """A service as others are."""

    with pytest.raises(TypeError, match="reason is neither in the address nor taken"):
        act("cases/<uuid:case_id>/x", service, verb="case_work", says="Do it")
    with pytest.raises(TypeError, match="case_id is neither"):
        act("cases/x", service, verb="case_work", says="Do it", takes={"reason": "Why."})
    made = act("cases/<uuid:case_id>/x", service, verb="case_work", says="Do it", takes={"reason": "Why."})
    assert isinstance(made, type(path("x", lambda request: None)))


def test_it_does_what_its_service_does_at_the_time_of_the_request(world):
    case, door = world.contact(), Door(world.sarc)
    clock.move(T0 + timedelta(hours=1), hold=True)
    assert door.done(f"cases/{case.pk}/walk-away")["state"] == "left_without_signing"
    with access.viewing(world.sarc):
        case.refresh_from_db()
    assert case.walked_away_at == T0 + timedelta(hours=1)
