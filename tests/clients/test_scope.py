"""What an outside system reaches with its key: what its account may do, narrowed by place, room, verb and field."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from accounts.clients.door import OF_PEOPLE, OWN, READ_ONLY
from accounts.clients.models import ClientKey
from accounts.clients.scopes import rooms
from accounts.models import Appointment
from reports import access
from reports.breakglass import services as breakglass
from reports.breakglass.models import BreakGlass
from reports.election.contacts import contact_open
from reports.models import Assignment, Case, Identity, Narrative
from tests.api.door import Door, refused
from tests.api.test_every_route import PEOPLE, ROUTES, Scene, served
from tests.clients.systems import door_of, made
from tests.factories import AppointmentFactory
from tests.people.rights import run
from tests.times import T0

HOUR = timedelta(hours=1)
GONE = "7f2a81a4-4d5e-4f5a-9c5b-000000000000"


@pytest.fixture
def two_places(world):
    """The SARC holds the same post at another installation as well, and has a case at each: (here, there)."""
    here = world.contact()
    AppointmentFactory(user=world.sarc, post=world.posts["stranger"], starts_at=T0 - HOUR)
    elsewhere = world.posts["stranger"].location
    return here, contact_open(
        actor=world.sarc, at=T0, installation=elsewhere, identity={"name": "V. Elsewhere"}
    )


def test_a_case_of_another_installation_is_not_there(world, two_places):
    """The account has both; through the key the one elsewhere is, byte for byte, a case that never was."""
    here, there = two_places
    mine = {row["id"] for row in Door(world.sarc).read("cases")["items"]}
    assert mine == {str(here.pk), str(there.pk)}
    door = door_of(made(world, world.sarc, "cases", "duties", "people", "contacts", "notices")[1])
    assert [row["id"] for row in door.read("cases")["items"]] == [str(here.pk)]
    assert {row["case"] for row in door.read("duties")["items"]} == {str(here.pk)}
    assert door.get(f"cases/{here.pk}").status_code == 200
    for method, path, body in (
        ("GET", "cases/{}", None),
        ("POST", "cases/{}/open", {"purpose": "case_work"}),
        ("POST", "cases/{}/sealed", {"purpose": "case_work"}),
        ("POST", "cases/{}/walk-away", None),
        ("POST", "cases/{}/steps", {"kind": "vwap_explained"}),
        ("PATCH", "contacts/{}", {"narrative": {"text": "More."}}),
    ):
        seen = {door.ask(method, path.format(case), body).content for case in (there.pk, GONE)}
        assert len(seen) == 1, path
        assert door.ask(method, path.format(there.pk), body).status_code == 404, path
    assert Door(world.sarc).get(f"cases/{there.pk}").status_code == 200
    with access.viewing(world.sarc):
        assert Case.objects.get(pk=there.pk).walked_away_at is None


def test_the_database_holds_the_places_by_itself(world, two_places):
    """Raw SQL of the web role in a transaction that names the key: rows of that installation, of whatever table."""
    here, there = two_places
    (key, _), (other, _) = made(world, world.sarc), made(world, world.va, name="Another")
    with access.viewing(world.sarc):
        assert Case.objects.count() == 2
        run("SELECT set_config('sapr.client', %s, true)", str(key.pk))
        for model, case in ((Case, "pk"), (Identity, "case_id"), (Narrative, "case_id")):
            assert {getattr(row, case) for row in model.objects.all()} <= {here.pk}, model
        assert not Case.objects.filter(pk=there.pk).update(walked_away_at=T0)
        # Somebody else's key, one that never was, and one that was revoked hold nothing at all.
        for wrong in (str(other.pk), GONE):
            run("SELECT set_config('sapr.client', %s, true)", wrong)
            assert not Case.objects.exists()
        run("SELECT set_config('sapr.client', '', true)")
        ClientKey.objects.filter(pk=key.pk).update(revoked_at=T0)
        run("SELECT set_config('sapr.client', %s, true)", str(key.pk))
        assert not Case.objects.exists()
        run("SELECT set_config('sapr.client', '', true)")
        assert Case.objects.count() == 2


def test_emergency_access_and_what_else_is_a_persons_own_is_no_systems(world):
    """Somebody's emergency access is theirs: through a key neither Python nor the database knows of it."""
    theirs = world.contact(actor=world.stranger)
    asked = breakglass.break_glass_ask(actor=world.sarc, case=theirs.number, reason="Invented.", at=T0)
    with access.viewing(world.manager):
        breakglass.break_glass_decide(actor=world.manager, request_id=asked.pk, approve=True, at=T0)
    assert Door(world.sarc).get(f"cases/{theirs.pk}").status_code == 200
    elsewhere = (world.installation.pk, world.posts["stranger"].location_id)
    key, secret = made(world, world.sarc, "cases", places=elsewhere)
    refused(door_of(secret).get(f"cases/{theirs.pk}"), 404, "not_found")
    refused(door_of(secret).get("emergencies"), 403, "not_in_scope")
    with access.viewing(world.sarc):
        assert Case.objects.filter(pk=theirs.pk).exists()
        run("SELECT set_config('sapr.client', %s, true)", str(key.pk))
        assert not Case.objects.filter(pk=theirs.pk).exists()
        assert not BreakGlass.objects.exists()
        run("SELECT set_config('sapr.client', '', true)")


