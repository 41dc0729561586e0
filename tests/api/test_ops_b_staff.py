"""By REST as by the desk: people, places, posts, appointments by two persons, certifications."""

from datetime import timedelta

from accounts.models import Appointment, Certification, Enrolment, Location, Post, Session, User
from accounts.services import enrolment_use
from sapr import clock
from tests.adoption.settings import second_manager
from tests.api.beside import same
from tests.api.door import Door, refused
from tests.signed_in import signed_in
from tests.times import T0

NEW = {"username": "newcomer", "display_name": "N. Invented", "email": "n@example.mil"}
UNDERSTOOD = {"understood": True}


def test_a_newcomer_is_added_linked_proposed_and_approved_by_a_second_person(world):
    manager, client = Door(world.manager), signed_in(world.manager)
    second = second_manager(world)
    other = Door(second)

    def add() -> str:
        made = manager.done("staff/people/add", NEW, 201)["id"]
        return manager.done(f"staff/people/{made}/link", None, 201)["code"] and made

    same(world, add, lambda: client.post("/admin/staff/people/new/", NEW), "manager")
    for wrong, code in (
        ({"username": "a\x00b"}, "control_characters"), ({"email": "nowhere"}, "invalid"),
        ({"username": "SARC"}, "invalid"), ({"display_name": " "}, "missing"), ({"username": "x" * 61}, "too_long"),
    ):  # fmt: skip
        refused(manager.post("staff/people/add", NEW | wrong), 422, code)
    made = manager.done("staff/people/add", NEW, 201)
    assert "email" not in made
    link = manager.done(f"staff/people/{made['id']}/link", None, 201)["code"]
    assert (
        enrolment_use(token=link, password="a sentence only I know", at=T0).pk == User.objects.get(**NEW).pk
    )
    refused(manager.post(f"staff/people/{made['id']}/link"), 409, "has_password")
    refused(manager.post(f"staff/people/{world.manager.pk}/link"), 422, "own_rights")
    assert link not in str(manager.read("staff/people?limit=100"))
    assert Enrolment.objects.filter(used_at=None).count() == 0
    # Nobody raises themselves, and one person alone raises nobody.
    post = str(world.posts["mcio"].pk)
    desk = {"user": made["id"], "post": post, "ends_at": ""}
    same(
        world,
        lambda: manager.done("staff/appointments/propose", {"user": "newcomer", "post": post}, 201),
        lambda: client.post("/admin/staff/appointments/new/", desk),
        "manager",
    )
    refused(manager.post("staff/appointments/propose", {"user": "manager", "post": post}), 422, "own_rights")
    refused(
        manager.post("staff/appointments/propose", {"user": "nobody", "post": post}), 422, "unknown_value"
    )
    elsewhere = {"user": "newcomer", "post": made["id"]}
    refused(manager.post("staff/appointments/propose", elsewhere), 422, "unknown_value")
    late = {"user": "newcomer", "post": post, "ends_at": "9999-12-31T23:59:59-12:00"}
    refused(manager.post("staff/appointments/propose", late), 422, "date_out_of_range")
    row = manager.done("staff/appointments/propose", {"user": "newcomer", "post": post}, 201)
    one = f"staff/appointments/{row['id']}"
    refused(manager.post(f"{one}/approve"), 409, "second_person_needed")
    [waits] = manager.read("staff/appointments/waiting")["items"]
    assert (waits["id"], waits["may_approve"], waits["state"]) == (row["id"], False, "proposed")
    assert other.read("staff/appointments/waiting")["items"][0]["may_approve"] is True
    browser = signed_in(second)
    same(
        world,
        lambda: other.done(f"{one}/approve"),
        lambda: browser.post(f"/admin/staff/appointments/{row['id']}/", {"decision": "approve"}),
        "manager",
    )
    assert other.done(f"{one}/approve")["state"] == "approved"
    refused(other.post(f"{one}/refuse"), 409, "already_decided")
    assert row["id"] in {each["id"] for each in manager.read("staff/appointments?limit=100")["items"]}
    refused(manager.post(f"{one}/end", {}), 422, "missing")
    own = Appointment.objects.get(user=world.manager)
    refused(manager.post(f"staff/appointments/{own.pk}/end", UNDERSTOOD), 422, "own_rights")
    refused(other.post(f"{one}/end", UNDERSTOOD), 409, "not_begun")
    clock.move(T0 + timedelta(hours=1), hold=True)
    assert other.done(f"{one}/end", UNDERSTOOD)["ends_at"] == "2026-03-02T16:00:00.000000Z"
    turned_down = manager.done("staff/appointments/propose", {"user": "va", "post": post}, 201)
    assert manager.done(f"staff/appointments/{turned_down['id']}/refuse")["state"] == "refused"
    refused(manager.post(f"staff/people/{world.manager.pk}/close", UNDERSTOOD), 422, "own_rights")
    assert manager.done(f"staff/people/{made['id']}/close", UNDERSTOOD)["is_active"] is False
    refused(manager.post(f"staff/people/{made['id']}/close", UNDERSTOOD), 409, "already_deactivated")


