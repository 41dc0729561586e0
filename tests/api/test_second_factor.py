"""A session reaches an operation once both factors were passed in it and its screen is not locked; at every route."""

from django.conf import settings
from django.test import Client

from accounts import signing
from accounts.models import Session
from sapr import clock
from tests.api.door import refused
from tests.api.test_every_route import ROUTES
from tests.signed_in import BACKEND, passed, signed_in

GONE = dict.fromkeys(("case", "notice", "item", "request"), "7f2a81a4-4d5e-4f5a-9c5b-000000000000")


def test_without_the_second_factor_or_behind_the_lock_every_operation_is_the_same_401(world):
    half = Client()
    half.get("/admin/login/")
    session = half.session
    signing.go_half_way(session, world.sarc, to="/admin/", at=clock.now())
    half.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    # As if something had signed the person in by the password alone.
    one_factor = Client()
    one_factor.force_login(world.sarc, backend=BACKEND)
    locked, ended = signed_in(world.sarc), signed_in(world.va)
    Session.objects.filter(user=world.va).delete()
    assert locked.get("/api/v1/cases").status_code == 200
    locked.post("/admin/lock/")
    for route in ROUTES:
        for client in (half, one_factor, locked, ended, Client()):
            answer = client.generic(
                route.method, f"/api/v1/{route.path.format(**GONE)}", b"{}", "application/json"
            )
            refused(answer, 401, "not_signed_in")
    # The same session, once what was missing is there.
    passed(one_factor, world.sarc)
    assert one_factor.get("/api/v1/cases").status_code == 200
