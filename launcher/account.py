"""The system account PostgreSQL runs as. It refuses to run as root, so root lends it an existing unprivileged one."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launcher.failure import Stop

_LENT = ("postgres", "nobody", "daemon")


@dataclass(frozen=True)
class Account:
    """A user and group; `switch` is what `subprocess` needs to become them."""

    name: str
    uid: int
    gid: int

    @classmethod
    def named(cls, entry: pwd.struct_passwd) -> "Account":
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)

    @property
    def foreign(self) -> bool:
        """Whether it is another account than the launcher's own."""
        return self.uid != os.geteuid()

    @property
    def switch(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.foreign else {}

    def can(self, what: str, path: Path) -> bool:
        """Whether the account may (r)ead, (w)rite or e(x)ecute or enter the path, all parents included."""
        asked = ["/bin/sh", "-c", f'test -{what} "$0"', str(path)]
        return subprocess.run(asked, cwd="/", check=False, **self.switch).returncode == 0

    def own(self, path: Path) -> Path:
        """Makes the folder, or takes an empty one: mode 0700, owned by the account. Its parents stay as they are."""
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.foreign:
            os.chown(path, self.uid, self.gid)
        path.chmod(0o700)
        return path


def for_data(data: Path | None) -> Account:
    """The owner of existing data; else the caller, or for root the first account there is to lend."""
    me = os.geteuid()
    if data is not None and data.is_dir():
        owner = data.stat().st_uid
        if me not in (0, owner):
            raise Stop(f"The database in {data} belongs to another account: run as that account or as root.")
        if owner != 0:
            return _by_uid(owner)
    if me != 0:
        return _by_uid(me)
    for name in _LENT:
        try:
            return Account.named(pwd.getpwnam(name))
        except KeyError:
            continue
    raise Stop(
        "PostgreSQL does not run as root and no account “postgres” or “nobody” exists: run as an ordinary user."
    )


def _by_uid(uid: int) -> Account:
    try:
        return Account.named(pwd.getpwuid(uid))
    except KeyError:  # containers run under numbers that have no name
        return Account(str(uid), uid, os.getegid())
