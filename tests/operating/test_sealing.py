"""T09: a backup is bytes without its key, and a changed or shortened one does not open."""

from io import BytesIO
from pathlib import Path

import pyrage
import pytest

from sapr.errors import DomainError
from sapr.operating import sealing, wal
from tests.world import CANARIES


def identity(path: Path) -> tuple[str, Path]:
    key = pyrage.x25519.Identity.generate()
    path.write_text(f"# made for a test\n{key}\n")
    return str(key.to_public()), path


def opened(file: Path, key: Path | None) -> bytes:
    target = BytesIO()
    sealing.open_into(file, target, key)
    return target.getvalue()


def test_t09_what_is_sealed_opens_by_its_key_alone_and_whole_alone(tmp_path, settings) -> None:
    public, key = identity(tmp_path / "key")
    _, other = identity(tmp_path / "other")
    text, file = CANARIES["text"].encode() * 9_000, tmp_path / "file"
    settings.BACKUP_RECIPIENTS = [public]
    with sealing.new_file(file) as target:
        assert sealing.seal(BytesIO(text), target)
    assert CANARIES["text"].encode() not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert opened(file, key) == text
    whole = file.read_bytes()
    for name, bytes_, by in (
        ("another key", whole, other),
        ("cut off", whole[:-70_000], key),
        ("changed", whole[:-9] + bytes(9), key),
    ):
        file.write_bytes(bytes_)
        with pytest.raises(DomainError, match="does not open"):
            opened(file, by)
        assert name
    with pytest.raises(DomainError, match="Name the file with the secret key"):
        opened(file, None)
    with pytest.raises(DomainError, match="cannot be read as one"):
        opened(file, file)
    with pytest.raises(DomainError, match="name already"), sealing.new_file(file):
        pass


def test_the_server_s_log_is_never_kept_in_clear_and_shipped_once(tmp_path, settings) -> None:
    spool, place, clear = (tmp_path / name for name in ("spool", "place", "clear"))
    for folder in (spool, place, clear):
        folder.mkdir()
    segment, note = "00000001000000000000000A", "00000001000000000000000A.00000028.backup"
    for name in (segment, note, "00000002.history", f"{segment}.part"):
        (spool / name).write_bytes(b"log")
    settings.BACKUP_RECIPIENTS = []
    with pytest.raises(DomainError, match="not kept in clear"):
        wal.ship(spool, place)
    public, key = identity(tmp_path / "key")
    settings.BACKUP_RECIPIENTS = [public]
    assert (wal.ship(spool, place), wal.ship(spool, place)) == (2, 0)
    # What the server is still writing stays.
    assert [path.name for path in spool.iterdir()] == [f"{segment}.part"]
    assert sorted(path.name for path in place.iterdir()) == [f"{segment}.age", "00000002.history.age"]
    assert wal.unpack(place, clear, key) == 2
    assert (clear / segment).read_bytes() == b"log"
