"""What the database server leaves outside its tables: files, the write-ahead log, sorts, its log; and its dumps."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from psycopg import sql

from tests.privacy.scene import Scene


def server(scene: Scene) -> tuple[Path, int]:
    """The server's data folder and process."""
    with scene.admin() as admin:
        data = Path(admin.execute("SHOW data_directory").fetchone()[0])
    return data, int((data / "postmaster.pid").read_text().split("\n")[0])


def programs(scene: Scene) -> Path:
    return Path(os.readlink(f"/proc/{server(scene)[1]}/exe")).parent


def server_log(scene: Scene) -> Path:
    """Where the server's standard error goes."""
    return Path(os.readlink(f"/proc/{server(scene)[1]}/fd/2"))


def relations(kinds: str):
    """Files of tables or of indexes on disk, deleted rows included, once everything was written out."""

    def read(scene: Scene) -> Iterator[bytes]:
        data, _ = server(scene)
        for alias in ("default", "keys"):
            with scene.admin(alias) as admin:
                admin.execute("CHECKPOINT")
                paths = admin.execute(
                    """SELECT pg_relation_filepath(oid) FROM pg_class
                       WHERE relkind = ANY(%s) AND relfilenode <> 0 AND oid >= 16384""",
                    [list(kinds)],
                ).fetchall()
            for (path,) in paths:
                with suppress(FileNotFoundError):
                    yield (data / path).read_bytes()

    return read


def planted_and_deleted(scene: Scene, text: str) -> None:
    with scene.admin() as admin:
        admin.execute("CREATE TABLE canary_heap (value text)")
        admin.execute("INSERT INTO canary_heap VALUES (%s)", [text])
        admin.execute("DELETE FROM canary_heap")


def planted_in_index(scene: Scene, text: str) -> None:
    with scene.admin() as admin:
        admin.execute("CREATE TABLE canary_index (value text PRIMARY KEY)")
        admin.execute("INSERT INTO canary_index VALUES (%s)", [text])
        admin.execute("DELETE FROM canary_index")


def log_of_writes(scene: Scene) -> Iterator[bytes]:
    """The write-ahead log from the scene's beginning on."""
    data, _ = server(scene)
    with scene.admin() as admin:
        last, end = admin.execute("SELECT * FROM pg_walfile_name_offset(pg_current_wal_lsn())").fetchone()
    for path in sorted((data / "pg_wal").iterdir()):
        if path.is_file() and scene.first_segment <= path.name <= last:
            # The rest of the last segment is nothing, or what an older one of its name held.
            yield path.read_bytes()[: end if path.name == last else None]


def spilled(scene: Scene) -> Iterator[bytes]:
    """Temporary files of sorts that do not fit into memory."""
    data, _ = server(scene)
    for path in (data / "base" / "pgsql_tmp").glob("**/*"):
        if path.is_file():
            yield path.read_bytes()


def planted_sort(scene: Scene, text: str) -> None:
    """A sort of half a megabyte that stays open while its file is read."""
    admin = scene.admin()
    admin.autocommit = False
    admin.execute("SET work_mem = '64kB'")
    rows = sql.SQL("SELECT n, {}::text AS t FROM generate_series(1, 9000) n ORDER BY md5(n::text), t").format(
        text
    )
    admin.execute(sql.SQL("DECLARE canary CURSOR FOR {}").format(rows))
    admin.execute("FETCH 1 FROM canary")
    scene.until_the_end.callback(admin.close)


def server_said(scene: Scene) -> Iterator[bytes]:
    yield server_log(scene).read_bytes()


def planted_line(scene: Scene, text: str) -> None:
    with scene.admin() as admin:
        body = sql.SQL("BEGIN RAISE LOG {}; END").format(text.replace("%", "%%")).as_string(admin)
        admin.execute(sql.SQL("DO {}").format(body))


def dump(scene: Scene, alias: str) -> Iterator[bytes]:
    """What a backup holds, by the programs of the running server's own version."""
    url = urlsplit(scene.stage.env["ADMIN_DATABASE_URL"])
    env = {"PGPASSWORD": unquote(url.password or ""), "PATH": os.defpath}
    program = programs(scene) / "pg_dump"
    words = [program, "-h", unquote(url.hostname or ""), "-U", unquote(url.username or "")]
    # urlsplit() makes host names small; a socket folder's capitals count.
    words[2] = unquote(url.netloc.rpartition("@")[2])
    done = subprocess.run([*words, scene.stage.names[alias]], env=env, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    yield done.stdout
