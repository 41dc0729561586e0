"""What the launcher's tests share: an empty project folder, and short-lived child processes."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from launcher.layout import Layout


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """A project with nothing in it but two requirements files."""
    (tmp_path / "requirements.txt").write_text("")
    (tmp_path / "requirements-dev.txt").write_text("")
    return Layout.of(tmp_path)


@pytest.fixture
def child() -> Iterator[Callable[[str], subprocess.Popen[bytes]]]:
    """Starts Python code in a session of its own; whatever still runs is killed afterwards."""
    started: list[subprocess.Popen[bytes]] = []

    def start(code: str) -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen([sys.executable, "-c", code], start_new_session=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture(autouse=True)
def no_server_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """The suite runs with database addresses set; the launcher must see none but those a test sets."""
    for name in ("DATABASE_URL", "OWNER_DATABASE_URL", "WORKER_DATABASE_URL", "ADMIN_DATABASE_URL", "PG_BIN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("KEYS_DATABASE_URL", "OWNER_KEYS_DATABASE_URL", "CELERY_BROKER_URL", "SAPR_MASTER_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("SAPR_KEY_EPOCH_FILE", "SAPR_KEY_STORE_PLACES"):
        monkeypatch.delenv(name, raising=False)
