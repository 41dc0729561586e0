"""After an erasure no byte anywhere opens the case again, while everything else opens as before."""

import json
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from psycopg import sql

from reports import access
from reports.election.models import Identity, Narrative
from reports.erasure.services import hold_place
from reports.ledger.models import Event
from reports.vault import keys
from reports.vault.errors import ErasedError
from reports.vault.services import open_sealed
from reports.vault.wrapping import MISFIT, available
from sapr import pgtools
from sapr.errors import DomainError
from sapr.operating.upkeep import on_hold
from tests.command_line import manage, sentence
from tests.erasure.conftest import agreed, left_without_signing
from tests.processes import wait_until
from tests.stage import admin_connection, in_database
from tests.times import T0
from tests.world import CANARIES

pytestmark = pytest.mark.slow


def opened(world, case) -> dict[str, str]:
    """The identity and account of a case, in clear."""
    keys.forget()
    with access.viewing(world.sarc):
        return {
            name: value
            for model in (Identity, Narrative)
            for name, value in open_sealed(
                record=model.objects.get(case=case), actor=world.sarc, purpose="case_work", at=T0
            ).items()
        }


def rows(stage, store: str, statement, *values) -> list[tuple]:
    with psycopg.connect(in_database(stage.env["ADMIN_DATABASE_URL"], stage.names[store])) as admin:
        return admin.execute(statement, values).fetchall()


def wrapped_keys(stage, case) -> list[tuple]:
    """The case's rows of the key store."""
    select = "SELECT id, case_id, sensitivity, kek_id, wrapped FROM reports_wrappedkey WHERE case_id = %s"
    return rows(stage, "keys", select, case.pk)


def counts(stage) -> dict[str, int]:
    """How many rows each table of cases has."""
    tables = rows(
        stage, "default", "SELECT tablename FROM pg_tables WHERE tablename ~ '^(reports|notifications)_'"
    )
    count = sql.SQL("SELECT count(*) FROM {}")
    return {
        name: rows(stage, "default", count.format(sql.Identifier(name)))[0][0]
        for (name,) in tables
        if name not in ("reports_event", "reports_chainhead")
    }


def server_files(stage) -> bytes:
    """Everything the server has on disk of both databases, with the write-ahead log."""
    with admin_connection() as admin:
        admin.execute("CHECKPOINT")
        folder = Path(admin.execute("SHOW data_directory").fetchone()[0])
        names = [stage.names["default"], stage.names["keys"]]
        oids = admin.execute("SELECT oid FROM pg_database WHERE datname = ANY (%s)", [names]).fetchall()
    folders = [folder / "base" / str(oid) for (oid,) in oids] + [folder / "pg_wal"]
    found: list[bytes] = []

    def read() -> bool:
        # The server goes on working: where a file got another name meanwhile, everything is read again.
        found.clear()
        with suppress(FileNotFoundError):
            found.extend(path.read_bytes() for each in folders for path in each.iterdir() if path.is_file())
            return True
        return False

    wait_until(read, "a moment in which no file goes")
    return b"".join(found)


def key_files(stage) -> list[Path]:
    """Every file that holds key material now, but for the master key itself."""
    places = [Path(place) for place in stage.env["SAPR_KEY_STORE_PLACES"].split(":")]
    return [Path(stage.env["SAPR_KEY_EPOCH_FILE"]), *(file for place in places for file in place.iterdir())]


@contextmanager
def empty_database(stage):
    """The environment with a new, empty case database beside the present key store; Django is bound to it."""
    name = f"{stage.names['default']}_again"
    owner = sql.Identifier(settings.ROLE_NAMES["owner"])
    with admin_connection() as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), owner))
        urls = ("OWNER_DATABASE_URL", "DATABASE_URL", "WORKER_DATABASE_URL")
        env = stage.env | {
            url: in_database(stage.env[url], name).replace("postgresql", "postgres", 1) for url in urls
        }
        config = connections["default"].settings_dict
        connections.close_all()
        config["NAME"] = name
        try:
            yield env
        finally:
            connections.close_all()
            config["NAME"] = stage.names["default"]
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def bring_back(stage, wrapped: list[tuple]) -> None:
    """An older copy of the key store's rows, put back by somebody who may do anything there."""
    url = in_database(stage.env["ADMIN_DATABASE_URL"], stage.names["keys"])
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")
        for row in wrapped:
            admin.execute(
                "INSERT INTO reports_wrappedkey (id, case_id, sensitivity, kek_id, wrapped)"
                " VALUES (%s, %s, %s, %s, %s)",
                row,
            )


