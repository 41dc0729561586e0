"""Where the master key comes from: a file, the environment, or a key service; and the epoch beside it.

Each gives lines of 64 hex characters: the key in use first, then those that a rotation still needs. The epoch is
a second secret of the same form in a file of its own. Neither ever enters a database.
"""

import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from reports.vault import keyfiles
from reports.vault.errors import VaultLockedError
from sapr.errors import DomainError

# The three ways, by the setting that names each.
SOURCES = ("MASTER_KEY", "MASTER_KEY_FILE", "MASTER_KEY_COMMAND")
SERVICE_SECONDS = 10


def masters() -> tuple[bytes, ...]:
    """The master keys, the one in use first; VaultLockedError when this process has none or cannot reach it."""
    try:
        if settings.MASTER_KEY:
            return keyfiles.keys_in(settings.MASTER_KEY, "SAPR_MASTER_KEY")
        if settings.MASTER_KEY_FILE:
            return keyfiles.read(Path(settings.MASTER_KEY_FILE))
        if settings.MASTER_KEY_COMMAND:
            return keyfiles.keys_in(_asked(), "The answer of the key service")
    except DomainError as error:
        raise VaultLockedError(str(error)) from None
    raise VaultLockedError("no master key in this process")


def _asked() -> str:
    """What the key service prints. Neither its output nor its complaint goes into a text of ours."""
    try:
        done = subprocess.run(
            settings.MASTER_KEY_COMMAND,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SERVICE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise VaultLockedError("the key service did not answer in time") from None
    except UnicodeDecodeError:
        raise VaultLockedError("the key service answered with something that is no text") from None
    except (OSError, ValueError):
        raise VaultLockedError("the key service could not be started") from None
    if done.returncode:
        raise VaultLockedError(f"the key service failed with exit code {done.returncode}")
    return done.stdout


def epochs() -> tuple[bytes, ...]:
    """The epochs, the one in use first; () where none is configured (keys then hang on the master key alone)."""
    if not settings.KEY_EPOCH_FILE:
        return ()
    try:
        return keyfiles.read(Path(settings.KEY_EPOCH_FILE))
    except DomainError as error:
        raise VaultLockedError(str(error)) from None


def master_id(master: bytes) -> str:
    """A master key's public name."""
    return sha256(b"sapr/master-id" + master).hexdigest()[:16]


@contextmanager
def instead(folder: Path | None = None) -> Iterator[dict[str, str]]:
    """For the block this process has no key of its own; with a folder, fresh ones and a place made in there.

    Yields the environment for processes that should have the same. Throw-away databases use this: an erasure in one
    of them must never touch the epoch of the real one.
    """
    own = {name: getattr(settings, name) for name in (*SOURCES, "KEY_EPOCH_FILE", "KEY_STORE_PLACES")}
    theirs = {name: type(value)() for name, value in own.items()}
    if folder is not None:
        made = {"MASTER_KEY_FILE": folder / "master.key", "KEY_EPOCH_FILE": folder / "key.epoch"}
        for path in made.values():
            keyfiles.write(path, (secrets.token_bytes(keyfiles.KEY_BYTES),))
        place = folder / "place"
        place.mkdir(mode=0o700)
        theirs |= {name: str(path) for name, path in made.items()} | {"KEY_STORE_PLACES": [str(place)]}
    for name, value in theirs.items():
        setattr(settings, name, value)
    try:
        yield {
            f"SAPR_{name}": ":".join(value) if isinstance(value, list) else value
            for name, value in theirs.items()
        }
    finally:
        for name, value in own.items():
            setattr(settings, name, value)
