"""Where data and sockets may lie."""

import os
from pathlib import Path

import pytest

from launcher import placement
from launcher.account import for_data
from launcher.failure import Stop, explain


def test_a_socket_path_has_a_limit() -> None:
    longest = 107 - len("/.s.PGSQL.5432")
    assert placement.fits(Path("/" + "x" * (longest - 1)))
    assert not placement.fits(Path("/" + "x" * longest))


def test_a_throwaway_place_fits_even_under_a_long_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("x" * 100)
    deep.mkdir()
    monkeypatch.setattr(placement.tempfile, "gettempdir", lambda: str(deep))
    place = placement.throwaway()
    assert placement.fits(place.socket)
    assert place.socket.stat().st_mode & 0o777 == 0o700
    assert not list(deep.iterdir())
    place.spare.rmdir()


def test_a_folder_somebody_else_put_there_is_not_trusted(tmp_path: Path) -> None:
    open_to_all = tmp_path / "socket"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    with pytest.raises(Stop, match="remove it"):
        placement._insist_private(open_to_all, for_data(None))
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    with pytest.raises(Stop, match="remove it"):
        placement._insist_private(link, for_data(None))


def test_postgresql_is_never_run_as_root() -> None:
    assert for_data(None).uid != 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_data_of_another_account_is_refused() -> None:
    with pytest.raises(Stop, match="belongs to another account"):
        for_data(Path("/"))


def test_a_full_disk_is_explained() -> None:
    assert "disk is full" in explain(OSError(28, "No space left on device"))
    assert "(/x)" in explain(PermissionError(13, "Permission denied", "/x"))
