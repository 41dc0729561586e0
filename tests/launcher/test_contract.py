"""Who is told what: the worker must not even be able to name another role's database or a key."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from launcher.account import for_data
from launcher.binaries import Binaries
from launcher.contract import ROLES, Stage, embedded, on_given
from launcher.layout import Layout
from launcher.placement import Place
from launcher.postgres import Cluster


@pytest.fixture
def stage(layout: Layout, tmp_path: Path) -> Stage:
    place = Place(tmp_path / "data", Path("/tmp/sapr-x"), tmp_path, for_data(None))  # noqa: S108 - only a name
    cluster = Cluster(place, Binaries(tmp_path, 15, "15.18"), "super/secret", tmp_path / "log")
    urls = embedded(cluster, {role: f"{role}-pw" for role in ROLES}, "sapr_demo")
    return Stage(layout, "demo", 8000, urls, "redis://broker")


def test_the_worker_is_told_its_own_login_and_no_key_that_opens_anything(stage: Stage) -> None:
    told = stage.for_worker()
    assert told["WORKER_DATABASE_URL"] == "postgres://sapr_worker:sapr_worker-pw@%2Ftmp%2Fsapr-x/sapr_demo"
    assert told["SAPR_ROLE"] == "worker"
    assert [name for name in told if name.endswith("DATABASE_URL")] == ["WORKER_DATABASE_URL"]
    # It signs checkpoints, which opens nothing and the web server does not, and messages to webhooks.
    assert sorted(name for name in told if "KEY" in name) == [
        "SAPR_CHANNEL_KEY_FILE",
        "SAPR_CHECKPOINT_KEY_FILE",
    ]
    assert not [name for name in stage.for_web() if "CHECKPOINT" in name]
    assert told["SAPR_CHECKPOINT_DIR"].endswith("checkpoints/demo")


def test_the_web_server_cannot_log_in_as_owner_or_worker(stage: Stage) -> None:
    told = stage.for_web()
    assert sorted(name for name in told if name.endswith("DATABASE_URL")) == [
        "DATABASE_URL",
        "KEYS_DATABASE_URL",
    ]
    assert told["KEYS_DATABASE_URL"].endswith("/sapr_demo_keys")
    assert told["SAPR_ROLE"] == "web"


@pytest.mark.parametrize("who", ["for_web", "for_worker"])
def test_services_do_not_inherit_the_callers_environment(
    stage: Stage, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OWNER_DATABASE_URL", "postgres://theirs")
    monkeypatch.setenv("CLOUD_TOKEN", "theirs")
    told = getattr(stage, who)()
    assert "CLOUD_TOKEN" not in told
    assert "postgres://theirs" not in told.values()


def test_every_process_reads_the_same_further_rules(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAPR_POLICY_DIRECTORY", "rules")
    for told in (stage.for_web(), stage.for_worker(), stage.for_command("shell")):
        assert told["SAPR_POLICY_DIRECTORY"] == str(Path.cwd() / "rules")
    monkeypatch.delenv("SAPR_POLICY_DIRECTORY")
    assert "SAPR_POLICY_DIRECTORY" not in stage.for_web()


@pytest.mark.parametrize("kind", ["real", "demo"])
def test_only_a_real_databases_checkpoints_go_where_the_caller_says(
    stage: Stage, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"SAPR_CHECKPOINT_DIR": "/mnt/elsewhere", "SAPR_CHECKPOINT_MAIL": "inspector@elsewhere.invalid"}
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    given = replace(stage, kind=kind).for_worker()
    assert all((given[name] == value) is (kind == "real") for name, value in told.items())


FACING = {"SAPR_HTTPS": "1", "SAPR_ALLOWED_HOSTS": "sapr.example", "EMAIL_URL": "smtp://mail"}


def test_a_real_one_is_told_how_it_faces_its_network_and_a_demo_is_not(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in FACING.items():
        monkeypatch.setenv(name, value)
    real = replace(stage, kind="real")
    for told in (real.for_web(), real.for_worker()):
        assert FACING.items() <= told.items()
    assert not FACING.keys() & (stage.for_web().keys() | stage.for_worker().keys())


def test_only_roles_is_given_the_superuser(stage: Stage) -> None:
    assert "ADMIN_DATABASE_URL" in stage.for_command("roles")
    assert "ADMIN_DATABASE_URL" not in stage.for_command("shell")
    assert "SAPR_ROLE" not in stage.for_command("shell")
    assert "super%2Fsecret" in stage.for_command("roles")["ADMIN_DATABASE_URL"]


def test_key_files_are_made_once_and_are_private(stage: Stage) -> None:
    path = Path(stage.for_web()["SAPR_MASTER_KEY_FILE"])
    key = path.read_text()
    assert len(bytes.fromhex(key)) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    stage.for_command("shell")
    assert path.read_text() == key


def test_the_epoch_goes_where_the_master_key_goes_and_the_places_to_commands(stage: Stage) -> None:
    command, web, worker = stage.for_command("keys"), stage.for_web(), stage.for_worker()
    assert command["SAPR_KEY_EPOCH_FILE"] == web["SAPR_KEY_EPOCH_FILE"] != web["SAPR_MASTER_KEY_FILE"]
    assert len(bytes.fromhex(Path(web["SAPR_KEY_EPOCH_FILE"]).read_text())) == 32
    assert stat.S_IMODE(Path(command["SAPR_KEY_STORE_PLACES"]).stat().st_mode) == 0o700
    assert "SAPR_KEY_STORE_PLACES" not in web
    assert not {"SAPR_KEY_EPOCH_FILE", "SAPR_KEY_STORE_PLACES"} & worker.keys()


def test_a_master_key_that_is_gone_is_never_made_anew(stage: Stage) -> None:
    path = Path(stage.for_web()["SAPR_MASTER_KEY_FILE"])
    stage.layout.prepared("demo").touch()
    path.unlink()
    assert stage.for_command("keys")["SAPR_MASTER_KEY_FILE"] == str(path)
    assert not path.exists()


def test_a_master_key_kept_elsewhere_gets_no_file_of_ours(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABASE_URL", "OWNER_DATABASE_URL", "WORKER_DATABASE_URL"):
        monkeypatch.setenv(name, f"postgres://{name}")
    monkeypatch.setenv("SAPR_MASTER_KEY_COMMAND", "fetch-the-key")
    monkeypatch.setenv("SAPR_KEY_STORE_PLACES", "/mnt/one:/mnt/two")
    stage = on_given(layout, 8000)
    assert "SAPR_MASTER_KEY_FILE" not in stage.for_web()
    assert stage.for_web()["SAPR_MASTER_KEY_COMMAND"] == "fetch-the-key"
    assert stage.for_command("keys")["SAPR_KEY_STORE_PLACES"] == "/mnt/one:/mnt/two"
    assert "SAPR_MASTER_KEY_COMMAND" not in stage.for_worker()
    assert not layout.master_key("real").exists()


def test_a_stage_shows_no_password_when_printed(stage: Stage) -> None:
    assert "-pw" not in repr(stage)


def test_ones_own_server_is_real_and_used_as_given(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "OWNER_DATABASE_URL", "WORKER_DATABASE_URL"):
        monkeypatch.setenv(name, f"postgres://{name}")
    monkeypatch.setenv("SAPR_MASTER_KEY_FILE", "/etc/sapr/master.key")
    stage = on_given(layout, 8000)
    told = stage.for_web()
    assert told["SAPR_KIND"] == "real"
    assert told["DATABASE_URL"] == "postgres://DATABASE_URL"
    assert told["SAPR_MASTER_KEY_FILE"] == "/etc/sapr/master.key"
    assert "KEYS_DATABASE_URL" not in told
    assert not layout.master_key("real").exists()
