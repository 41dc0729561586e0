"""The demo: six invented cases in six states, made by the services, nothing missed, something due."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from accounts import services as accounts
from accounts.models import User
from notifications import selectors as notices
from reports import access
from reports.evidence.custody_models import Custody
from reports.evidence.selectors import case_kits, held
from reports.obligations.models import Duty, DutyState
from reports.obligations.selectors import open_duties
from sapr import clock
from sapr.demo import ground
from sapr.errors import DomainError
from sapr.models import Kind
from sapr.rehearsal import rehearsal_database
from sapr.signin import as_owner
from tests.command_line import manage, sentence

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(django_db_blocker) -> Iterator[dict[str, Any]]:
    """A filled demo, filled by the command after a first attempt was interrupted; Django is bound to it."""
    with django_db_blocker.unblock(), rehearsal_database(Kind.DEMO) as env:
        at = clock.now()
        accounts.user_create(
            username="left", display_name="Left Over", email="left@staff.invalid", actor=None, at=at
        )
        assert ground.state() == ground.HALF_FILLED
        yield {"env": env, "told": manage("demo", "seed", "--json", env=env)}


@pytest.fixture
def sarc(demo, django_db_blocker) -> Iterator[User]:
    """The demo's SARC, as the viewer of the database."""
    with django_db_blocker.unblock():
        viewer = User.objects.get(username="sarc")
        with access.viewing(viewer):
            yield viewer


def test_it_prints_every_account_once(demo) -> None:
    assert demo["told"].returncode == 0, demo["told"].stderr
    told = json.loads(demo["told"].stdout)
    assert told["seeded"] is True
    wanted = {"sarc", "va", "commander", "unit", "mcio", "manager", "manager2", "higher", "custodian"}
    assert wanted <= {account["username"] for account in told["accounts"]}
    assert len({account["password"] for account in told["accounts"]}) == len(told["accounts"])
    again = manage("demo", "seed", "--json", env=demo["env"])
    assert json.loads(again.stdout) == {"seeded": False, "accounts": []}


def test_what_an_interruption_left_is_gone(demo, django_db_blocker) -> None:
    with django_db_blocker.unblock():
        assert not User.objects.filter(username="left").exists()


def test_the_passwords_are_right(demo, django_db_blocker) -> None:
    account = json.loads(demo["told"].stdout)["accounts"][0]
    with django_db_blocker.unblock():
        assert User.objects.get(username=account["username"]).check_password(account["password"])


def test_six_cases_in_six_states(sarc) -> None:
    cases = list(access.cases(sarc))
    elections = [getattr(getattr(case, "report", None), "election", None) for case in cases]
    assert sorted(map(str, elections)) == ["None", *["restricted"] * 3, *["unrestricted"] * 2]
    assert sum(bool(getattr(case, "report", None) and case.report.converted_at) for case in cases) == 1
    kits = [kit.state for case in cases for kit in case_kits(viewer=sarc, case=case)]
    assert sorted(kits) == ["mcio", "stored"]
    assert len({case.installation_id for case in cases}) == 2


def test_the_custodian_finds_a_kit_on_the_shelf(demo, django_db_blocker) -> None:
    with django_db_blocker.unblock():
        custodian = User.objects.get(username="custodian")
        with access.viewing(custodian):
            [kit] = held(viewer=custodian)
            [hop] = Custody.objects.filter(card=kit.card)
    assert (hop.state, hop.purpose, hop.answered_by_id) == ("accepted", "store", custodian.pk)


def test_something_is_due_today_and_nothing_was_missed(sarc) -> None:
    due = open_duties(viewer=sarc).values_list("due_at", flat=True)
    now = clock.now()
    assert any(now < at <= now + timedelta(hours=2) for at in due)
    assert list(Duty.objects.filter(state=DutyState.MISSED).values_list("kind", "due_at", "closed_at")) == []


def test_notices_wait_were_placed_and_say_minimal_at_the_outpost(sarc) -> None:
    assert notices.notices_waiting(viewer=sarc).count() == 1
    restricted = notices.notices(viewer=sarc).filter(kind="commander_notice_restricted", state="placed")
    # Of the rung, not of the words: a draw makes a share of the notices coarser. A post above has none.
    found = [(notice.post.location.name, notice.unit_rung) for notice in restricted]
    rungs = {(name, rung is not None and rung.rung != "minimal") for name, rung in found}
    assert rungs == {("Camp Example", True), ("Example Region Command", False)}
    assert all(notice.placed_at - notice.slot < timedelta(minutes=1) for notice in restricted)


def test_the_clock_shows_the_real_time(demo, django_db_blocker) -> None:
    with django_db_blocker.unblock(), as_owner() as owner:
        [apart] = owner.execute(
            "SELECT abs(extract(epoch FROM sapr_now() - clock_timestamp())) < 0.1"
        ).fetchone()
    assert apart


def test_a_filled_demo_is_never_cleared(demo, django_db_blocker) -> None:
    with django_db_blocker.unblock(), pytest.raises(DomainError) as refusal:
        ground.clear()
    assert refusal.value.code == "demo_in_use"


def test_only_a_demo_is_filled() -> None:
    done = manage("demo", "seed", "--json")
    assert done.returncode == 1
    assert "kind 'demo'" in sentence(done)