def test_places_posts_and_sessions(world):
    manager, client = Door(world.manager), signed_in(world.manager)
    place = {"kind": "installation", "name": "Camp New", "zone": "America/New_York"}
    same(
        world,
        lambda: manager.done("staff/locations/add", place, 201),
        lambda: client.post("/admin/staff/locations/new/", place | {"parent": ""}),
        "manager",
    )
    refused(manager.post("staff/locations/add", place | {"zone": "Mars"}), 422, "unknown_zone")
    refused(manager.post("staff/locations/add", place | {"kind": "unit"}), 422, "wrong_parent")
    camp = manager.done("staff/locations/add", place, 201)["id"]
    refused(manager.post("staff/locations/add", place), 422, "invalid")
    unit = {"kind": "unit", "name": "2nd", "zone": "UTC", "parent": camp}
    assert manager.done("staff/locations/add", unit, 201)["parent"] == camp
    post = {"location": camp, "role": "senior_commander", "title": "Commander, Camp New"}
    refused(manager.post("staff/posts/add", post), 422, "next_higher_needed")
    refused(manager.post("staff/posts/add", post | {"next_higher": camp}), 422, "unknown_value")
    made = manager.done("staff/posts/add", post | {"next_higher": str(world.posts["higher"].pk)}, 201)
    refused(
        manager.post("staff/posts/add", post | {"next_higher": str(world.posts["higher"].pk)}), 422, "invalid"
    )
    assert Post.objects.get(pk=made["id"]).location == Location.objects.get(pk=camp)
    [vacant] = [
        row["id"] for row in manager.read("staff/posts?limit=100")["items"] if row["title"] == post["title"]
    ]
    assert vacant == made["id"]
    assert next(row for row in manager.read("staff/posts?limit=100")["items"] if row["id"] == vacant)[
        "vacant"
    ]
    signed_in(world.va)
    before = Session.objects.filter(user=world.va).count()
    assert before > 0
    assert manager.done(f"staff/people/{world.va.pk}/sessions/end") == {"ended": before}


def test_a_certification_is_recorded_and_revoked_never_ones_own(world):
    manager, client = Door(world.manager), signed_in(world.manager)
    Certification.objects.filter(user=world.va).update(revoked_at=T0 - timedelta(days=1))
    assert [row["username"] for row in manager.read("staff/uncertified")["items"]] == ["va"]
    days = {"user": "va", "starts_on": "2026-03-01", "ends_on": "2027-03-01"}
    same(
        world,
        lambda: manager.done("staff/certifications/record", days, 201),
        lambda: client.post("/admin/staff/certifications/new/", days | {"user": str(world.va.pk)}),
        "manager",
    )
    refused(manager.post("staff/certifications/record", days | {"ends_on": "2026-02-01"}), 422, "wrong_order")
    refused(
        manager.post("staff/certifications/record", days | {"ends_on": "9999-12-31"}),
        422,
        "date_out_of_range",
    )
    refused(manager.post("staff/certifications/record", days | {"ends_on": "2030-01-01"}), 422, "too_long")
    refused(manager.post("staff/certifications/record", days | {"user": "manager"}), 422, "own_rights")
    row = manager.done("staff/certifications/record", days, 201)
    refused(manager.post("staff/certifications/record", days), 409, "already_certified")
    assert row["id"] in {each["id"] for each in manager.read("staff/certifications")["items"]}
    assert manager.read("staff/uncertified")["items"] == []
    ended = manager.done(f"staff/certifications/{row['id']}/end", UNDERSTOOD)
    assert ended["revoked_at"] is not None
    refused(manager.post(f"staff/certifications/{row['id']}/end", UNDERSTOOD), 404, "not_found")
