"""Accounts, links and keys: who can become somebody, and how access is taken away."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts import rows, services
from accounts.asking import asked_by
from accounts.keys import digest
from accounts.models import ApiKey, Enrolment, Role, User
from reports import access
from reports.ledger.selectors import system_events
from sapr.errors import DomainError
from tests.factories import UserFactory
from tests.signed_in import app_of, code_of, signed_in, typed_in
from tests.times import T0

PASSWORD = "six invented words for one test"


def refusal(action, **kwargs) -> str:
    """The code with which the service refuses."""
    with pytest.raises(DomainError) as refused, transaction.atomic():
        action(**kwargs)
    return refused.value.code


def kinds_of_events(world) -> list[str]:
    with access.viewing(world.manager):
        return [event.kind for event in system_events(viewer=world.manager)]


@pytest.fixture
def enrolled(world) -> User:
    """The SARC, who has chosen a password."""
    world.sarc.set_password(PASSWORD)
    world.sarc.save(update_fields=["password"])
    return world.sarc


@pytest.fixture
def manager(world) -> Client:
    return signed_in(world.manager)


def sign_in(username: str):
    return Client().post("/admin/login/?next=/admin/", {"username": username, "password": PASSWORD})


class TestALinkIsForThoseWhoNeverHadAPassword:
    def test_a_manager_makes_none_for_an_enrolled_person(self, world, enrolled):
        assert refusal(services.enrolment_create, user=enrolled, actor=world.manager, at=T0) == "has_password"
        assert not Enrolment.objects.exists()

    def test_what_the_caller_loaded_before_does_not_count(self, world):
        stale = User.objects.get(pk=world.sarc.pk)
        world.sarc.set_password(PASSWORD)
        world.sarc.save(update_fields=["password"])
        assert refusal(services.enrolment_create, user=stale, actor=world.manager, at=T0) == "has_password"

    def test_nobody_makes_one_for_themselves(self, world):
        assert refusal(services.enrolment_create, user=world.sarc, actor=world.sarc, at=T0) == "own_rights"

    def test_a_manager_makes_one_for_somebody_new_of_their_own_adding(self, world):
        with access.viewing(world.manager):
            user = services.user_create(
                username="new", display_name="New", email="new@staff.invalid", actor=world.manager, at=T0
            )
        assert services.enrolment_create(user=user, actor=world.manager, at=T0)
        others = {"user": world.sarc, "actor": world.manager, "at": T0}
        assert refusal(services.enrolment_create, **others) == "not_your_account"

    def test_the_command_line_makes_one_for_everybody(self, enrolled):
        token = services.enrolment_create(user=enrolled, actor=None, at=T0)
        assert services.enrolment_use(token=token, password="another six invented words", at=T0) == enrolled

    def test_the_page_neither_offers_nor_makes_it(self, enrolled, manager):
        url = f"/admin/staff/people/{enrolled.pk}/link/"
        assert url not in manager.get("/admin/staff/").content.decode()
        answer = manager.post(url, follow=True).content.decode()
        assert "manage staff password" in answer
        assert "enrolment-code" not in answer
        assert not Enrolment.objects.exists()


class TestOneLinkAtATime:
    def test_a_new_link_ends_those_before(self, world):
        first, second = (services.enrolment_create(user=world.sarc, actor=None, at=T0) for _ in range(2))
        assert refusal(services.enrolment_use, token=first, password=PASSWORD, at=T0) == "enrolment_invalid"
        assert services.enrolment_use(token=second, password=PASSWORD, at=T0) == world.sarc

    def test_a_used_link_ends_the_others(self, world):
        token = services.enrolment_create(user=world.sarc, actor=None, at=T0)
        # As if it had been made when links did not end each other yet.
        Enrolment.objects.create(
            user=world.sarc, token_hash=digest("other"), expires_at=T0 + timedelta(days=7)
        )
        services.enrolment_use(token=token, password=PASSWORD, at=T0)
        assert not Enrolment.objects.filter(used_at=None).exists()
        refused = refusal(services.enrolment_use, token="other", password="other invented words", at=T0)
        assert refused == "enrolment_invalid"

    def test_the_links_of_others_stay_open(self, world):
        kept = services.enrolment_create(user=world.va, actor=None, at=T0)
        services.enrolment_create(user=world.sarc, actor=None, at=T0)
        assert services.enrolment_use(token=kept, password=PASSWORD, at=T0) == world.va


def chosen_by_link(user):
    token = services.enrolment_create(user=user, actor=None, at=T0)
    services.enrolment_use(token=token, password=PASSWORD, at=T0)


def changed(user):
    services.password_change(user=user, password=PASSWORD, at=T0)


def issued(user):
    services.password_issue(user=user, actor=None, at=T0)


class TestANewPasswordRevokesOldKeys:
    @pytest.fixture
    def key(self, world) -> str:
        return services.api_key_create(user=world.sarc, valid=timedelta(days=1), actor=None, at=T0)

    @pytest.mark.parametrize("renew", [chosen_by_link, changed, issued])
    def test_however_it_is_set(self, world, key, renew):
        other = services.api_key_create(user=world.va, valid=timedelta(days=1), actor=None, at=T0)
        renew(world.sarc)
        assert asked_by(key) is None
        assert asked_by(other).user == world.va
        assert kinds_of_events(world).count("api_keys_revoked") == 1

    def test_no_event_says_that_nothing_was_revoked(self, world):
        assert services.api_keys_revoke(user=world.sarc, actor=world.manager, at=T0) == 0
        assert "api_keys_revoked" not in kinds_of_events(world)

    def test_a_changed_password_ends_open_links(self, world):
        token = services.enrolment_create(user=world.sarc, actor=None, at=T0)
        services.password_change(user=world.sarc, password=PASSWORD, at=T0)
        refused = refusal(services.enrolment_use, token=token, password="other invented words", at=T0)
        assert refused == "enrolment_invalid"


class TestAClosedAccount:
    def test_its_sessions_and_keys_end_at_once(self, world, enrolled, manager):
        key = services.api_key_create(user=enrolled, valid=timedelta(days=1), actor=None, at=T0)
        running = Client()
        typed_in(running, "sarc", PASSWORD, code_of(app_of(enrolled)))
        assert running.get("/admin/").status_code == 200
        url = f"/admin/staff/people/{enrolled.pk}/close/"
        assert url in manager.get("/admin/staff/").content.decode()
        assert "can no longer sign in" in manager.get(url).content.decode()
        assert manager.post(url).status_code == 422
        assert User.objects.get(pk=enrolled.pk).is_active
        assert manager.post(url, {"confirm": "on"}).status_code == 302
        assert running.get("/admin/").status_code == 302
        assert sign_in("sarc").status_code == 200  # the form again
        assert asked_by(key) is None
        assert ApiKey.objects.filter(revoked_at=None).count() == 0
        assert kinds_of_events(world)[-2:] == ["api_keys_revoked", "user_deactivated"]
        assert manager.post(url, {"confirm": "on"}).status_code == 409
        assert url not in manager.get("/admin/staff/").content.decode()

    def test_its_appointments_stay_as_they_are(self, world):
        services.user_deactivate(user=world.sarc, actor=world.manager, at=T0)
        assert world.sarc.appointments.get().ends_at is None

    def test_nobody_closes_their_own(self, world, manager):
        refused = refusal(services.user_deactivate, user=world.manager, actor=world.manager, at=T0)
        assert refused == "own_rights"
        own = f"/admin/staff/people/{world.manager.pk}/close/"
        assert own not in manager.get("/admin/staff/").content.decode()
        assert manager.post(own, {"confirm": "on"}).status_code == 422

    def test_only_programme_managers_close_one(self, world, enrolled):
        client = signed_in(enrolled)
        url = f"/admin/staff/people/{world.va.pk}/close/"
        assert {client.get(url).status_code, client.post(url, {"confirm": "on"}).status_code} == {403}


class TestAUserNameStandsOnce:
    @pytest.mark.parametrize("twin", ["SARC", "Sarc"])
    def test_whatever_the_capitals(self, world, twin):
        new = {"display_name": "Somebody", "email": "twin@staff.invalid", "actor": world.manager, "at": T0}
        assert refusal(services.user_create, username=twin, **new) == "invalid"
        with pytest.raises(IntegrityError, match="accounts_user_name_once"), transaction.atomic():
            UserFactory(username=twin)

    def test_signing_in_takes_any_capitals(self, enrolled):
        assert sign_in("SaRc").status_code == 302

    def test_names_that_only_capitals_make_alike_do_not_break_signing_in(self, world):
        # A dotless i is another letter than i, but both have the capital I.
        for name in ("dim", "dım"):
            user = UserFactory(username=name)
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])
        assert sign_in("dım").status_code == 302
        assert sign_in("dim").status_code == 302


class TestATwinMadeAtTheSameTimeIsARefusal:
    """As if the other had been saved between the check and the save."""

    @pytest.fixture(autouse=True)
    def _checked_before(self, monkeypatch):
        monkeypatch.setattr(rows, "clean", lambda instance: None)

    def test_user(self, world):
        new = {"display_name": "Twin", "email": "twin@staff.invalid", "actor": world.manager, "at": T0}
        self.refused(world, services.user_create, username="sarc", **new)

    def test_location(self, world):
        camp = world.installation
        new = {"kind": camp.kind, "name": camp.name, "zone": "UTC", "parent": None}
        self.refused(world, services.location_create, actor=world.manager, at=T0, **new)

    def test_post(self, world):
        new = {"location": world.installation, "role": Role.SARC, "title": "Twin", "next_higher": None}
        self.refused(world, services.post_create, actor=world.manager, at=T0, **new)

    def refused(self, world, create, **new):
        before = kinds_of_events(world)
        # No transaction around it: the refusal leaves the caller's own usable.
        with pytest.raises(DomainError) as refusal:
            create(**new)
        assert (refusal.value.code, refusal.value.status) == ("already_exists", 409)
        assert kinds_of_events(world) == before
