"""Files that hold keys: read, replaced and destroyed so that a kill at any point loses no key and leaves no remnant.

Replacing keeps the earlier file under a second name until its bytes are overwritten, so that whoever comes after
a kill finds it. What a disk with wear levelling or a file system that copies on write keeps elsewhere is beyond
a program's reach (docs/vault.md).
"""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from sapr.errors import DomainError

KEY_BYTES = 32


def keys_in(text: str, what: str) -> tuple[bytes, ...]:
    """The keys of a text of lines of 64 hex characters, the one in use first."""
    try:
        keys = tuple(bytes.fromhex(line) for line in text.split())
    except ValueError:
        raise DomainError("key_file", f"{what} does not hold lines of 64 hex characters.") from None
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise DomainError("key_file", f"{what} does not hold lines of 64 hex characters.")
    return keys


def read(path: Path) -> tuple[bytes, ...]:
    """The keys of a file."""
    try:
        return keys_in(path.read_text("ascii"), path.name)
    except (OSError, UnicodeDecodeError):
        raise DomainError("key_file", f"{path.name} cannot be read.") from None


def write(path: Path, keys: tuple[bytes, ...]) -> None:
    """Make these the file's keys, the one in use first; whatever it held before is overwritten."""
    text = "".join(f"{key.hex()}\n" for key in keys).encode()
    replace(path, lambda file: file.write(text))


def replace(path: Path, fill: Callable[[BinaryIO], object]) -> None:
    """A private file with what `fill` writes, whole or not at all; the earlier file's bytes are overwritten.

    It keeps the earlier file's owner, group and mode, so that whoever could read the key still can.
    """
    path = path.resolve()
    fresh, former = path.with_name(f"{path.name}.new"), path.with_name(f"{path.name}.old")
    try:
        clear_remnants(path)
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            if path.exists():
                found = path.stat()
                os.fchown(file.fileno(), found.st_uid, found.st_gid)
                os.fchmod(file.fileno(), stat.S_IMODE(found.st_mode))
            fill(file)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            os.link(path, former)
        fresh.replace(path)
        _settle(path.parent)
        clear_remnants(path)
    except OSError as error:
        raise DomainError("key_file", f"{path.name} cannot be written: {error.strerror}.") from None


def remnants(path: Path) -> list[Path]:
    """What a kill in the middle of a replacement left beside the file."""
    beside = [path.with_name(f"{path.name}.{name}") for name in ("new", "old")]
    return [each for each in beside if each.exists()]


def clear_remnants(path: Path) -> None:
    """Destroy them."""
    for remnant in remnants(path):
        if path.exists() and remnant.samefile(path):
            remnant.unlink()  # killed before the new file took its place: still the living one
        else:
            shred(remnant)


def shred(path: Path) -> None:
    """Overwrite a file's bytes, make sure they reached the disk, then remove it."""
    with path.open("r+b") as file:
        left = path.stat().st_size
        while left > 0:
            left -= file.write(bytes(min(left, 1 << 20)))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """The folder's own entries on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