def drop(database: str) -> None:
    with admin_connection() as admin:
        admin.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(database)))


@pytest.fixture
def scene(stage, tmp_path):
    """A case to be erased, one to be kept, and a backup that holds both."""
    world = stage.world
    gone, kept = left_without_signing(world), world.signed("unrestricted").case
    backup = tmp_path / "cases.backup"
    made = manage("backup", "--to", str(backup), "--json", env=stage.env | {"SAPR_ROLE": "owner"})
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["key_store_copies"] == 1
    return stage, world, gone, kept, backup


def erase(stage, *words: str):
    return manage("erase", *words, env=stage.env)


def test_nothing_is_erased_before_two_persons_agreed_and_without_the_number_twice(scene) -> None:
    stage, world, gone, kept, _ = scene
    assert "Two persons have not agreed" in sentence(
        erase(stage, "--case", gone.number, "--confirm", gone.number)
    )
    agreed(world, gone)
    assert json.loads(erase(stage, "--list", "--json").stdout)["approved"][0]["case"] == gone.number
    preview = erase(stage, "--case", gone.number, "--json")
    assert json.loads(preview.stdout) == {"case": gone.number, "done": False}
    assert "numbers differ" in sentence(erase(stage, "--case", gone.number, "--confirm", kept.number))
    assert opened(world, gone)["name"] == CANARIES["name"]


def test_no_byte_on_any_disk_opens_an_erased_case_and_every_other_case_opens(scene) -> None:
    stage, world, gone, kept, backup = scene
    before, agreement = opened(world, kept), agreed(world, gone)
    counted = counts(stage)
    wrapped = wrapped_keys(stage, gone)
    old_epoch = Path(stage.env["SAPR_KEY_EPOCH_FILE"]).read_text().split()[0]
    assert {row[2] for row in wrapped} == {"identity", "narrative"}
    done = erase(stage, "--case", gone.number, "--confirm", gone.number, "--json")
    assert done.returncode == 0, done.stderr
    certificate = json.loads(done.stdout)["certificate"]
    assert certificate["places"] == 1
    assert (certificate["proposed_by"], certificate["approved_by"]) == (
        str(world.sarc.pk),
        str(world.manager.pk),
    )
    # The case itself and a process that held the key a moment ago; the other one is as it was.
    with pytest.raises(ErasedError):
        opened(world, gone)
    assert opened(world, kept) == before
    assert counts(stage) == counted
    # With the master key, every key file and all that the server ever wrote in hand:
    on_disk = server_files(stage)
    held = b"".join(path.read_bytes() for path in key_files(stage))
    assert old_epoch.encode() not in held
    assert bytes.fromhex(old_epoch) not in held + on_disk
    assert old_epoch.encode() not in on_disk
    for _, case_id, sensitivity, _, blob in wrapped:
        for wrapping in available().values():
            with pytest.raises(keys.VaultLockedError, match=MISFIT):
                wrapping.unwrap(case_id, sensitivity, bytes(blob))
    assert not [name for name, value in CANARIES.items() if value.encode() in on_disk + backup.read_bytes()]
    # The ledger holds, and says by whom and why.
    verified = manage("ledger", "verify", "--all", "--json", env=stage.env)
    assert json.loads(verified.stdout)["ok"] is True
    with access.viewing(world.sarc):
        agreement.refresh_from_db()
        assert (agreement.state, agreement.done_at) == ("done", T0)
    assert "destroyed before" in sentence(erase(stage, "--case", gone.number, "--confirm", gone.number))


def test_a_restored_older_backup_opens_every_case_but_the_erased_one(scene) -> None:
    stage, world, gone, kept, backup = scene
    before = opened(world, kept)
    wrapped = wrapped_keys(stage, gone)
    agreed(world, gone)
    assert erase(stage, "--case", gone.number, "--confirm", gone.number).returncode == 0
    full = manage("restore", "--from", str(backup), "--json", env=stage.env)
    assert "not empty" in sentence(full)
    # Somebody restored the key store from an older copy as well.
    bring_back(stage, wrapped)
    elsewhere = {"SAPR_CHECKPOINT_DIR": str(backup.parent / "checkpoints")}
    assert manage("ledger", "checkpoint", env=stage.env | elsewhere).returncode == 0
    with empty_database(stage) as env:
        env |= elsewhere
        done = manage("restore", "--from", str(backup), "--json", env=env)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["tombstones"] >= 1
        assert json.loads(done.stdout)["checkpoints_ahead"] == "checkpoint-00000001.json"
        assert on_hold()
        with pytest.raises(ErasedError):
            opened(world, gone)
        with access.viewing(world.sarc):
            certificate = Event.objects.get(case_id=gone.pk, kind="case_erased")
        assert certificate.data["before_this_restore"] is True
        assert opened(world, kept) == before
        # No checkpoint here and one outside is what a rewritten ledger looks like: its files are put away first.
        (backup.parent / "checkpoints").rename(backup.parent / "put away")
        verified = manage("ledger", "verify", "--all", "--json", env=env)
        assert json.loads(verified.stdout)["ok"] is True
    assert wrapped_keys(stage, gone) == []


