"""One's own factors: changed after the password, never down to none, and by nobody else."""

import json
import re
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from accounts import limits
from accounts.acting import acting
from accounts.factors import services
from accounts.services import enrolment_create
from reports import access
from reports.ledger.selectors import system_events
from sapr.errors import DomainError, NotFoundError
from tests.database.refusals import refused
from tests.people.half_way import PASSWORD, fresh, half, rows, text
from tests.signed_in import app_of, code_of, signed_in
from tests.times import T0


def kinds(world) -> list[str]:
    with access.viewing(world.manager):
        return [e.kind for e in system_events(viewer=world.manager)]


class TestOnesOwnFactors:
    def test_changing_them_asks_for_the_password_again(self, world, sarc, held_clock, monkeypatch):
        monkeypatch.setattr(limits, "LOCK", 2 * limits.FRESH)
        app_of(sarc)
        client = signed_in(sarc)
        pages = ("second-factor/app/", "second-factor/passkey/", "factors/codes/")
        for page in pages:
            assert "/factors/password/" in client.get(f"/admin/{page}")["Location"]
            assert "/factors/password/" in client.post(f"/admin/{page}", {"code": "1"})["Location"]
        remove = f"/admin/factors/{rows(sarc)['totp'].pk}/remove/"
        assert client.post(remove)["Location"] == "/admin/factors/password/"
        assert client.post("/admin/factors/password/", {"password": "no"}).status_code == 422
        fresh(client)
        assert {client.get(f"/admin/{page}").status_code for page in pages} == {200}
        held_clock.move(T0 + limits.FRESH, hold=True)
        assert {client.get(f"/admin/{page}").status_code for page in pages} == {302}

    def test_the_last_one_stays_and_each_step_is_an_event(self, world, sarc):
        app_of(sarc)
        client = signed_in(sarc)
        fresh(client)
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
        fresh(manager)
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


def test_of_two_first_factors_at_the_same_moment_one_is_added(sarc) -> None:
    """Two who know the password of somebody not enrolled: the slower one is told, and adds nothing."""
    slow = half()
    page = text(slow.get("/admin/second-factor/app/"))
    secret = re.search(r'data-test="app-secret">([^<]+)', page)[1].replace(" ", "")
    app_of(sarc)
    with pytest.raises(DomainError) as told, transaction.atomic():
        services.app_add(user=sarc, secret=secret, code=code_of(secret), at=T0, first=True)
    assert told.value.code == "has_factor"
    assert slow.post("/admin/second-factor/app/", {"code": code_of(secret)})["Location"] == "/admin/login/"
    assert len(services.factors_of(sarc)) == 1
