"""What somebody half way left in a browser is nobody else's: a sign-in begins with an empty session."""

import re

import pytest
from django.test import Client

from accounts.certificates import certificate_bind
from tests.factories import UserFactory
from tests.people.half_way import PASSWORD, fresh, half, text
from tests.signed_in import app_of, code_of
from tests.times import T0

SECRET = re.compile(r'data-test="app-secret">([^<]+)')
OVER_TLS = {"secure": True}
CARD = {"HTTP_X_CLIENT_SUBJECT": "invented card", "HTTP_X_PROXY_SECRET": "s" * 40}


@pytest.fixture
def left_behind(sarc) -> tuple[Client, str]:
    """A browser in which somebody else, half way, was shown the secret of an app they might add."""
    app_of(sarc)
    other = UserFactory(username="other")
    other.set_password(PASSWORD)
    other.save(update_fields=["password"])
    client = half("other")
    return client, SECRET.search(text(client.get("/admin/second-factor/app/")))[1]


def test_a_sign_in_by_card_takes_over_nothing(left_behind, sarc, settings) -> None:
    settings.HTTPS, settings.CLIENT_CERT_HEADER = True, "X-Client-Subject"
    settings.PROXY_SECRET_HEADER, settings.PROXY_SECRET = "X-Proxy-Secret", "s" * 40
    certificate_bind(user=sarc, subject="invented card", at=T0)
    client, known = left_behind
    before = client.session.session_key
    assert client.post("/admin/certificate/", {}, **OVER_TLS, **CARD).status_code == 302
    assert client.session.session_key != before
    assert {"app_secret", "half_way"} & set(client.session.keys()) == set()
    client.post("/admin/factors/password/", {"password": PASSWORD}, **OVER_TLS, **CARD)
    page = client.get("/admin/second-factor/app/", **OVER_TLS, **CARD)
    assert SECRET.search(text(page))[1] != known
    taken = client.post(
        "/admin/second-factor/app/", {"code": code_of(known.replace(" ", ""))}, **OVER_TLS, **CARD
    )
    assert taken.status_code == 422


def test_a_secret_that_is_being_added_is_bound_to_its_person(left_behind, sarc) -> None:
    """Even if it were left in the session: whoever comes next is shown another one."""
    client, known = left_behind
    kept = client.session["app_secret"]
    mine = Client()
    mine.force_login(sarc, backend="django.contrib.auth.backends.ModelBackend")
    session = mine.session
    session.update({"second_factor": "totp", "app_secret": kept})
    session.save()
    fresh(mine)
    page = text(mine.get("/admin/second-factor/app/"))
    assert SECRET.search(page)[1] != known
    assert SECRET.search(text(mine.get("/admin/second-factor/app/")))[1] == SECRET.search(page)[1]