def test_a_key_never_widens_what_its_account_may(world):
    """With every room and verb, at the places of all posts, the SARC's system is answered what the SARC is."""
    _answered_as_its_account(world, ("sarc",))


@pytest.mark.long
def test_nor_in_anybodys_name(world):
    _answered_as_its_account(world, tuple(each for each in PEOPLE if each != "nobody"))


def _answered_as_its_account(world, people: tuple[str, ...]) -> None:
    places = {post.location_id for post in world.posts.values()} - {world.posts["unit_commander"].location_id}
    everything = {"places": tuple(places)}
    for state in sorted({route.state for route in ROUTES}):
        with transaction.atomic():
            scene = Scene(world, state)
            ids = {"case": scene.case.pk, "notice": scene.notice["id"] if scene.notice else ""}
            ids |= {"item": scene.item, "request": scene.request}
            for person in people:
                door = door_of(made(world, getattr(world, person), *rooms(), name=person, **everything)[1])
                for route in (each for each in ROUTES if each.state == state):
                    expected = int(route.statuses.split()[PEOPLE.index(person)])
                    room = route.path.partition("/")[0].partition("?")[0]
                    with transaction.atomic():
                        answer = door.ask(route.method, route.path.format(**ids), route.body(scene))
                        transaction.set_rollback(True)
                    if room == OWN:
                        assert answer.status_code in (200, 201), (route, person)
                    elif room in OF_PEOPLE or (room in READ_ONLY and route.method != "GET"):
                        refused(answer, 403, "not_in_scope")
                    else:
                        assert answer.status_code == expected, (route, person, answer.content)
            transaction.set_rollback(True)


def test_a_key_is_for_its_rooms_and_verbs_alone_at_every_route(world):
    """Asked before anything is looked up: with another room, or the other verb, every route is the same 403."""
    world.contact()
    assert {address.partition("/")[0] for _, address in served()} - OF_PEOPLE == rooms() | {OWN}
    doors = {
        (room, verb): door_of(made(world, world.sarc, room, verbs=(verb,), name=f"{room} {verb}")[1])
        for room in ("counts", "cases")
        for verb in ("read", "write")
    }
    ids = dict.fromkeys(("case", "notice", "item", "request"), GONE)
    for route in ROUTES:
        room = route.path.partition("/")[0].partition("?")[0]
        if room == OWN:
            continue
        verb = "read" if route.method == "GET" else "write"
        for (named, allowed), door in doors.items():
            answer = door.ask(route.method, route.path.format(**ids), {})
            if (named, allowed) == (room, verb) and not (verb == "write" and room in READ_ONLY):
                assert answer.json().get("code") != "not_in_scope", route
            else:
                refused(answer, 403, "not_in_scope")


def test_an_answer_holds_the_named_fields_and_no_others(world, two_places):
    here, _ = two_places
    fields = ("cases:id", "cases:state", "cases:duties.kind", "duties:kind")
    _, secret = made(world, world.sarc, "cases", "duties", "counts", fields=fields)
    door = door_of(secret)
    page = door.read("cases")
    assert page == {"items": [{"id": str(here.pk), "state": "contact"}], "next": None}
    one = door.read(f"cases/{here.pk}")
    assert set(one) == {"id", "state", "duties"}
    assert one["duties"]
    assert all(set(duty) == {"kind"} for duty in one["duties"])
    assert all(set(duty) == {"kind"} for duty in door.read("duties")["items"])
    # A room that names none shows all of what it has; a refusal says what it always says.
    assert set(door.read("counts")) == {"restricted", "unrestricted"}
    assert {"code", "detail", "status"} <= set(refused(door.get(f"cases/{GONE}"), 404, "not_found"))


def test_what_the_key_is_for_is_told_to_itself_and_to_no_person(world):
    _, secret = made(world, world.sarc, "cases", verbs=("read",), fields=("cases:id",))
    told = door_of(secret).read("client")
    assert told["places"] == [{"id": str(world.installation.pk), "name": "Camp Sample"}]
    assert (told["rooms"], told["verbs"], told["fields_shown"]) == (["cases"], ["read"], ["cases:id"])
    assert secret.startswith(told["prefix"])
    refused(Door(world.sarc).get("client"), 409, "not_a_client")


def test_a_role_held_elsewhere_alone_counts_for_nothing(world):
    """The key is for another installation than the one where its account holds a post."""
    _, secret = made(world, world.sarc, "cases", places=(world.posts["stranger"].location_id,))
    refused(door_of(secret).get("cases"), 403, "not_your_role")
    Appointment.objects.filter(user=world.sarc).update(ends_at=T0)
    _, mine = made(world, world.sarc, "cases", name="Later")
    refused(door_of(mine).get("cases"), 403, "not_your_role")


def test_a_key_leaves_nothing_behind_in_the_connection(world, two_places):
    """After an answer, and after a refusal, the next person on the same connection is who they are."""
    _, there = two_places
    door = door_of(made(world, world.sarc, "cases")[1])
    for path in ("cases", f"cases/{there.pk}"):
        door.get(path)
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(current_setting('sapr.client', true), '')")
            assert cursor.fetchone() == ("",)
        assert len(Door(world.sarc).read("cases")["items"]) == 2
    assert not Assignment.objects.exists(), "no viewer, no rows"
