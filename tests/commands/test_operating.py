"""The commands of whoever runs the system: sweeping by hand, verifying the ledger, checking a running system."""

import json
from datetime import timedelta

import pytest
from django.core.management import get_commands, load_command_class

from notifications.models import InboxItem
from reports import access
from reports.ledger.services import append_system
from sapr.checks import the_clock_did_not_go_back
from sapr.commands import PlainCommand
from tests.command_line import manage, sentence
from tests.stage import admin_connection, in_database
from tests.times import T0

OURS = ("accounts", "notifications", "reports", "sapr")


@pytest.mark.slow
def test_a_sweep_by_hand_places_once(stage) -> None:
    from sapr import clock

    report = stage.world.signed("restricted")
    with access.viewing(stage.world.sarc):
        last_slot = report.case.notices.get().last_slot
    clock.move(last_slot, hold=True)
    first, second = (manage("duties", "sweep", "--json", env=stage.env) for _ in range(2))
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert json.loads(first.stdout)["placed"] == 1
    assert json.loads(second.stdout)["placed"] == 0
    with access.viewing(stage.world.commander):
        assert InboxItem.objects.count() == 1


@pytest.mark.slow
def test_the_ledger_is_verified_and_a_changed_event_is_named(stage) -> None:
    report = stage.world.signed("restricted")
    sound = manage("ledger", "verify", "--all", "--json", env=stage.env)
    told = json.loads(sound.stdout)
    assert (sound.returncode, told["ok"], told["bad"]) == (0, True, [])
    assert told["chains"] == 2
    assert manage("ledger", "verify", "--case", str(report.case_id), env=stage.env).returncode == 0
    tamper(stage, report.case_id)
    broken = manage("ledger", "verify", "--case", str(report.case_id), "--json", env=stage.env)
    assert broken.returncode == 1
    assert json.loads(broken.stdout)["bad"] == [
        {"case": str(report.case_id), "seq": 3, "kind": "contact_logged"},
    ]
    assert "changed outside this system" in sentence(broken)


def tamper(stage, case_id) -> None:
    """What only the server's administrator could do: change a row behind the triggers."""
    with admin_connection() as admin:
        url = in_database(stage.env["ADMIN_DATABASE_URL"], stage.names["default"])
        with type(admin).connect(url, autocommit=True) as database:
            database.execute("SET session_replication_role = replica")
            database.execute(
                "UPDATE reports_event SET kind = 'contact_logged' WHERE case_id = %s AND seq = 3", [case_id]
            )


def test_an_unknown_case_is_a_sentence() -> None:
    done = manage("ledger", "verify", "--case", "00000000-0000-0000-0000-00000000abcd")
    assert done.returncode == 1
    assert sentence(done) == "There is no event of a case with that id or number."


@pytest.mark.parametrize(
    ("url", "says"),
    [("http://127.0.0.1:9", "Nothing answers at"), ("file:///etc/hostname", "Give the address as")],
)
def test_a_check_of_nothing_is_a_sentence(url: str, says: str) -> None:
    done = manage("selfcheck", "--url", url, "--username", "sarc", "--password-stdin", stdin="secret\n")
    assert done.returncode == 1
    assert sentence(done).startswith(says)
    assert done.stdout == ""


def test_a_database_that_is_down_is_a_sentence() -> None:
    import os

    env = os.environ | {"DATABASE_URL": "postgres://nobody:nothing@127.0.0.1:9/nowhere"}
    done = manage("staff", "password", "sarc", env=env)
    assert done.returncode == 1
    assert sentence(done).startswith("The database does not answer.")
    assert "127.0.0.1" not in done.stderr


def test_every_command_with_a_result_takes_json() -> None:
    own = [(app, name) for name, app in get_commands().items() if app in OURS]
    plain = [
        command for app, name in own if isinstance(command := load_command_class(app, name), PlainCommand)
    ]
    assert len(plain) >= 6
    for command in plain:
        parser = command.create_parser("manage.py", "command")
        parsers = [parser]
        for action in parser._subparsers._group_actions if parser._subparsers else ():
            parsers = list(action.choices.values())
        assert all("--json" in each._option_string_actions for each in parsers)


def test_with_a_clock_that_was_set_back_nothing_starts(world, held_clock, monkeypatch) -> None:
    """The rehearsal that the tests run in may move its clock; no other database may."""
    with access.viewing(world.manager):
        append_system(kind="worker_pinged", actor=world.manager, at=T0)
    assert not held_clock.went_back()
    held_clock.move(T0 - timedelta(seconds=1), hold=True)
    assert held_clock.went_back()
    assert the_clock_did_not_go_back(None, ["default"]) == []
    monkeypatch.setattr("sapr.clock.kind", lambda: "demo")
    assert [each.id for each in the_clock_did_not_go_back(None, ["default"])] == ["sapr.E009"]
    held_clock.move(T0, hold=True)
    assert the_clock_did_not_go_back(None, ["default"]) == []
