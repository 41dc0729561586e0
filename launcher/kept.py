"""A prepared throw-away database kept under var/ for the next run: migrating is most of a short run of tests."""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from launcher import files
from launcher.layout import Layout

# What decides how a freshly prepared database looks. The key also names the roles' passwords, which lie beside it.
_DECIDING = (
    "*/migrations/**/*",
    "sapr/*.py",
    "sapr/management/commands/prepare.py",
    "sapr/management/commands/roles.py",
    "reports/ledger/**/*.py",
    "reports/vault/**/*.py",
    "accounts/models.py",
    "launcher/*.py",
    "requirements.txt",
)


def place(layout: Layout) -> Path:
    """Where the copy for exactly these migrations lies, or would lie."""
    digest = hashlib.sha256()
    for pattern in _DECIDING:
        for path in sorted(layout.root.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(layout.root)}\0{path.stat().st_size}\0".encode())
                digest.update(path.read_bytes())
    return layout.kept / digest.hexdigest()[:20]


def bring(kept: Path, data: Path, var: Path) -> bool:
    """Copies a kept database and the files that belong to it into place; False when there is none."""
    if not kept.is_dir():
        return False
    _copy(kept / "postgres", data)
    _copy(kept / "var", var)
    return True


def keep(kept: Path, data: Path, var: Path) -> None:
    """Keeps a stopped, prepared database whole or not at all; those of other migrations go."""
    files.private_folder(kept.parent)
    fresh = Path(tempfile.mkdtemp(dir=kept.parent))
    _copy(data, fresh / "postgres")
    _copy(var, fresh / "var")
    try:
        fresh.rename(kept)
    except OSError:  # a run beside this one was quicker
        shutil.rmtree(fresh)
    for other in kept.parent.iterdir():
        if other != kept and other.name[:3] != "tmp":
            shutil.rmtree(other, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    """With modes and owners: the data belongs to the database's own account."""
    for folder, _, names in os.walk(source):
        there = target / Path(folder).relative_to(source)
        there.mkdir(exist_ok=True)
        _like(Path(folder), there)
        for name in names:
            shutil.copy2(Path(folder) / name, there / name)
            _like(Path(folder) / name, there / name)


def _like(source: Path, target: Path) -> None:
    told = source.stat()
    target.chmod(told.st_mode & 0o7777)
    if (told.st_uid, told.st_gid) != (os.geteuid(), os.getegid()):
        os.chown(target, told.st_uid, told.st_gid)
