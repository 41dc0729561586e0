"""A real throw-away cluster, with whatever PostgreSQL binaries this machine has."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from launcher import placement, process
from launcher.binaries import find, reachable
from launcher.layout import Layout
from launcher.postgres import Cluster

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    place = placement.throwaway()
    found = reachable(find(Layout(ROOT, ROOT / "var")), place.account, place.spare)
    log = tmp_path_factory.mktemp("log") / "postgres.log"
    cluster = Cluster(place, found, "the superuser's", log, careless=True)
    try:
        cluster.make(lambda: None)
        cluster.start(lambda: None)
        yield cluster
    finally:
        cluster.stop()
        subprocess.run(["/bin/rm", "-rf", place.spare], check=True)


def ask(cluster: Cluster, question: str) -> str:
    with psycopg.connect(cluster.admin_url()) as connection:
        return str(connection.execute(question).fetchone()[0])  # type: ignore[index]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("listen_addresses", ""),
        ("unix_socket_permissions", "0700"),
        ("data_checksums", "on"),
        ("log_min_error_statement", "panic"),
        ("log_parameter_max_length_on_error", "0"),
        ("log_error_verbosity", "terse"),
        ("log_statement", "none"),
        ("log_min_duration_statement", "-1"),
        ("log_parameter_max_length", "0"),
        ("log_min_messages", "log"),
    ],
)
def test_it_is_private_and_tells_its_log_nothing(cluster: Cluster, setting: str, value: str) -> None:
    assert ask(cluster, f"SHOW {setting}") == value


def test_a_wrong_password_is_refused(cluster: Cluster) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(cluster.url("postgres", "wrong", "postgres"))


def test_data_and_socket_are_for_its_account_alone(cluster: Cluster) -> None:
    for folder in (cluster.place.data, cluster.place.socket):
        found = folder.stat()
        assert found.st_mode & 0o777 == 0o700
        assert found.st_uid == cluster.place.account.uid


def test_it_comes_back_after_kill_9(cluster: Cluster) -> None:
    """Its pid file and socket lock stay behind, and its children need a moment to notice."""
    assert cluster.process is not None
    before = cluster.process.pid
    os.kill(before, signal.SIGKILL)
    cluster.process.wait()
    assert (cluster.place.data / "postmaster.pid").exists()
    cluster.start(lambda: None)
    assert cluster.process.pid != before
    assert ask(cluster, "SELECT 1") == "1"


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal is Linux's")
def test_a_service_dies_with_its_launcher() -> None:
    code = (
        "import subprocess, time; from pathlib import Path; from launcher import process\n"
        "child = process.spawn(['/bin/sleep', '60'], env={}, cwd=Path('/'), output=subprocess.DEVNULL)\n"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    launcher = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)
    assert launcher.stdout is not None
    with launcher, launcher.stdout:
        pid = int(launcher.stdout.readline())
        launcher.kill()
    assert process.wait_until(lambda: not _runs(pid), 5, lambda: None)


def _runs(pid: int) -> bool:
    """A zombie that nobody has collected yet does not run any more."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False
