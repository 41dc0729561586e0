"""A throw-away cluster's data may lie in memory; nothing stays there."""

from pathlib import Path

import pytest

from launcher import memory
from launcher.account import for_data
from launcher.lock import Lock

ACCOUNT = for_data(None)


@pytest.fixture(autouse=True)
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands in for the machine's memory, with room in it."""
    monkeypatch.setattr(memory, "_MEMORY", tmp_path)
    monkeypatch.setattr(memory.os.path, "ismount", lambda path: path == tmp_path)
    monkeypatch.setattr(memory, "_ROOM", 1)
    return tmp_path


def test_it_is_private_and_gone_afterwards(room: Path) -> None:
    with memory.folder(ACCOUNT) as folder:
        assert folder is not None
        assert folder.parent == room
        assert (folder.stat().st_mode & 0o777, folder.stat().st_uid) == (0o700, ACCOUNT.uid)
        (folder / "postgres").mkdir()
    assert list(room.iterdir()) == []


@pytest.mark.parametrize("what", ["_ROOM", "_MEMORY"])
def test_without_room_or_without_such_a_place_the_disk_serves(
    room: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr(memory, what, {"_ROOM": 1 << 60, "_MEMORY": room / "none"}[what])
    with memory.folder(ACCOUNT) as folder:
        assert folder is None
    assert list(room.iterdir()) == []


def test_a_container_that_may_use_little_has_no_room(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (room / "limit").write_text("1000\n")
    (room / "used").write_text("1000\n")
    monkeypatch.setattr(memory, "_CONTAINER", ((str(room / "limit"), str(room / "used")),))
    with memory.folder(ACCOUNT) as folder:
        assert folder is None
    (room / "limit").write_text("max\n")
    with memory.folder(ACCOUNT) as folder:
        assert folder is not None


def test_what_a_killed_run_left_is_taken_away_and_what_is_in_use_is_not() -> None:
    with memory.folder(ACCOUNT) as used:
        assert used is not None
        left = ACCOUNT.own(used.with_name("sapr-memory-left"))
        Lock(left / "lock").release()
        with memory.folder(ACCOUNT):
            assert used.exists()
            assert not left.exists()
