"""R8, T31: a point in time is brought back, what was erased later stays erased, and nothing is sent twice."""

import json
import os
import subprocess
from contextlib import contextmanager

import psycopg
import pytest

from launcher import process
from sapr import pgtools
from sapr.models import Upkeep
from tests.command_line import manage, sentence
from tests.erasure.conftest import agreed, left_without_signing
from tests.erasure.test_erased_for_ever import empty_database, erase
from tests.processes import wait_until
from tests.stage import admin_url

pytestmark = [pytest.mark.slow, pytest.mark.long]

SLOT = "drill"
GONE = (
    "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = %s AND NOT active"
)


@contextmanager
def received(folder):
    """The server's log, written into a folder while the block runs, as a server's own archive_command would."""
    url = admin_url("postgres")
    program = pgtools._find("pg_receivewal", pgtools._server_major(url))
    # The server keeps what was not received yet, as it keeps what its archive_command did not take yet.
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("SELECT pg_create_physical_replication_slot(%s, true)", [SLOT])
    running = process.spawn(
        [program, "-D", folder, "--slot", SLOT, "--no-loop"],
        env=pgtools._environment(url),
        cwd=folder,
        output=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: any(folder.iterdir()), "the log is received")
        yield
    finally:
        process.end(running)
        with psycopg.connect(url, autocommit=True) as admin:
            # Its last session may still be on its way out.
            wait_until(lambda: admin.execute(GONE, [SLOT]).fetchone(), "the slot is free")


def instant_now(admin) -> str:
    return admin.execute("SELECT clock_timestamp()").fetchone()[0].isoformat()


def test_r8_t31_a_point_in_time_comes_back_and_the_drill_says_that_everything_held(
    stage, admin, reader, tmp_path
) -> None:
    world, (public, identity) = stage.world, reader
    env = stage.env | {"SAPR_BACKUP_RECIPIENTS": public}
    spool, place, base = tmp_path / "spool", tmp_path / "place", tmp_path / "base"
    spool.mkdir()
    place.mkdir()
    with received(spool):
        gone = left_without_signing(world)
        made = manage("backup", "--server", "--to", str(base), "--json", env=env)
        assert made.returncode == 0, made.stderr
        before = world.signed("restricted").case
        assert manage("keys", "copy", env=env).returncode == 0
        at = instant_now(admin)
        after = world.signed("restricted").case
        agreed(world, gone)
        erased = erase(stage, "--case", gone.number, "--confirm", gone.number)
        assert erased.returncode == 0, erased.stderr
        admin.execute("CHECKPOINT")
        last = admin.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()[0]
        wait_until(lambda: (spool / last).exists(), "the log is complete")
    shipped = manage("wal", "--from", str(spool), "--to", str(place), "--json", env=env)
    assert json.loads(shipped.stdout)["shipped"] >= 1, shipped.stderr
    assert all(b"age-encryption.org" in path.read_bytes()[:30] for path in place.iterdir())
    point = ("--base", str(base), "--wal", str(place), "--identity", str(identity))
    file = tmp_path / "then"
    then = manage("instant", *point, "--at", at, "--to", str(file), "--json", env=env)
    assert then.returncode == 0, then.stderr
    with empty_database(stage) as fresh:
        restore = ("restore", "--from", str(file), "--identity", str(identity), "--json")
        done = manage(*restore, env=fresh)
        assert done.returncode == 0, done.stderr
        with psycopg.connect(pgtools.libpq(admin_url(f"{stage.names['default']}_again"))) as there:
            found = {row[0] for row in there.execute("SELECT id FROM reports_case")}
            kinds = [
                row[0]
                for row in there.execute("SELECT kind FROM reports_event WHERE case_id = %s", [gone.pk])
            ]
        assert (before.pk in found, after.pk in found) == (True, False)
        assert kinds.count("case_erased") == 1
        swept = manage("duties", "sweep", "--json", env=fresh)
        assert set(json.loads(swept.stdout).values()) == {0}
    # And as the drill practises it, with nothing of this database touched.
    practised = manage("drill", *point, "--at", at, "--json", env=env)
    told = json.loads(practised.stdout)
    assert (practised.returncode, told["ok"]) == (0, True), told
    assert len(told["tests"]) == 8
    assert Upkeep.objects.filter(pk="drill").exists()
    told_apart = admin.execute("SELECT data FROM reports_event WHERE kind = 'restore_practised'").fetchone()[
        0
    ]
    assert told_apart == {"ok": True, "held": 8, "of": 8}
    # Before the base, and after the end of the log, there is nothing to come back to.
    too_late = manage(
        "instant", *point, "--at", "2999-01-01T00:00:00Z", "--to", str(tmp_path / "never"), env=env
    )
    assert "does not get to that instant" in sentence(too_late)
    assert not (tmp_path / "never").exists()
    assert os.environ["ADMIN_DATABASE_URL"] not in practised.stderr
