"""A throw-away cluster's data in the machine's memory where there is room: copying a database costs a fifth there."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher.account import Account
from launcher.lock import Lock

# Only private folders are made in it.
_MEMORY = Path("/dev/shm")  # noqa: S108  # nosec B108
_PREFIX = "sapr-memory-"
# Far more than the suite fills: what else runs here needs memory, too.
_ROOM = 4 << 30
# What a container may use and uses, under either kind of control group.
_CONTAINER = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
)


@contextmanager
def folder(account: Account) -> Iterator[Path | None]:
    """A private folder in memory for as long as the block lasts; None where there is none or no room.

    What a killed run left there is taken away first: unlike a folder on disk it would cost memory until the next start.
    """
    if not _has_room():
        yield None
        return
    _sweep(account)
    fresh = Path(tempfile.mkdtemp(prefix="sapr-", dir=_MEMORY))
    place = fresh.with_name(_PREFIX + fresh.name.removeprefix("sapr-"))
    held = Lock(fresh / "lock")
    try:
        held.take()
        # Under this name the sweep of another run finds it: from now on it is held.
        fresh.rename(place)
        yield account.own(place)
    finally:
        held.release()
        for left in (fresh, place):
            shutil.rmtree(left, ignore_errors=True)


def _has_room() -> bool:
    try:
        there = os.statvfs(_MEMORY)
        told = dict(line.split(":", 1) for line in Path("/proc/meminfo").read_text().splitlines())
        free = [there.f_bavail * there.f_frsize, int(told["MemAvailable"].split()[0]) << 10]
    except (OSError, KeyError, ValueError):  # no Linux
        return False
    for limit, used in _CONTAINER:
        # No control group, or one without a limit.
        with contextlib.suppress(OSError, ValueError):
            free.append(int(Path(limit).read_text()) - int(Path(used).read_text()))
    return os.path.ismount(_MEMORY) and os.access(_MEMORY, os.W_OK | os.X_OK) and min(free) >= _ROOM


def _sweep(account: Account) -> None:
    for left in _MEMORY.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if left.lstat().st_uid in (os.geteuid(), account.uid) and not left.is_symlink():
                lock = Lock(left / "lock")
                try:
                    if lock.take():
                        shutil.rmtree(left, ignore_errors=True)
                finally:
                    lock.release()
