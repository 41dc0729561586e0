"""`manage.py staff`: the first accounts, once; a lost password; an API key."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts import services
from accounts.asking import asked_by
from accounts.models import Enrolment, User
from reports import access
from reports.ledger.models import Event
from reports.ledger.selectors import system_events
from sapr.models import Kind


def staff(*words: str) -> dict:
    out = StringIO()
    call_command("staff", *words, "--json", stdout=out)
    return json.loads(out.getvalue())


def kinds_of_events(manager: User) -> list[str]:
    with access.viewing(manager):
        return [event.kind for event in system_events(viewer=manager)]


@pytest.fixture
def of_kind(monkeypatch):
    """Pretend that the database is of another kind; the kind itself can never be changed."""

    def pretend(kind: Kind) -> None:
        monkeypatch.setattr("sapr.clock.kind", lambda: kind)

    return pretend


def test_bootstrap_makes_two_managers_once_and_is_an_event(held_clock, monkeypatch) -> None:
    monkeypatch.setenv("SAPR_PORT", "8123")
    accounts = staff("bootstrap")["accounts"]
    assert len(accounts) == 2
    manager = User.objects.get(username=accounts[0]["username"])
    assert kinds_of_events(manager)[-1] == "staff_bootstrapped"
    link = accounts[0]["link"]
    assert link.startswith("http://localhost:8123/enrol/#")
    with pytest.raises(CommandError, match="Accounts exist already"):
        staff("bootstrap")
    assert User.objects.count() == 2
    user = services.enrolment_use(
        token=link.partition("#")[2], password="long and invented", at=held_clock.now()
    )
    assert user.check_password("long and invented")


def test_a_token_is_kept_only_as_its_hash(held_clock) -> None:
    tokens = [account["link"].partition("#")[2] for account in staff("bootstrap")["accounts"]]
    kept = [bytes(row.token_hash) for row in Enrolment.objects.all()]
    assert not any(token.encode() in value for token in tokens for value in kept)


def test_bootstrap_is_refused_in_a_demo(held_clock, of_kind) -> None:
    of_kind(Kind.DEMO)
    with pytest.raises(CommandError, match="--no-demo"):
        staff("bootstrap")
    assert not User.objects.exists()


def test_a_password_is_issued_outside_a_real_database(world) -> None:
    told = staff("password", "sarc")
    world.sarc.refresh_from_db()
    assert world.sarc.check_password(told["password"])
    assert kinds_of_events(world.manager)[-1] == "password_issued"


def test_in_a_real_database_nobody_is_shown_a_password(world, of_kind) -> None:
    of_kind(Kind.REAL)
    told = staff("password", "sarc")
    assert "password" not in told
    assert "/enrol/#" in told["link"]
    assert kinds_of_events(world.manager)[-1] == "enrolment_created"


def test_an_api_key_acts_for_its_person_until_it_expires(world, held_clock) -> None:
    told = staff("apikey", "sarc", "--days", "2")
    assert asked_by(told["key"]).user == world.sarc
    assert kinds_of_events(world.manager)[-1] == "api_key_created"


@pytest.mark.parametrize(
    "words",
    [
        ("password", "nobody"),
        ("apikey", "nobody"),
        ("apikey", "sarc", "--days", "0"),
        ("apikey", "sarc", "--days", "366"),
    ],
)
def test_a_refusal_is_a_sentence_and_changes_nothing(world, words: tuple[str, ...]) -> None:
    with access.viewing(world.manager):
        before = Event.objects.count()
    with pytest.raises(CommandError) as refusal:
        staff(*words)
    assert str(refusal.value).endswith(".")
    with access.viewing(world.manager):
        assert Event.objects.count() == before
