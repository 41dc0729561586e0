"""Every released schema, with people and cases in it, comes to this version: nothing is lost and everything opens.

./test tests/frozen --freeze        freezes this version's, once, at a release
"""

import json
from datetime import datetime
from pathlib import Path

import pytest

from accounts.models import User
from sapr import clock
from tests.command_line import manage
from tests.frozen import freezing
from tests.frozen.thawing import thawed

FROZEN = sorted(each.parent for each in freezing.FOLDER.glob("*/about.json"))


def schema(folder: Path) -> list[str]:
    """By which frozen schemas come one after the other."""
    migrations = json.loads((folder / "about.json").read_text())["migrations"]
    return [migrations[app] for app in ("reports", "notifications", "accounts", "sapr")]


def cases() -> list:
    """The latest always; the earlier ones in the long run."""
    *earlier, latest = sorted(FROZEN, key=schema)
    long = [pytest.param(each, id=each.name, marks=pytest.mark.long) for each in earlier]
    return [*long, pytest.param(latest, id=latest.name)]


def test_this_version_is_frozen_when_it_is_released(request, django_db_blocker) -> None:
    """With `--freeze`: write this schema down. Without: what is there is whole, small and named after its schema."""
    if request.config.getoption("--freeze"):
        with django_db_blocker.unblock():
            freezing.freeze()
    for folder in FROZEN:
        about = json.loads((folder / "about.json").read_text())
        assert folder.name == freezing.called(about["migrations"])
        assert sum(file.stat().st_size for file in folder.iterdir()) < freezing.LARGEST


@pytest.mark.slow
@pytest.mark.parametrize("folder", cases())
def test_a_released_database_migrates_and_its_ledger_holds_and_a_seal_opens(
    folder, django_db_blocker
) -> None:
    with django_db_blocker.unblock(), thawed(folder) as (stage, about):
        done = manage("prepare", "--kind", "rehearsal", env=stage.env)
        assert done.returncode == 0, done.stderr
        assert freezing.counts(stage) == about["rows"]
        clock.move(datetime.fromisoformat(about["at"]), hold=True)
        sarc = User.objects.get(pk=about["sarc"])
        assert freezing.identity(sarc, about["case"]) == about["identity"]
        verified = manage("ledger", "verify", "--all", "--json", env=stage.env)
        told = json.loads(verified.stdout)
        # The event that says that the seal was opened is on the chain, too.
        assert (told["ok"], told["bad"], told["events"]) == (True, [], about["rows"]["reports_event"] + 1)
