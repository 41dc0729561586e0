"""Killed with -9 anywhere and typed again, an import enters every row exactly once."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from random import Random

import pytest
from django.conf import settings
from django.db import connections

from reports.legacy import running
from reports.legacy.storing import Store
from reports.vault.people import cases_of_person
from sapr.errors import DomainError
from tests.command_line import for_command
from tests.legacy.looking import as_admin, counts
from tests.legacy.old import CUTOVER, NUMBER, imported, iso, row, written
from tests.processes import kill

ROWS = 40
# What a process is killed before, or within: keys made and no case; cases written and not committed; committed and not
# in the index of people; everything done and not said.
POINTS = ("enter", "_enter", "add_people", "say")


def _dies_at(point: str, path) -> None:
    """In a process of its own: import until the second time it comes by that point, and be killed there."""
    passed = []
    real = getattr(Store, point)

    def killed(self, *given):
        passed.append(point)
        if len(passed) == 2:
            if point == "_enter":
                real(self, *given)
            os.kill(os.getpid(), signal.SIGKILL)
        return real(self, *given)

    setattr(Store, point, killed)
    imported(path)


def whole(stage, rows: int, runs: int | None = None) -> None:
    """Every row is a case once, with everything that belongs to it; no key leads to another's; each run has ended."""
    with as_admin(stage) as admin:
        broken = admin.execute(
            "SELECT count(*), count(DISTINCT s.digest), count(r.id), count(i.id), count(e.id), count(h.case_id)"
            " FROM reports_legacysource s LEFT JOIN reports_report r USING (case_id) LEFT JOIN reports_identity i"
            " USING (case_id) LEFT JOIN reports_event e ON e.case_id = s.case_id AND e.kind = 'legacy_imported'"
            " LEFT JOIN reports_chainhead h ON h.case_id = s.case_id"
        ).fetchone()
        admin.execute("SELECT sapr_legacy_is_whole(ARRAY(SELECT case_id FROM reports_legacysource))")
        ended = admin.execute("SELECT count(*), count(ended_at) FROM reports_legacyrun").fetchone()
    assert broken == (rows,) * 6
    assert counts(stage, "reports_case") == [rows]
    assert len(cases_of_person(NUMBER)) == rows
    assert ended == (runs or ended[0],) * 2


def test_killed_at_each_point_and_typed_again(stage, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("reports.legacy.services.ROWS", 5)
    monkeypatch.setattr(running, "ROWS", 5)
    path = written(tmp_path, [row(f"K-{number}") for number in range(ROWS)])
    fork = multiprocessing.get_context("fork")
    for point in POINTS:
        connections.close_all()
        process = fork.Process(target=_dies_at, args=(point, path))
        process.start()
        process.join()
        assert process.exitcode == -signal.SIGKILL, point
    with pytest.raises(DomainError) as refusal:
        imported(path, cutover=CUTOVER - timedelta(days=1))
    assert refusal.value.code == "other_cutover"
    found = imported(path)
    assert found.imported + found.skipped + found.already == ROWS
    # A part that was killed before its people stood in the index is not passed over.
    assert len(cases_of_person(NUMBER)) == ROWS
    assert imported(path).already == ROWS
    whole(stage, ROWS, 2)


def test_a_helper_that_is_killed_alone_stops_the_import_which_then_goes_on(
    stage, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr("reports.legacy.services.ROWS", 5)
    path = written(tmp_path, [row(f"K-{number}") for number in range(20)])
    with monkeypatch.context() as patched:
        patched.setattr(Store, "add_people", lambda self, lines: os.kill(os.getpid(), signal.SIGKILL))
        with pytest.raises(DomainError) as refusal:
            imported(path, processes=2)
    assert refusal.value.code == "import_broken"
    found = imported(path)
    assert (found.already > 0, found.imported + found.skipped + found.already) == (True, 20)
    assert len(cases_of_person(NUMBER)) == 20


@pytest.mark.long
def test_killed_at_random_as_people_run_it_with_two_processes(stage, tmp_path) -> None:
    dice, rows = Random(3), 6_000  # noqa: S311
    path = written(tmp_path, [row(f"K-{number}") for number in range(rows)])
    command = [
        sys.executable,
        "manage.py",
        "import_legacy",
        str(path),
        "--cutover",
        iso(CUTOVER),
        "--processes",
        "2",
    ]
    for _ in range(8):
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=for_command(stage.env), start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        threading.Event().wait(1.5 + dice.random() * 2)
        kill(process)
    found = imported(path, source="earlier", processes=2)
    assert found.imported + found.skipped + found.already == rows
    # A quick machine may have come to the end before the last kill: the next command began once more.
    whole(stage, rows)
