"""The replays as people start them: both stories pass, and what does not happen is not passed over."""

import json
import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from sapr.management.commands.walkthrough import FILES
from sapr.walkthrough import script as scripts
from sapr.walkthrough import telling
from sapr.walkthrough.replay import Replay
from tests.command_line import for_command, manage, sentence
from tests.processes import wait_until
from tests.stage import admin_connection, throwaway_copy

pytestmark = pytest.mark.slow
COMMANDER_DUTY = {"restricted": "commander_notice_restricted", "unrestricted": "commander_notice_details"}


def rehearsals() -> set[str]:
    """The rehearsal databases of this deployment that exist now."""
    name = urlsplit(os.environ["OWNER_DATABASE_URL"]).path.lstrip("/")
    with admin_connection() as admin:
        rows = admin.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{name[:32]}%rehearsal%"]
        )
        return {row[0] for row in rows}


@pytest.fixture(scope="module")
def told(django_db_blocker) -> dict[str, dict[str, Any]]:
    """Both stories' results: one as people start it, which ended with 0 and left no database; the other in a copy."""
    done = manage("walkthrough", "restricted", "--json")
    assert done.returncode == 0, done.stderr
    assert rehearsals() == set()
    with django_db_blocker.unblock():
        return {
            "restricted": json.loads(done.stdout),
            "unrestricted": replayed(FILES / "unrestricted.json", "unrestricted"),
        }


def replayed(steps: Path, story: str) -> dict[str, Any]:
    """A story's result in a copy of the prepared database."""
    with throwaway_copy():
        replay = Replay(scripts.load(steps, story), json.loads((FILES / "staff.json").read_text()))
        replay.run()
        return json.loads(json.dumps(telling.document(replay)))


def changed(tmp_path: Path, story: str, change) -> str:
    """A copy of a story's steps after `change(steps)`."""
    data = json.loads((FILES / f"{story}.json").read_text())
    change(data["steps"])
    path = tmp_path / f"{story}.json"
    path.write_text(json.dumps(data))
    return str(path)


@pytest.mark.parametrize("story", ["restricted", "unrestricted"])
def test_every_step_of_the_example_passes(told, story: str) -> None:
    result = told[story]
    shipped = json.loads((FILES / f"{story}.json").read_text())
    assert (result["ok"], result["ledger_ok"], result["problems"]) == (True, True, [])
    assert [step["id"] for step in result["steps"]] == [step["id"] for step in shipped["steps"]]
    assert all(step["ok"] for step in result["steps"])
    assert {step["example"] for step in result["steps"]} >= {each["id"] for each in shipped["example"]}


@pytest.mark.parametrize("story", ["restricted", "unrestricted"])
def test_the_senior_commander_is_told_within_24_hours(told, story: str) -> None:
    events = [event for step in told[story]["steps"] for event in step["events"]]
    at = {event["kind"]: datetime.fromisoformat(event["at_utc"]) for event in reversed(events)}
    placed = "commander_notice_placed" if story == "restricted" else "commander_details_placed"
    assert at["report_signed"] <= at[placed] <= at["report_signed"] + timedelta(hours=24)
    duties = [(duty["change"], duty["kind"]) for step in told[story]["steps"] for duty in step["duties"]]
    assert ("opened", COMMANDER_DUTY[story]) in duties
    assert ("discharged", COMMANDER_DUTY[story]) in duties
    assert "missed" not in {change for change, _ in duties}


def test_a_restricted_notice_goes_to_the_senior_commander_alone_at_a_slot(told) -> None:
    [notice] = told["restricted"]["notices"]
    assert notice["addressee"].startswith("Senior commander")
    assert notice["state"] == "placed"
    assert notice["slot_utc"] == notice["placed_at_utc"]
    assert notice["text"].startswith("An assault has been reported")


def test_an_unrestricted_report_has_three_addressees(told) -> None:
    notices = {notice["kind"]: notice for notice in told["unrestricted"]["notices"]}
    assert set(notices) == {"mcio_notice", "unit_commander_notice", "commander_notice_details"}
    assert all(notice["text"] and notice["state"] == "placed" for notice in notices.values())


def test_the_lines_for_people_hold_every_step_and_the_exact_words(told) -> None:
    lines = list(telling.lines(told["restricted"]))
    for step in told["restricted"]["steps"]:
        assert f"    {step['says']}" in lines
    for line in told["restricted"]["notices"][0]["text"].splitlines():
        assert f"    | {line}" in lines


def test_a_removed_step_is_an_error(tmp_path: Path) -> None:
    def without_the_kit(steps: list[dict[str, Any]]) -> None:
        steps[:] = [step for step in steps if step["id"] != "kit"]

    done = manage(
        "walkthrough", "restricted", "--json", "--steps", changed(tmp_path, "restricted", without_the_kit)
    )
    assert done.returncode != 0
    assert "R-6: no step shows kit_sealed." in sentence(done)
    assert json.loads(done.stdout)["ok"] is False


def test_a_step_without_its_event_fails_and_a_refused_one_ends_the_story(
    tmp_path: Path, django_db_blocker
) -> None:
    def spoil(steps: list[dict[str, Any]]) -> None:
        at = {step["id"]: step for step in steps}
        at["care"].update({"do": "wait", "with": {}})
        at["database"]["with"]["kind"] = "no_such_step"

    with django_db_blocker.unblock():
        told = replayed(Path(changed(tmp_path, "unrestricted", spoil)), "unrestricted")
    assert told["ok"] is False
    assert "care: follow_up_scheduled is not in the ledger." in told["problems"][0]
    assert [step["id"] for step in told["steps"] if not step["ok"]] == ["care", "database"]
    assert told["steps"][-1]["refused"] == "There is no such step. Choose one from the list."


def test_without_the_owners_address_it_says_what_is_missing() -> None:
    done = manage("walkthrough", "restricted", without=("OWNER_DATABASE_URL",))
    assert done.returncode == 1
    assert "owner role's database URL" in sentence(done)


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_no_database(by: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "walkthrough", "restricted"],
        cwd=settings.BASE_DIR,
        env=for_command(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_until(lambda: len(rehearsals()) == 2, "both rehearsal databases")
        process.send_signal(by)
        _, complaint = process.communicate(timeout=300)
    finally:
        process.kill()
    assert process.returncode == 130
    assert complaint.strip().endswith("Interrupted.")
    assert rehearsals() == set()
