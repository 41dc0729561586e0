"""Generated bodies at every operation that takes one: refused or done, never a failure of ours."""

from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.casework.events import STEPS
from tests.api.door import Door, paper, signatures
from tests.api.shapes import JSON, ODD_TEXT, body_of
from tests.api.test_acts import ACTS, may
from tests.api.test_every_route import PEOPLE, ROUTES
from tests.api.test_reads import address, full
from tests.casework.steps import all_closed
from tests.world import MEMBER, T0

# How many bodies of each operation, and how many in the long version.
EXAMPLES, MORE = 3, 25
VIEWS = [each.callback.view_class for each in ACTS]
WRITES = [route for route in ROUTES if route.method != "GET"]


def spoiled(body: Any) -> st.SearchStrategy[Any]:
    """The body with one key anywhere in it replaced, removed or added."""
    places = list(_places(body))

    @st.composite
    def build(draw: Any) -> Any:
        place = draw(st.sampled_from(places))
        return _changed(
            body, place, draw(st.sampled_from(["set", "drop", "add"])), draw(JSON), draw(ODD_TEXT)
        )

    return build()


def _places(value: Any, at: tuple = ()):
    yield at
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _places(inner, (*at, key))


def _changed(body: Any, place: tuple, how: str, value: Any, key: str) -> Any:
    if not place:
        return {**body, key: value} if how == "add" else value
    first, *rest = place
    if not rest and how == "drop":
        return {k: v for k, v in body.items() if k != first}
    how = how if isinstance(body[first], dict) else "set"
    return {**body, first: _changed(body[first], tuple(rest), how, value, key)}


def good_bodies(world, case, number: str) -> dict[str, Any]:
    """For each operation a body that it would take."""
    return {
        "contacts": {
            "source": "self",
            "identity": {"name": "A", "dod_id": "1234567890", "offender_post": str(world.posts["mcio"].pk)},
            "narrative": {"text": "B", "incident_on": "2026-03-01", "place": "not_stated"},
        },
        "contacts/{case}": {"identity": {"name": "A"}, "narrative": {"incident_on": "2026-03-01"}},
        "cases/{case}/open": {"purpose": "case_work"},
        "cases/{case}/sealed": {"purpose": "case_work"},
        "cases/{case}/eligibility": {"facts": MEMBER},
        "cases/{case}/sign": paper(world.paper(case, "restricted")) | {"late_reason": "found_late"},
        "cases/{case}/convert": signatures(T0),
        "cases/{case}/steps": {"kind": "safe_offered", "details": {"answer": "accepted"}},
        "cases/{case}/va": {"va": "va"},
        "cases/{case}/kits/seal": {"number": number},
        "cases/{case}/kits/to-mcio": {"number": number},
        "eligibility": {"facts": MEMBER, "on": "2026-03-02", "profile": "dated"},
        "notices/{notice}/release": {"minimal": True, "sha256": "0" * 64},
    }


def _thrown_at(world, route, examples: int) -> None:
    door = Door(world.sarc)
    contact = world.decided(at=T0 - timedelta(hours=2))
    report = world.signed("restricted", at=T0 - timedelta(hours=1))
    number = door.done(f"cases/{report.case_id}/evidence-number", None, 201)["number"]
    notice = door.read("notices")["items"][0]["id"]
    unsigned = route.path.split("/")[-1] in ("sign", "walk-away", "eligibility", "{case}")
    case = contact if unsigned else report.case
    path = route.path.format(case=case.pk, notice=notice, item=notice, request=notice)
    good = good_bodies(world, case, number).get(route.path, {})

    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(body=spoiled(good) | JSON | st.binary(max_size=40))
    def throw(body: Any) -> None:
        with transaction.atomic():
            answer = door.ask(route.method, path, body)
            transaction.set_rollback(True)
        assert answer.status_code < 500, (answer.content, body)
        if answer.status_code >= 400:
            assert answer["Content-Type"] == "application/problem+json"
            answer.json()["detail"].encode()

    throw()


def test_no_body_makes_the_door_fail(world):
    """A few bodies of every operation, each from the same beginning."""
    for route in WRITES:
        with transaction.atomic():
            _thrown_at(world, route, EXAMPLES)
            transaction.set_rollback(True)


@pytest.mark.long
@pytest.mark.parametrize("route", WRITES, ids=lambda route: f"{route.method} {route.path}")
def test_no_body_makes_the_door_fail_however_many(world, route):
    _thrown_at(world, route, MORE)


def _thrown_at_every_act(world, examples: int) -> Counter:
    """Bodies made from what each declared operation takes, as somebody who may; how often each status came back."""
    ids = full(world) | {name: uuid4() for name in ("hop_id", "hold_id", "item_id", "handover_id")}
    able = {view: next(each for each in PEOPLE if may(world, each, view)) for view in VIEWS}
    doors = {person: Door(getattr(world, person)) for person in set(able.values())}
    answered: Counter = Counter()
    for pattern in ACTS:
        view = pattern.callback.view_class
        bodies = body_of(view.InputSerializer, ids.values(), PEOPLE)
        url = address(pattern, defaultdict(uuid4, ids))
        _throw(doors[able[view]], url, bodies, examples, answered)
    return answered


def _throw(door: Door, url: str, bodies: st.SearchStrategy, examples: int, answered: Counter) -> None:
    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(body=bodies)
    def throw(body: Any) -> None:
        with transaction.atomic():
            answer = door.post(url, body)
            transaction.set_rollback(True)
        assert answer.status_code < 500, (url, answer.content, body)
        answered[answer.status_code] += 1

    throw()


def test_no_body_of_its_own_shape_makes_an_act_fail(world):
    answered = _thrown_at_every_act(world, 2)
    assert sum(answered.values()) >= len(ACTS)


@pytest.mark.long
def test_no_body_of_its_own_shape_makes_an_act_fail_however_many(world):
    answered = _thrown_at_every_act(world, 40)
    # Not all are stopped at the door: some are done, some meet what happened before.
    assert {200, 201, 404, 409, 422} <= set(answered)


def test_every_kind_of_step_is_taken_or_refused(world):
    """Each step with its first answers, for a contact and for both reports."""
    door = Door(world.sarc)
    cases = [world.contact(), world.signed("restricted").case, world.signed("unrestricted").case]
    all_closed(world, cases[-1])
    answers: dict[str, list[int]] = {}
    for kind, step in STEPS.items():
        details = {name: values[0] for name, values in step.details.items()}
        for case in cases:
            answer = door.post(f"cases/{case.pk}/steps", {"kind": kind, "details": details})
            answers.setdefault(kind, []).append(answer.status_code)
    fits = {
        kind: [s in step.elections for s in ("", "restricted", "unrestricted")]
        for kind, step in STEPS.items()
    }
    # EV-13: asked once, and not before a year has passed.
    fits["conversion_asked"] = [False, False, False]
    assert answers == {kind: [201 if fit else 409 for fit in fitting] for kind, fitting in fits.items()}
