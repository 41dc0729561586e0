"""Files and folders that only their owner may read."""

import json
import os
import secrets
from collections.abc import Iterable
from pathlib import Path


def private_folder(path: Path) -> Path:
    """Makes the folder with mode 0700 if it is missing; one that exists is left as it is."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def emptied(path: Path) -> Path:
    """The private folder without any file of an earlier run."""
    for left in private_folder(path).iterdir():
        left.unlink()
    return path


def write_private(path: Path, text: str) -> None:
    """Writes with mode 0600, whole or not at all: a reader or a full disk never leaves half a file."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def key_file(path: Path) -> Path:
    """Makes a file of 64 random hex characters once; later calls leave it alone."""
    private_folder(path.parent)
    if not path.exists():
        write_private(path, secrets.token_hex(32))
    return path


def passwords(path: Path, names: Iterable[str]) -> dict[str, str]:
    """One random password per name, kept in a JSON file; names already there keep theirs."""
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = [name for name in names if name not in known]
    if missing:
        known |= {name: secrets.token_urlsafe(32) for name in missing}
        write_private(path, json.dumps(known, indent=1))
    return known
