"""The lasting cluster under var/ and throw-away ones: everything between "no server" and "a running one"."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from launcher import binaries, contract, files, kept, memory, placement, steps
from launcher.failure import Stop
from launcher.layout import Layout
from launcher.placement import Place
from launcher.postgres import SUPERUSER, Cluster
from launcher.progress import Progress

_LOGINS = (SUPERUSER, *contract.ROLES)


def lasting(layout: Layout) -> tuple[Cluster, dict[str, str]]:
    """The project's cluster, not yet started, and the logins' passwords. Makes nothing."""
    place = placement.choose(layout)
    version_file = place.data / "PG_VERSION"
    major = int(version_file.read_text()) if version_file.exists() else None
    if major and not layout.passwords.exists():
        raise Stop(
            f"{layout.passwords} is gone but its database is there: restore it, or move {place.data} away."
        )
    return _cluster(layout, place, major, careless=False)


def start(layout: Layout, cluster: Cluster, progress: Progress) -> None:
    """Makes the cluster on first use, then starts it."""
    if not cluster.exists():
        for kind in ("demo", "real"):
            layout.prepared(kind).unlink(missing_ok=True)
        cluster.make(progress.tick)
        if not cluster.careless and cluster.place.data.parent != layout.var:
            progress.note(
                f"its account cannot enter {layout.var}, so the data is kept in {cluster.place.data}"
            )
    cluster.start(progress.tick)


@contextmanager
def throwaway(
    root: Path, kind: str, database: str, port: int, progress: Progress
) -> Iterator[contract.Stage]:
    """A running cluster with fresh keys in temporary folders; server and folders are gone afterwards."""
    with _temporary(root) as (place, layout):
        cluster, passwords = _cluster(layout, place, None, careless=True)
        try:
            with progress.step("throw-away PostgreSQL"):
                start(layout, cluster, progress)
            yield contract.Stage(layout, kind, port, contract.embedded(cluster, passwords, database))
        finally:
            cluster.stop()


@contextmanager
def prepared(root: Path, kind: str, database: str, port: int, progress: Progress) -> Iterator[contract.Stage]:
    """A throw-away cluster with migrated databases: a copy of the last one of the same migrations, if there was one."""
    with _temporary(root) as (disk, layout), memory.folder(disk.account) as quick:
        place = replace(disk, data=quick / "postgres") if quick else disk
        copy = kept.place(layout)
        brought = kept.bring(copy, place.data, layout.var)
        cluster, passwords = _cluster(layout, place, None, careless=True)
        stage = contract.Stage(layout, kind, port, contract.embedded(cluster, passwords, database))
        try:
            with progress.step("throw-away database"):
                start(layout, cluster, progress)
                if not brought:
                    steps.roles(stage, progress)
                    steps.prepare(stage, progress)
                    cluster.stop()
                    kept.keep(copy, place.data, layout.var)
                    start(layout, cluster, progress)
            yield stage
        finally:
            cluster.stop()


def careful(layout: Layout, place: Place) -> tuple[Cluster, dict[str, str]]:
    """A cluster in that place, not yet started, that writes like a lasting one; and the logins' passwords."""
    return _cluster(layout, place, None, careless=False)


def careless(layout: Layout, place: Place) -> tuple[Cluster, dict[str, str]]:
    """The same, trading durability for speed: for rows that can be made again."""
    return _cluster(layout, place, None, careless=True)


@contextmanager
def _temporary(root: Path) -> Iterator[tuple[Place, Layout]]:
    place = placement.throwaway()
    var = Path(tempfile.mkdtemp(prefix="sapr-"))
    try:
        yield place, Layout(root, var)
    finally:
        shutil.rmtree(place.spare, ignore_errors=True)
        shutil.rmtree(var, ignore_errors=True)


def _cluster(
    layout: Layout, place: Place, major: int | None, *, careless: bool
) -> tuple[Cluster, dict[str, str]]:
    found = binaries.reachable(binaries.find(layout, major), place.account, place.spare)
    passwords = files.passwords(layout.passwords, _LOGINS)
    return Cluster(place, found, passwords[SUPERUSER], layout.log("postgres"), careless=careless), passwords
