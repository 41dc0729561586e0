"""The case database as it was at an instant: a throw-away server recovers to it, and one file is made of what it holds.

By PostgreSQL's own means: all files of the server (`backup --server`) and the log that was written since. The file that
comes out is a backup like any other; `restore` brings it back, with tombstones, verification and hold.
"""

import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings

from launcher import binaries, placement
from launcher.failure import Stop
from launcher.layout import Layout
from launcher.placement import Place
from launcher.postgres import Cluster
from sapr import pgtools
from sapr.backup import DUMPED
from sapr.errors import DomainError
from sapr.operating import sealing, wal

# The server is reached by a socket in a folder of its own, closed to others, for as long as this takes.
HBA = "local all all trust\n"
CONF = """restore_command = 'cp "{wal}/%f" "%p"'
recovery_target_time = '{at}'
recovery_target_action = 'promote'
hot_standby = off
archive_mode = off
"""


def at_instant(*, base: Path, log: Path, at: datetime, to: Path, identity: Path | None) -> dict[str, Any]:
    """Write the case database as it stood at the instant into a new backup file.

    `base`: from `backup --server`, made before it; `log`: the place that `wal` fills. DomainError when the log ends
    before the instant. Returns the file's size and whether it is encrypted.
    """
    with (
        recovered(base=base, log=log, at=at, identity=identity) as url,
        sealing.new_file(to) as file,
        pgtools.piped("pg_dump", [*DUMPED], url=url) as said,
    ):
        sealed = sealing.seal(said, file)
    return {"bytes": to.stat().st_size, "encrypted": sealed, "at": at.isoformat()}


@contextmanager
def recovered(*, base: Path, log: Path, at: datetime, identity: Path | None) -> Iterator[str]:
    """A throw-away server that recovered to the instant; the URL of its case database. Gone afterwards."""
    place = placement.throwaway()
    try:
        _unpack(base, place, identity)
        folder = place.spare / "wal"
        folder.mkdir()
        wal.unpack(log, folder, identity)
        _tell(place, folder, at)
        layout = Layout.of(Path(settings.BASE_DIR))
        found = binaries.find(layout, int((place.data / "PG_VERSION").read_text()))
        cluster = Cluster(
            place,
            binaries.reachable(found, place.account, place.spare),
            "",
            place.spare / "log",
            careless=True,
        )
        _own(place)
        try:
            _start(cluster)
            yield _url(place)
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(place.spare, ignore_errors=True)


def _start(cluster: Cluster) -> None:
    try:
        cluster.start(lambda: None)
    except Stop:
        # Its log may quote what it holds, and goes with it.
        raise DomainError(
            "not_recovered",
            "The server does not get to that instant. Is the backup older than it, and does the log reach beyond it?",
        ) from None


def _unpack(base: Path, place: Place, identity: Path | None) -> None:
    place.data.mkdir(mode=0o700)
    read, write = os.pipe()

    def extract() -> None:
        with os.fdopen(read, "rb") as source, tarfile.open(fileobj=source, mode="r|") as tar:
            tar.extractall(place.data, filter="data")
            while source.read(1 << 20):
                pass

    failed: list[BaseException] = []

    def run() -> None:
        try:
            extract()
        except (tarfile.TarError, OSError) as error:
            failed.append(error)

    reader = Thread(target=run)
    reader.start()
    try:
        with os.fdopen(write, "wb") as target:
            sealing.open_into(base, target, identity)
    except BrokenPipeError:
        pass
    finally:
        reader.join()
    if failed or not (place.data / "PG_VERSION").exists():
        raise DomainError("no_base", "This is no file that `backup --server` wrote.", path="base")


def _tell(place: Place, folder: Path, at: datetime) -> None:
    data = place.data
    (data / "pg_hba.conf").write_text(HBA)
    # A server's own settings may stand elsewhere, or name what is not here.
    (data / "postgresql.conf").write_text(CONF.format(wal=folder, at=at.isoformat()))
    (data / "postgresql.auto.conf").write_text("")
    (data / "recovery.signal").touch()
    (data / "standby.signal").unlink(missing_ok=True)


def _own(place: Place) -> None:
    """Everything unpacked is the server's account's."""
    if place.account.foreign:
        owner = f"{place.account.uid}:{place.account.gid}"
        subprocess.run(["/bin/chown", "-R", owner, str(place.data), str(place.spare / "wal")], check=True)


def _url(place: Place) -> str:
    admin = urlsplit(settings.ADMIN_DATABASE_URL)
    name = quote(unquote(admin.username or ""), safe="")
    database = urlsplit(settings.ROLE_URLS["owner"]).path
    return f"postgres://{name}@{quote(str(place.socket), safe='')}{database}"
