"""Lock files of a PostgreSQL that was killed."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

import pytest

from launcher import stale


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    data, socket = tmp_path / "data", tmp_path / "socket"
    data.mkdir()
    socket.mkdir()
    return data, socket


@pytest.mark.parametrize("text", [f"{2**22 + 1}\n/data\n", f"{os.getpid()}\n/data\n", "", "rubbish\n"])
def test_files_of_the_dead_and_of_strangers_are_removed(folders: tuple[Path, Path], text: str) -> None:
    """The second case is a number that was used again: this test's own process, which must live on."""
    data, socket = folders
    (data / "postmaster.pid").write_text(text)
    (socket / ".s.PGSQL.5432.lock").write_text(text)
    stale.clear(data, socket)
    assert not list(data.iterdir())
    assert not list(socket.iterdir())


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs Linux's /proc")
def test_a_server_nobody_owns_is_ended(folders: tuple[Path, Path], tmp_path: Path) -> None:
    data, socket = folders
    imposter = tmp_path / "postgres"
    imposter.symlink_to(sys.executable)
    orphan = Popen(
        [imposter, "-c", "import sys; print(flush=True); sys.stdin.read()", "-D", data], stdin=-1, stdout=-1
    )
    assert orphan.stdout is not None
    assert orphan.stdin is not None
    with orphan, orphan.stdin, orphan.stdout:
        orphan.stdout.readline()
        (data / "postmaster.pid").write_text(f"{orphan.pid}\n")
        # Nobody waits for the orphan in real life either, so it is reaped here in the background.
        reaper = _reap(orphan)
        stale.clear(data, socket, patience=5)
        reaper()
    assert orphan.returncode is not None
    assert not (data / "postmaster.pid").exists()


def _reap(process: "Popen[bytes]") -> Callable[[], None]:
    from threading import Thread

    thread = Thread(target=process.wait)
    thread.start()
    return thread.join
