"""A password alone opens nothing; a second factor is its person's alone; what is kept of it is encrypted."""

import re

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client

from accounts import limits
from accounts.acting import acting
from accounts.factors import services
from sapr import clock
from sapr.errors import DomainError
from sapr.models import Kind
from tests.desk.test_access import OWN_PAGES, POLICY_PAGES, STAFF_PAGES
from tests.people.half_way import PASSWORD, fresh, half, rows, text
from tests.signed_in import BACKEND, app_of, code_of, signed_in, typed_in
from tests.times import T0


class TestAPasswordAloneOpensNothing:
    @pytest.mark.parametrize("enrolled", [True, False])
    def test_no_page_and_no_api_and_one_is_led_to_the_second_step(self, world, sarc, enrolled):
        if enrolled:
            app_of(sarc)
        client = half()
        case = world.contact()
        for page in (*OWN_PAGES, *STAFF_PAGES, *POLICY_PAGES, f"/admin/cases/{case.pk}/", "/admin/factors/"):
            answer = client.get(page)
            assert answer["Location"].startswith("/admin/login/"), page
            assert client.get(answer["Location"])["Location"] == "/admin/second-factor/"
        for path in ("cases", "inbox", f"cases/{case.pk}"):
            assert client.get(f"/api/v1/{path}").status_code == 401
        last = client.get("/admin/second-factor/", follow=True)
        assert ("Add a second factor" in text(last)) is not enrolled

    def test_a_session_that_django_alone_signed_in_is_nobodys(self, world, sarc, settings):
        """Whatever code path forgets the second factor: the middleware, the desk and the API each refuse."""
        client = Client()
        client.force_login(sarc, backend=BACKEND)
        assert client.get("/admin/").status_code == 302
        assert client.get("/api/v1/cases").status_code == 401
        # A page that asks for nobody's name shows none.
        assert sarc.display_name not in text(client.get("/enrol/"))
        settings.KIND = Kind.REAL
        assert client.get("/api/schema/").status_code == 401
        settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "BothFactors" not in each]
        bare = Client()
        bare.force_login(sarc, backend=BACKEND)
        assert bare.get("/admin/").status_code == 302
        assert bare.get("/api/v1/cases").status_code == 401

    def test_half_way_lasts_ten_minutes_and_ends_with_the_password(self, sarc, held_clock):
        secret, client, other = app_of(sarc), half(), half()
        sarc.set_password("another invented sentence")
        sarc.save(update_fields=["password"])
        assert other.post("/admin/second-factor/", {"code": code_of(secret)})["Location"] == "/admin/login/"
        sarc.set_password(PASSWORD)
        sarc.save(update_fields=["password"])
        client = half()
        held_clock.move(T0 + limits.HALF_WAY, hold=True)
        assert client.post("/admin/second-factor/", {"code": code_of(secret)})["Location"] == "/admin/login/"

    def test_where_one_was_going_is_kept_and_never_another_site(self, sarc, same_half_minute):
        secret = app_of(sarc)
        for to, kept in (("/admin/inbox/", "/admin/inbox/"), ("//evil.invalid/", "/admin/")):
            client = Client()
            client.post("/admin/login/", {"username": "sarc", "password": PASSWORD, "next": to})
            code = code_of(secret) if kept == "/admin/" else code_of(secret, -1)
            assert client.post("/admin/second-factor/", {"code": code})["Location"] == kept


class TestCodes:
    def test_an_apps_code_counts_once_also_in_another_process(self, sarc, same_half_minute):
        secret = app_of(sarc)
        assert typed_in(Client(), "sarc", PASSWORD, code_of(secret)).status_code == 302
        # Nothing of it is in this process's memory: the step stands with the factor.
        assert typed_in(Client(), "sarc", PASSWORD, code_of(secret)).status_code == 422
        assert typed_in(Client(), "sarc", PASSWORD, code_of(secret, -1)).status_code == 422
        assert typed_in(Client(), "sarc", PASSWORD, code_of(secret, 1)).status_code == 302

    def test_a_recovery_code_counts_once_and_new_ones_end_the_old(self, sarc):
        app_of(sarc)
        first = services.codes_renew(user=sarc, at=T0)
        assert typed_in(Client(), "sarc", PASSWORD, first[0]).status_code == 302
        assert typed_in(Client(), "sarc", PASSWORD, first[0]).status_code == 422
        services.codes_renew(user=sarc, at=T0)
        assert typed_in(Client(), "sarc", PASSWORD, first[1]).status_code == 422

    @pytest.mark.parametrize("code", ["", "0", "١٢٣٤٥٦", "x" * 20, "9" * 100_000, "\x00"])
    def test_odd_ones_are_refused(self, sarc, code):
        app_of(sarc)
        assert half().post("/admin/second-factor/", {"code": code}).status_code == 422

    @pytest.mark.parametrize(
        "credential", ["x", "[]", "{}", '{"id": 1}', "null", '{"response": {}}', "[" * 9000, "9" * 99_999]
    )
    def test_odd_passkey_answers_are_refused(self, sarc, credential):
        app_of(sarc)
        answer = half().post("/admin/second-factor/", {"credential": credential})
        assert answer.status_code == 422
        mine = signed_in(sarc)
        fresh(mine)
        assert mine.post("/admin/second-factor/passkey/", {"credential": credential}).status_code == 422


