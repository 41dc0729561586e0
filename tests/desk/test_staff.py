"""Staff pages, enrolment and passwords."""

import re
from datetime import timedelta

from django.test import Client

from accounts.models import Appointment, User
from tests.desk.conftest import text
from tests.signed_in import code_of
from tests.staffing import independent_manager
from tests.times import T0

PASSWORD = "six invented words for one test"


def test_a_person_is_added_enrols_once_and_signs_in(world, sign_in):
    manager = sign_in(world.manager)
    data = {"username": "new.person", "display_name": "Invented Newcomer", "email": "new@staff.invalid"}
    made = text(manager.post("/admin/staff/people/new/", data))
    code = re.search(r'data-test="enrolment-code">([^<]+)', made)[1]
    assert f"/enrol/#{code}" in made
    assert code not in text(manager.get("/admin/staff/"))

    visitor = Client()
    weak = visitor.post("/enrol/", {"code": code, "password": "short", "again": "short"})
    assert weak.status_code == 422
    assert 'href="#id_password"' in text(weak)
    chosen = {"code": code, "password": PASSWORD, "again": PASSWORD}
    assert visitor.post("/enrol/", chosen).status_code == 302
    assert "was used or has expired" in text(visitor.post("/enrol/", chosen))
    half = visitor.post("/admin/login/?next=/admin/", {"username": "new.person", "password": PASSWORD})
    assert half.status_code == 302
    page = text(visitor.get("/admin/second-factor/app/"))
    secret = re.search(r'data-test="app-secret">([^<]+)', page)[1].replace(" ", "")
    added = visitor.post("/admin/second-factor/app/", {"code": code_of(secret)}, follow=True)
    assert "you are signed in" in text(added)
    assert "You hold no post at present" in text(visitor.get("/admin/"))


def test_an_appointment_gives_access_and_its_end_takes_it(world, sign_in, held_clock):
    manager = sign_in(world.manager)
    someone = world.stranger
    manager.post(
        "/admin/staff/appointments/new/", {"user": str(someone.pk), "post": str(world.posts["manager"].pk)}
    )
    client = sign_in(someone)
    assert client.get("/admin/staff/").status_code == 403  # only proposed
    second = sign_in(independent_manager(world, "manager2"))
    waiting = Appointment.objects.get(user=someone, post=world.posts["manager"])
    deciding = f"/admin/staff/appointments/{waiting.pk}/"
    assert "You are the second person" in text(second.get(deciding))
    assert second.post(deciding, {"decision": "approve"}).status_code == 302
    assert client.get("/admin/staff/").status_code == 200
    row = Appointment.objects.get(user=someone, post=world.posts["manager"])
    url = f"/admin/staff/appointments/{row.pk}/end/"
    assert "Access ends at once" in text(manager.get(url))
    assert manager.post(url).status_code == 422
    assert manager.post(url, {"confirm": "on"}).status_code == 409  # in the same instant
    held_clock.move(T0 + timedelta(minutes=1), hold=True)
    assert manager.post(url, {"confirm": "on"}).status_code == 302
    assert client.get("/admin/staff/").status_code == 403


def test_nobody_appoints_themselves(world, sign_in):
    manager = sign_in(world.manager)
    data = {"user": str(world.manager.pk), "post": str(world.posts["sarc"].pk)}
    answer = manager.post("/admin/staff/appointments/new/", data)
    assert answer.status_code == 422
    assert "Nobody may change their own appointments" in text(answer)


def test_places_and_posts_are_added_and_odd_ones_refused(world, sign_in):
    manager = sign_in(world.manager)
    place = {"kind": "unit", "name": "2nd Sample Company", "zone": "America/New_York"}
    place["parent"] = str(world.installation.pk)
    assert manager.post("/admin/staff/locations/new/", place).status_code == 302
    for changed in ({"zone": "Mars/Olympus"}, {"kind": "moon"}, {"name": ""}, {"name": "x" * 2_000_000}, {}):
        assert manager.post("/admin/staff/locations/new/", place | changed).status_code == 422
    post = {
        "location": str(world.installation.pk),
        "role": "sarc",
        "title": "A second SARC",
        "next_higher": "",
    }
    assert manager.post("/admin/staff/posts/new/", post).status_code == 422
    taken = {"username": "sarc", "display_name": "Somebody", "email": "sarc@staff.invalid"}
    assert manager.post("/admin/staff/people/new/", taken).status_code == 422


def test_a_password_is_changed_with_the_old_one_and_the_session_goes_on(world, sign_in):
    world.sarc.set_password(PASSWORD)
    world.sarc.save(update_fields=["password"])
    client = sign_in(world.sarc)
    new = "seven other invented words for one test"
    wrong = client.post("/admin/password/", {"old": "no", "password": new, "again": new})
    assert 'href="#id_old"' in text(wrong)
    assert (
        client.post("/admin/password/", {"old": PASSWORD, "password": new, "again": new}).status_code == 302
    )
    assert client.get("/admin/").status_code == 200
    assert User.objects.get(pk=world.sarc.pk).check_password(new)


def test_signing_out_takes_a_post(world, sarc):
    assert sarc.get("/admin/logout/").status_code == 405
    assert "Signed out" in text(sarc.post("/admin/logout/"))
    assert sarc.get("/admin/").status_code == 302
