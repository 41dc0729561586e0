"""Every route and every role: what the answer is. A route that is not in the table fails the last test.

Those that a service declares (sapr.acts) are walked by test_acts.py and, as services, by the access matrix; those
that a selector declares (sapr.reads) by test_reads.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import get_resolver

from sapr import api_urls
from tests.api.door import Door, paper, signatures
from tests.factories import AppointmentFactory
from tests.world import CANARIES, MEMBER, T0, World

# va opened the case, so that the installation's SARC is on it too; the others are not.
PEOPLE = ("sarc", "va", "other_va", "stranger", "commander", "unit_commander", "mcio", "manager", "nobody")


@dataclass
class Scene:
    """A case in the state that the route is about, and what else the address needs."""

    world: World
    state: str

    def __post_init__(self) -> None:
        va, signed_at = self.world.va, T0 - timedelta(hours=1)
        self.notice = self.item = self.request = ""
        if self.state in ("restricted", "unrestricted", "signed"):
            option = "restricted" if self.state == "signed" else self.state
            report = self.world.signed(option, actor=va, at=signed_at)
            self.case = report.case
            sarc = Door(self.world.sarc)
            self.notice = sarc.read("notices")["items"][0]
            path = f"cases/{self.case.pk}"
            if self.state != "signed":
                self.number = sarc.done(f"{path}/evidence-number", None, 201)["number"]
            if self.state == "unrestricted":
                sarc.done(f"{path}/kits/seal", {"number": self.number})
                self.item = Door(self.world.commander).read("inbox")["items"][0]["id"]
        elif self.state == "asked":
            self.case = self.world.contact(actor=va, at=signed_at)
            asker = AppointmentFactory(post=self.world.posts["stranger"]).user
            asked = Door(asker).done("emergencies", {"case": self.case.number, "reason": "Invented."}, 201)
            self.request = asked["id"]
        else:
            make = self.world.decided if self.state == "decided" else self.world.contact
            self.case = make(actor=va, at=signed_at)


@dataclass(frozen=True)
class Route:
    """`statuses`: one for each of PEOPLE, in that order."""

    method: str
    path: str
    statuses: str
    state: str = "contact"
    body: Callable[[Scene], Any] = lambda scene: None


OWN_POST = "201 201 201 201 403 403 403 403 401"
OWN_CASE = "{0} {0} 404 404 403 403 403 403 401"
ANYBODY = "200 200 200 200 200 200 200 200 401"
CASE_ROLES = "200 200 200 200 403 403 403 403 401"


def own_case(status: int) -> str:
    """The two people on the case succeed; to colleagues it does not exist; others have no such step."""
    return OWN_CASE.format(status)


def _release(scene: Scene) -> dict[str, Any]:
    from hashlib import sha256

    from notifications.anonymity import Settings
    from notifications.strength.wording import minimal_text

    minimal = minimal_text(Settings.of(T0.date()))
    return {"minimal": True, "sha256": sha256(minimal.encode()).hexdigest()}


ROUTES = [
    Route("POST", "contacts", OWN_POST, body=lambda s: {}),
    Route("PATCH", "contacts/{case}", own_case(200), body=lambda s: {"narrative": {"text": "More."}}),
    Route("GET", "cases", CASE_ROLES),
    Route("GET", "cases/{case}", own_case(200)),
    Route("POST", "cases/{case}/open", own_case(200), body=lambda s: {"purpose": "case_work"}),
    Route("POST", "cases/{case}/sealed", own_case(200), body=lambda s: {"purpose": "case_work"}),
    Route("POST", "cases/{case}/eligibility", own_case(201), body=lambda s: {"facts": MEMBER}),
    Route(
        "POST",
        "cases/{case}/sign",
        own_case(201),
        "decided",
        lambda s: paper(s.world.paper(s.case, "restricted")),
    ),
    Route(
        "POST",
        "cases/{case}/convert",
        "200 403 403 404 403 403 403 403 401",
        "restricted",
        lambda s: signatures(T0),
    ),
    Route("POST", "cases/{case}/steps", own_case(201), body=lambda s: {"kind": "vwap_explained"}),
    Route(
        "POST",
        "cases/{case}/va",
        "201 403 403 404 403 403 403 403 401",
        body=lambda s: {"va": "other_va"},
    ),
    Route("POST", "cases/{case}/evidence-number", own_case(201), "signed"),
    Route("POST", "people/find", CASE_ROLES, body=lambda s: {"dod_id": CANARIES["dod_id"]}),
    Route("POST", "eligibility", ANYBODY, body=lambda s: {"facts": MEMBER, "on": "2026-03-02"}),
    Route("GET", "policy/settings", "200 200 200 200 403 403 403 200 401"),
    Route("GET", "form-editions?form=DD%202910&on=2026-03-02", ANYBODY),
    Route("GET", "duties", CASE_ROLES),
    Route("GET", "notices", CASE_ROLES, "restricted"),
    Route("GET", "notices/{notice}", own_case(200), "restricted"),
    Route("POST", "notices/{notice}/release", "200 403 403 404 403 403 403 403 401", "restricted", _release),
    Route("GET", "inbox", ANYBODY, "unrestricted"),
    Route("POST", "inbox/{item}/open", "404 404 404 404 200 404 404 404 401", "unrestricted"),
    Route("POST", "inbox/{item}/acknowledge", "404 404 404 404 200 404 404 404 401", "unrestricted"),
    Route("GET", "emergencies", CASE_ROLES),
    Route(
        "POST",
        "emergencies",
        "409 409 201 201 403 403 403 403 401",
        "restricted",
        lambda s: {"case": s.case.number, "reason": "Invented."},
    ),
    Route("POST", "emergencies/{request}/reason", "200 403 403 404 403 403 403 200 401", "asked"),
    Route(
        "POST",
        "emergencies/{request}/decide",
        "200 403 403 404 403 403 403 200 401",
        "asked",
        lambda s: {"approve": True},
    ),
    Route("POST", "emergencies/{request}/end", "409 403 404 404 403 403 403 403 401", "asked"),
    Route("GET", "counts", "200 403 403 200 403 403 403 403 401"),
    # What an outside system asks about its own key (tests/clients); people have none.
    Route("GET", "client", "409 409 409 409 409 409 409 409 401"),
    Route("POST", "client/rotate", "409 409 409 409 409 409 409 409 401"),
]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_who_gets_what(world, route):
    scene = Scene(world, route.state)
    if scene.item:
        # The first notice of an Unrestricted report in the list may be anybody's; the item is the commander's.
        assert scene.notice
    path = route.path.format(
        case=scene.case.pk,
        notice=scene.notice["id"] if scene.notice else "",
        item=scene.item,
        request=scene.request,
    )
    answers = {}
    for person in PEOPLE:
        with transaction.atomic():
            door = Door(getattr(world, person, None))
            answers[person] = door.ask(route.method, path, route.body(scene)).status_code
            transaction.set_rollback(True)
    assert answers == dict(zip(PEOPLE, map(int, route.statuses.split()), strict=True))


@pytest.mark.parametrize(
    "route",
    [route for route in ROUTES if "{" in route.path],
    ids=lambda route: f"{route.method} {route.path}",
)
def test_not_yours_and_not_there_are_the_same_bytes(world, route):
    """Colleague in the same role and stranger, for a case that is there and for one that is not."""
    scene = Scene(world, route.state)
    there = {"case": scene.case.pk, "notice": scene.notice["id"] if scene.notice else "", "item": scene.item}
    there |= {"request": scene.request}
    gone = dict.fromkeys(there, "7f2a81a4-4d5e-4f5a-9c5b-000000000000")
    seen = set()
    for person in (world.other_va, world.stranger):
        for ids in (there, gone):
            answer = Door(person).ask(route.method, route.path.format(**ids), route.body(scene))
            if answer.status_code != 403:
                seen.add((answer.status_code, answer["Content-Type"], answer.content))
    assert len(seen) == 1
    assert next(iter(seen))[0] == 404


def test_the_access_of_an_ended_assignment_or_appointment_ends_at_once(world):
    case, door = world.contact(), Door(world.sarc)
    assert door.get(f"cases/{case.pk}").status_code == 200
    from accounts.models import Appointment
    from accounts.services import appointment_end

    appointment_end(
        appointment=Appointment.objects.get(user=world.sarc),
        actor=world.manager,
        at=T0 - timedelta(minutes=1),
    )
    assert door.get(f"cases/{case.pk}").status_code == 403


def test_a_list_shows_ones_own_cases_only(world):
    mine, theirs = world.contact(), world.contact(actor=world.stranger)
    assert [row["id"] for row in Door(world.sarc).read("cases")["items"]] == [str(mine.pk)]
    assert [row["id"] for row in Door(world.stranger).read("cases")["items"]] == [str(theirs.pk)]
    assert Door(world.other_va).read("cases")["items"] == []


def served(declared: bool = True) -> set[tuple[str, str]]:
    """(method, address) of every operation; without those that a service or a selector declares, if so asked."""
    found = set()
    for pattern in api_urls.urlpatterns:
        view = pattern.callback.view_class
        if declared or not (hasattr(view, "service") or hasattr(view, "selector")):
            methods = (each for each in ("get", "post", "put", "patch", "delete") if hasattr(view, each))
            found |= {(method.upper(), str(pattern.pattern)) for method in methods}
    return found


def test_every_api_route_stands_in_the_table():
    known = {
        (route.method, route.path.split("?")[0].replace("{", "<uuid:").replace("}", "_id>"))
        for route in ROUTES
    }
    assert served(declared=False) == known
    under_api = {
        str(each.pattern) for each in get_resolver().url_patterns if str(each.pattern).startswith("api")
    }
    assert under_api == {"api/schema/", "api/v1/"}
