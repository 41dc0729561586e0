"""Where a cluster's data and socket lie: with the project when the database's account can get there."""

import hashlib
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from launcher import account as accounts
from launcher.account import Account
from launcher.failure import Stop
from launcher.layout import Layout

_SOCKET_NAME = ".s.PGSQL.5432"
_LONGEST_PATH = 107  # of a Unix socket on Linux
_ELSEWHERE = Path("/var/lib")
# Only private folders are made in these.
_COMMON = (Path("/tmp"), Path("/var/tmp"))  # noqa: S108  # nosec B108


@dataclass(frozen=True)
class Place:
    """Data folder, socket folder, a folder for copied programs, and the account that owns them."""

    data: Path
    socket: Path
    spare: Path
    account: Account


def choose(layout: Layout) -> Place:
    """The lasting cluster's place; recorded in var/, so that it stays where it once was put."""
    record = layout.var / "postgres.path"
    home = Path(record.read_text().strip()) if record.exists() else layout.var
    account = accounts.for_data(home / "postgres")
    if home == layout.var and not account.can("x", layout.var):
        home = _ELSEWHERE / f"sapr-{_mark(layout.var)}"
        record.write_text(f"{home}\n")
    if home != layout.var:
        account.own(home)
    return Place(home / "postgres", _socket_folder(layout.var, account), home, account)


def throwaway() -> Place:
    """A fresh folder below the system's temporary one; whoever asked removes `spare`."""
    account = accounts.for_data(None)
    for parent in (Path(tempfile.gettempdir()), *_COMMON):
        folder = Path(tempfile.mkdtemp(prefix="sapr-", dir=parent))
        account.own(folder)
        if fits(folder) and account.can("x", folder):
            return Place(folder / "postgres", folder, folder, account)
        folder.rmdir()
    raise Stop(
        "No temporary folder suits the database's socket: set TMPDIR to a short path everyone may enter, as /tmp."
    )


def fits(folder: Path) -> bool:
    """Whether a socket in the folder stays under the system's limit; its lock file is longer still but not limited."""
    return len(str(folder / _SOCKET_NAME).encode()) <= _LONGEST_PATH


def _socket_folder(var: Path, account: Account) -> Path:
    # TMPDIR comes last here: it may differ between two terminals, and both must find the same socket.
    for parent in (*_COMMON, Path(tempfile.gettempdir())):
        folder = parent / f"sapr-{_mark(var)}"
        if not fits(folder) or not account.can("x", parent):
            continue
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            _insist_private(folder, account)
        account.own(folder)
        return folder
    raise Stop(
        "No temporary folder suits the database's socket: set TMPDIR to a short path everyone may enter, as /tmp."
    )


def _insist_private(folder: Path, account: Account) -> None:
    """The name can be guessed, so a folder that another account put there first must not be trusted."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or found.st_mode & 0o077:
        raise Stop(
            f"{folder} is needed for the database's socket but is not its own private folder: remove it, then repeat."
        )


def _mark(var: Path) -> str:
    return hashlib.sha256(str(var.resolve()).encode()).hexdigest()[:10]
