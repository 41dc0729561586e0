"""A password alone opens nothing; a second factor is its person's alone; what is kept of it is encrypted."""

import json
import re
from datetime import timedelta
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver

from accounts import limits
from accounts.acting import acting
from accounts.factors import services
from accounts.models import User
from accounts.services import enrolment_create
from reports import access
from reports.ledger.selectors import system_events
from sapr import clock
from sapr.errors import DomainError, NotFoundError
from sapr.models import Kind
from tests.database.refusals import refused
from tests.desk.test_access import OWN_PAGES, POLICY_PAGES, STAFF_PAGES
from tests.signed_in import BACKEND, app_of, code_of, signed_in, typed_in
from tests.times import T0

PASSWORD = "six invented words for one test"


@pytest.fixture(autouse=True)
def _quick(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def sarc(world) -> User:
    world.sarc.set_password(PASSWORD)
    world.sarc.save(update_fields=["password"])
    return world.sarc


def half(username: str = "sarc") -> Client:
    """Somebody who typed the right password and nothing else."""
    client = Client()
    step = client.post("/admin/login/?next=/admin/", {"username": username, "password": PASSWORD})
    assert step["Location"] == "/admin/second-factor/"
    return client


def text(answer) -> str:
    return answer.content.decode()


def kinds(world) -> list[str]:
    with access.viewing(world.manager):
        return [e.kind for e in system_events(viewer=world.manager)]


def rows(user) -> dict[str, Authenticator]:
    return {row.type: row for row in services.factors_of(user)}


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

    def test_where_one_was_going_is_kept_and_never_another_site(self, sarc):
        secret = app_of(sarc)
        for to, kept in (("/admin/inbox/", "/admin/inbox/"), ("//evil.invalid/", "/admin/")):
            client = Client()
            client.post("/admin/login/", {"username": "sarc", "password": PASSWORD, "next": to})
            code = code_of(secret) if kept == "/admin/" else code_of(secret, -1)
            assert client.post("/admin/second-factor/", {"code": code})["Location"] == kept


class TestCodes:
    def test_an_apps_code_counts_once_also_in_another_process(self, sarc):
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
        fresh(mine, sarc)
        assert mine.post("/admin/second-factor/passkey/", {"credential": credential}).status_code == 422


def fresh(client: Client, user) -> None:
    """The password was typed again."""
    assert client.post("/admin/factors/password/", {"password": PASSWORD}).status_code == 302


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
            cursor.execute("SELECT has_table_privilege(current_user, 'account_emailaddress', 'SELECT, INSERT')")
            assert cursor.fetchone() == (False,)


class TestOnesOwnFactors:
    def test_changing_them_asks_for_the_password_again(self, world, sarc, held_clock):
        app_of(sarc)
        client = signed_in(sarc)
        pages = ("second-factor/app/", "second-factor/passkey/", "factors/codes/")
        for page in pages:
            assert "/factors/password/" in client.get(f"/admin/{page}")["Location"]
            assert "/factors/password/" in client.post(f"/admin/{page}", {"code": "1"})["Location"]
        remove = f"/admin/factors/{rows(sarc)['totp'].pk}/remove/"
        assert client.post(remove)["Location"] == "/admin/factors/password/"
        assert client.post("/admin/factors/password/", {"password": "no"}).status_code == 422
        fresh(client, sarc)
        assert {client.get(f"/admin/{page}").status_code for page in pages} == {200}
        held_clock.move(T0 + limits.FRESH, hold=True)
        assert {client.get(f"/admin/{page}").status_code for page in pages} == {302}

    def test_the_last_one_stays_and_each_step_is_an_event(self, world, sarc):
        app_of(sarc)
        client = signed_in(sarc)
        fresh(client, sarc)
        first = rows(sarc)["totp"].pk
        assert "only second factor" in text(client.post(f"/admin/factors/{first}/remove/", follow=True))
        made = text(client.post("/admin/factors/codes/"))
        assert len(re.findall(r"<li><code>\d{8}</code></li>", made)) == 10
        page = text(client.get("/admin/second-factor/app/"))
        secret = re.search(r'data-test="app-secret">([^<]+)', page)[1].replace(" ", "")
        client.post("/admin/second-factor/app/", {"code": code_of(secret)})
        assert rows(sarc)["totp"].pk != first
        assert "10 unused" in text(client.get("/admin/factors/"))
        assert kinds(world)[-3:] == ["second_factor_added", "second_factor_removed", "second_factor_added"]

    def test_nobody_touches_anothers(self, world, sarc):
        """The finding in a neighbouring system: a form that named somebody else's id was obeyed."""
        app_of(sarc)
        app_of(world.manager)
        theirs = rows(sarc)["totp"].pk
        world.manager.set_password(PASSWORD)
        world.manager.save(update_fields=["password"])
        manager = signed_in(world.manager)
        fresh(manager, world.manager)
        assert manager.post(f"/admin/factors/{theirs}/remove/").status_code == 404
        with pytest.raises(NotFoundError), transaction.atomic():
            services.factor_remove(user=world.manager, factor_id=theirs, at=T0)
        page = text(manager.get("/admin/second-factor/app/?user=sarc"))
        secret = re.search(r'data-test="app-secret">([^<]+)', page)[1].replace(" ", "")
        manager.post("/admin/second-factor/app/", {"code": code_of(secret), "user": str(sarc.pk)})
        assert rows(sarc)["totp"].pk == theirs
        for viewer in (world.manager, None):
            with acting(viewer):
                assert not Authenticator.objects.filter(user=sarc).exists()
                assert Authenticator.objects.filter(user=sarc).delete()[0] == 0
                with refused("row-level security"):
                    Authenticator.objects.create(user=sarc, type="totp", data={})
        assert rows(sarc)["totp"].pk == theirs

    def test_no_page_of_a_manager_reaches_somebodys_factor(self):
        """Staff pages: none names a factor. Resetting is the command line's."""
        staff = [str(each.pattern) for each in routes() if str(each.pattern).startswith("staff/")]
        assert not [each for each in staff if "factor" in each]


def routes():
    [desk] = [each for each in get_resolver().url_patterns if str(each.pattern) == "admin/"]
    return desk.url_patterns


def test_nothing_of_allauths_own_pages_is_served(world) -> None:
    client = signed_in(world.sarc)
    for path in ("/accounts/", "/accounts/signup/", "/accounts/login/", "/accounts/password/reset/", "/accounts/2fa/"):
        assert client.get(path).status_code == 404


def test_only_the_command_line_takes_factors_away_and_a_new_link_begins_anew(world, sarc) -> None:
    secret, running = app_of(sarc), signed_in(sarc)
    out = StringIO()
    call_command("staff", "factors", "sarc", "--json", stdout=out)
    link = json.loads(out.getvalue())["link"]
    assert running.get("/admin/").status_code == 302
    assert rows(sarc) == {}
    # The old password is gone too, so that nobody who knows it adds a factor of their own.
    answer = Client().post("/admin/login/", {"username": "sarc", "password": PASSWORD})
    assert answer.status_code == 200
    with pytest.raises(DomainError) as told, transaction.atomic():
        enrolment_create(user=sarc, actor=world.manager, at=T0)
    assert told.value.code == "has_password"
    chosen = {"code": link.partition("#")[2], "password": PASSWORD, "again": PASSWORD}
    assert Client().post("/enrol/", chosen).status_code == 302
    assert "Add a second factor" in text(half().get("/admin/second-factor/", follow=True))
    assert not services.code_fits(sarc, code_of(secret))


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
    assert AnonymousUser().is_authenticated is False
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
    assert timedelta(0) < limits.HALF_WAY