class TestWhatIsKept:
    def test_secrets_are_encrypted_and_another_key_opens_none(self, sarc, settings):
        secret = app_of(sarc)
        codes = services.codes_renew(user=sarc, at=T0)
        seed = rows(sarc)["recovery_codes"].data["seed"]
        with acting(sarc), connection.cursor() as cursor:
            cursor.execute("SELECT a::text FROM mfa_authenticator a")
            kept = " ".join(row[0] for row in cursor.fetchall())
        assert secret not in kept
        assert seed.startswith("gAAAA")
        settings.SECRET_KEY = "another secret key file"
        assert not services.code_fits(sarc, code_of(secret))
        assert not services.code_fits(sarc, codes[0])

    def test_a_secret_that_is_being_added_is_not_clear_in_the_session(self, sarc):
        client = half()
        page = text(client.get("/admin/second-factor/app/"))
        secret = re.search(r'data-test="app-secret">([^<]+)', page)[1].replace(" ", "")
        assert secret not in str(dict(client.session))
        # The same secret until it is proved: the app scanned it already.
        assert secret in text(client.get("/admin/second-factor/app/")).replace(" ", "")

    def test_no_mail_is_sent_and_no_address_kept(self, sarc):
        app_of(sarc)
        services.codes_renew(user=sarc, at=T0)
        assert mail.outbox == []
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT has_table_privilege(current_user, 'account_emailaddress', 'SELECT, INSERT')"
            )
            assert cursor.fetchone() == (False,)


def test_nothing_of_allauths_own_pages_is_served(world) -> None:
    client = signed_in(world.sarc)
    for path in (
        "/accounts/",
        "/accounts/signup/",
        "/accounts/login/",
        "/accounts/password/reset/",
        "/accounts/2fa/",
    ):
        assert client.get(path).status_code == 404


class TestTheDemosCode:
    @pytest.mark.parametrize("kind", [Kind.REAL, Kind.REHEARSAL, "unset"])
    def test_in_no_other_database_is_a_code_shown_or_a_factor_given(self, sarc, monkeypatch, kind):
        app_of(sarc)
        monkeypatch.setattr(clock, "kind", lambda: kind)
        assert services.demo_code(sarc) is None
        assert "demo-code" not in text(half().get("/admin/second-factor/"))
        with pytest.raises(DomainError) as told, transaction.atomic():
            services.demo_app_give(user=sarc, at=T0)
        assert told.value.code == "not_a_demo"

    def test_in_a_demo_it_is_the_code_of_whoever_passed_the_password_and_lets_them_in(
        self, world, sarc, monkeypatch
    ):
        monkeypatch.setattr(clock, "kind", lambda: Kind.DEMO)
        services.demo_app_give(user=sarc, at=T0)
        services.demo_app_give(user=world.va, at=T0)
        assert "demo-code" not in text(Client().get("/admin/login/"))
        for _ in range(2):
            # Twice within half a minute: each time a code that was not used yet.
            client = half()
            code = re.search(r'data-test="demo-code">([^<]+)', text(client.get("/admin/second-factor/")))[1]
            assert client.post("/admin/second-factor/", {"code": code}).status_code == 302
            assert client.get("/admin/").status_code == 200


def test_an_anonymous_visitor_reaches_no_step_but_the_first(world) -> None:
    client = Client()
    for page in ("second-factor/", "second-factor/first/", "second-factor/app/", "second-factor/passkey/"):
        assert client.get(f"/admin/{page}")["Location"] == "/admin/login/"
        assert client.post(f"/admin/{page}", {"code": "1"})["Location"] == "/admin/login/"


def test_an_enrolled_person_cannot_add_a_factor_half_way(sarc) -> None:
    """With the password alone, a thief adds nothing to an account that has a factor."""
    app_of(sarc)
    client = half()
    for page in ("second-factor/first/", "second-factor/app/", "second-factor/passkey/"):
        assert client.get(f"/admin/{page}")["Location"] == "/admin/login/"
        assert client.post(f"/admin/{page}", {"code": "1"}).status_code == 302
    assert len(services.factors_of(sarc)) == 1
