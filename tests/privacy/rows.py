"""What the database's administrator, its backups, its disk and its log hold."""

import json
import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit

from django.apps import apps
from psycopg import sql

from reports.vault.fields import Sealed
from reports.vault.services import sealed_fields
from tests.privacy.scene import Scene
from tests.privacy.signing import SESSIONS, packed, unpacked

# A sink is (name, read, plant) or (name, read, plant, layers of packing); see `sinks.Sink`.
BINARY = 1
# Where a value stands that the case database keeps on purpose.
WHERE_ROWS_STAND = frozenset(
    {
        "tables of the case database",
        "dump of the case database",
        "table files on disk, deleted rows too",
        "index files on disk",
        "write-ahead log",
        "planner's statistics (pg_stats)",
    }
)


def tables(scene: Scene, alias: str, schemas: tuple[str, ...]) -> Iterator[bytes]:
    """Every table row by row as text."""
    with scene.admin(alias) as admin:
        found = admin.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY(%s)", [list(schemas)]
        ).fetchall()
        for schema, table in found:
            rows = admin.execute(
                sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(schema, table))
            ).fetchall()
            yield f"{schema}.{table}\n".encode() + "\n".join(row[0] for row in rows).encode()


def planted_row(scene: Scene, text: str) -> None:
    with scene.admin() as admin:
        admin.execute(
            "INSERT INTO accounts_location (id, kind, name, zone) VALUES (gen_random_uuid(), 'unit', %s, 'UTC')",
            [text],
        )


def planted_message(scene: Scene, text: str) -> None:
    with scene.admin() as admin:
        admin.execute("SELECT pgmq.send('celery', %s::jsonb)", [json.dumps({"headers": {"argsrepr": text}})])


def planted_key(scene: Scene, text: str) -> None:
    with scene.admin("keys") as admin:
        admin.execute("UPDATE reports_wrappedkey SET wrapped = wrapped || %s", [text.encode()])


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
        last = admin.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()[0]
    for path in sorted((data / "pg_wal").iterdir()):
        if path.is_file() and scene.first_segment <= path.name <= last:
            # What was written; the rest of a segment is nothing, or what an older one of its name held.
            yield path.read_bytes()


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


def watched(scene: Scene) -> Iterator[bytes]:
    return (query.encode() for query in scene.queries)


def planted_query(scene: Scene, text: str) -> None:
    """As client-side binding would send it: the value stands in the statement."""
    with scene.admin() as admin:
        admin.execute(sql.SQL("SELECT {}").format(text))
        shown = admin.execute("SELECT query FROM pg_stat_activity WHERE pid <> 0").fetchall()
        with scene.admin() as other:
            admin.execute(sql.SQL("SELECT {}").format(text))
            shown = other.execute("SELECT query FROM pg_stat_activity").fetchall()
    scene.queries.update(str(row) for row in shown)


def statistics(scene: Scene) -> Iterator[bytes]:
    """The planner's samples of every column."""
    for alias in ("default", "keys"):
        with scene.admin(alias) as admin:
            admin.execute("ANALYZE")
            rows = admin.execute("SELECT s::text FROM pg_stats s WHERE schemaname <> 'pg_catalog'").fetchall()
            yield "\n".join(row[0] for row in rows).encode()


def planted_sample(scene: Scene, text: str) -> None:
    with scene.admin() as admin:
        admin.execute("CREATE TABLE canary_sample (value text)")
        admin.execute("INSERT INTO canary_sample SELECT %s FROM generate_series(1, 99)", [text])


def sessions(scene: Scene) -> Iterator[bytes]:
    """The sessions unpacked, as Django reads them."""
    table = sql.Identifier(SESSIONS)
    with scene.admin() as admin:
        for (data,) in admin.execute(sql.SQL("SELECT session_data FROM {}").format(table)).fetchall():
            yield json.dumps(unpacked(data), ensure_ascii=False).encode()


def planted_session(scene: Scene, text: str) -> None:
    with scene.admin() as admin:
        change = sql.SQL("UPDATE {} SET session_data = %s").format(sql.Identifier(SESSIONS))
        admin.execute(change, [packed({"messages": text})])


def _of(alias: str, *schemas: str):
    return lambda scene: tables(scene, alias, schemas)


def history(scene: Scene) -> Iterable[bytes]:
    """Django's own admin log."""
    with scene.admin() as admin:
        rows = admin.execute("SELECT t::text FROM django_admin_log t").fetchall()
    return [row[0].encode() for row in rows]


def planted_history(scene: Scene, text: str) -> None:
    with scene.admin() as admin:
        admin.execute(
            """INSERT INTO django_admin_log (action_time, object_repr, action_flag, change_message, user_id)
               SELECT now(), %s, 1, '', id FROM accounts_user LIMIT 1""",
            [text[:200]],
        )


SINKS_OF_THE_DATABASE = [
    ("tables of the case database", _of("default", "public"), planted_row),
    ("broker's tables", _of("default", "pgmq"), planted_message),
    ("tables of the key store", _of("keys", "public"), planted_key),
    ("admin's own history", history, planted_history),
    ("sessions", sessions, planted_session),
    ("dump of the case database", lambda scene: dump(scene, "default"), planted_row, BINARY),
    ("dump of the key store", lambda scene: dump(scene, "keys"), planted_key, BINARY),
    ("table files on disk, deleted rows too", relations("rtm"), planted_and_deleted, BINARY),
    ("index files on disk", relations("i"), planted_in_index, BINARY),
    ("write-ahead log", log_of_writes, planted_row, BINARY),
    ("sort files of the server", spilled, planted_sort, BINARY),
    ("database server's log", server_said, planted_line),
    ("running statements (pg_stat_activity)", watched, planted_query),
    ("planner's statistics (pg_stats)", statistics, planted_sample),
]


def sealed(scene: Scene) -> dict[str, set[str]]:
    """For each sealed column of every model, by its label: the markers that stand in it once it is opened."""
    scanner, held = scene.scanner(), {}
    for model in apps.get_models():
        for name, field in sealed_fields(model).items():
            columns = sql.SQL(", ").join(map(sql.Identifier, (model._meta.pk.column, "case_id", name)))
            if model._meta.pk.column == "case_id":
                columns = sql.SQL("case_id, case_id, {}").format(sql.Identifier(name))
            question = sql.SQL("SELECT {} FROM {}").format(columns, sql.Identifier(model._meta.db_table))
            with scene.admin() as admin:
                rows = admin.execute(question).fetchall()
            held[field.label] = set()
            for pk, case_id, raw in rows:
                if raw is not None:
                    row = SimpleNamespace(pk=pk, case_id=case_id)
                    opened = field.open(row, Sealed(raw)).encode()
                    held[field.label] |= {marker for marker, _ in scanner.hits(opened, depth=0)}
    return held
