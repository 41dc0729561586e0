"""Files of a backup, encrypted in the age format for keys that are not here: only their public halves are known.

The standard `age` program opens them, too. Nothing is held in memory, whatever the size.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pyrage
from django.conf import settings

from sapr.errors import DomainError

HEADER = b"age-encryption.org/v1"


def recipients() -> list[pyrage.x25519.Recipient]:
    """Whom backups are encrypted for (SAPR_BACKUP_RECIPIENTS); nobody: they are not."""
    try:
        return [pyrage.x25519.Recipient.from_str(each.strip()) for each in settings.BACKUP_RECIPIENTS]
    except pyrage.RecipientError:
        raise DomainError(
            "bad_recipient",
            "SAPR_BACKUP_RECIPIENTS holds what is no public key of age (age1 and 58 characters).",
        ) from None


def seal(source: BinaryIO, target: BinaryIO) -> bool:
    """Everything that the source gives, into the target; whether it is encrypted there."""
    readers = recipients()
    if readers:
        pyrage.encrypt_io(source, target, readers)
    else:
        shutil.copyfileobj(source, target)
    return bool(readers)


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A new file, readable by its owner alone, on the disk and under its name only once it is whole."""
    if path.exists():
        raise DomainError("file_exists", "There is a file of this name already. Name another.", path="to")
    part = path.with_name(f"{path.name}.part")
    try:
        descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except OSError:
        raise DomainError(
            "unwritable", f"{part.name} cannot be written or is there already. Check the folder.", path="to"
        ) from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def is_sealed(path: Path) -> bool:
    """Whether the file is encrypted."""
    with path.open("rb") as file:
        return file.read(len(HEADER)) == HEADER


def open_into(path: Path, target: BinaryIO, identity: Path | None) -> None:
    """What the file holds, in clear, into the target. `identity`: a file as `age-keygen` writes it.

    DomainError when the key is missing or another, and when the file was changed or cut off: then what went into the
    target is not to be used.
    """
    if not is_sealed(path):
        with path.open("rb") as file:
            shutil.copyfileobj(file, target)
        return
    if identity is None:
        raise DomainError(
            "no_identity",
            "This file is encrypted. Name the file with the secret key: --identity FILE.",
            path="identity",
        )
    keys = _identities(identity)
    try:
        with path.open("rb") as file:
            pyrage.decrypt_io(file, target, keys)
    except (pyrage.DecryptError, OSError):
        raise DomainError(
            "not_opened", "This file does not open: the key is another's, or the file was changed or cut off."
        ) from None


def _identities(path: Path) -> list[pyrage.x25519.Identity]:
    try:
        lines = [line.strip() for line in path.read_text().splitlines()]
        return [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError):
        raise DomainError(
            "bad_identity", "The file of the secret key cannot be read as one.", path="identity"
        ) from None