def test_a_database_stays_shut_while_its_restore_failed(scene) -> None:
    stage, _, _, _, backup = scene
    broken = backup.with_name("broken.backup")
    broken.write_bytes(backup.read_bytes()[:20_000])
    with empty_database(stage) as env:
        assert "pg_restore failed" in sentence(manage("restore", "--from", str(broken), env=env))
        # Not even setting up the roles again, as every start does, lets anybody in.
        assert "stays closed" in sentence(manage("roles", env=env))
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            psycopg.connect(env["DATABASE_URL"].replace("postgres://", "postgresql://", 1))
        for put_aside in (False, True):
            done = manage("restore", "--from", str(backup), "--aside", "--json", env=env)
            assert done.returncode == 0, done.stderr
            kept_as = json.loads(done.stdout)["kept_as"]
            assert bool(kept_as) is put_aside
            assert manage("roles", env=env).returncode == 0
        drop(kept_as)
        with psycopg.connect(env["DATABASE_URL"].replace("postgres://", "postgresql://", 1)):
            busy = manage("restore", "--from", str(backup), "--aside", env=env)
            assert "Somebody is connected" in sentence(busy)
    assert "cannot be read" in sentence(manage("restore", "--from", str(backup) + ".gone", env=stage.env))
    again = manage("backup", "--to", str(backup), env=stage.env)
    assert "file of this name already" in sentence(again)


def test_what_was_begun_and_killed_is_finished_and_no_hold_slips_in_between(scene) -> None:
    stage, world, gone, _, _ = scene
    agreed(world, gone)
    begun = (
        "import django, os; django.setup()\n"
        "from reports.erasure import destruction\n"
        "from sapr import clock\n"
        "destruction.store.destroy = lambda *a, **k: os._exit(9)\n"
        f"destruction.case_erase(destruction.find('{gone.number}'), clock.now())"
    )
    env = stage.env | {"SAPR_ROLE": "owner"}
    assert subprocess.run([sys.executable, "-c", begun], env=env, cwd=settings.BASE_DIR).returncode == 9
    with pytest.raises(DomainError, match="too late"):
        hold_place(actor=world.sarc, case_id=gone.pk, reason="appeal", at=T0)
    assert json.loads(erase(stage, "--list", "--json").stdout)["approved"][0]["begun"] is True
    done = erase(stage, "--case", gone.number, "--confirm", gone.number, "--json")
    assert done.returncode == 0, done.stderr
    with pytest.raises(ErasedError):
        opened(world, gone)
    with access.viewing(world.sarc):
        assert Event.objects.filter(case_id=gone.pk, kind="case_erased").count() == 1


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (
            "postgres://u:p@db.example:5433/cases?sslmode=verify-full&sslrootcert=/etc/ca.pem",
            {
                "PGHOST": "db.example",
                "PGPORT": "5433",
                "PGSSLMODE": "verify-full",
                "PGSSLROOTCERT": "/etc/ca.pem",
            },
        ),
        ("postgres://u:p@/cases?host=/run/postgresql", {"PGHOST": "/run/postgresql", "PGDATABASE": "cases"}),
    ],
)
def test_the_tools_are_told_everything_that_the_address_says(monkeypatch, url, told) -> None:
    given = {}
    monkeypatch.setattr("sapr.pgtools._server_major", lambda url: 0)
    monkeypatch.setattr(
        "sapr.pgtools.subprocess.run",
        lambda words, **how: (
            given.update(how.get("env", {})) or subprocess.CompletedProcess(words, 0, "15.0")
        ),
    )
    pgtools.run("pg_dump", [], url=url)
    assert told.items() <= given.items()
