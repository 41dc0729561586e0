"""What the tables of both databases hold, and what their administrator sees of the work; files are in `disk`."""

import json
from collections.abc import Iterable, Iterator
from types import SimpleNamespace

from django.apps import apps
from django.db import connection
from psycopg import sql

from reports.vault.fields import Sealed
from reports.vault.models import NO_CASE
from reports.vault.services import sealed_fields
from tests.privacy import disk
from tests.privacy.scene import Scene
from tests.privacy.signing import SESSIONS, packed, unpacked

# A sink is (name, read, plant) or (name, read, plant, layers of packing); see `sinks.Sink`.
BINARY = 1


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
            "INSERT INTO accounts_location (id, kind, name, zone) VALUES (gen_random_uuid(), 'command', %s, 'UTC')",
            [text],
        )


def planted_message(scene: Scene, text: str) -> None:
    with scene.admin() as admin:
        admin.execute("SELECT pgmq.send('celery', %s::jsonb)", [json.dumps({"headers": {"argsrepr": text}})])


def planted_key(scene: Scene, text: str) -> None:
    with scene.admin("keys") as admin:
        admin.execute("UPDATE reports_wrappedkey SET wrapped = wrapped || %s", [text.encode()])


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


def last_statement(scene: Scene) -> str:
    """What the administrator sees of a look-up that the application has just made."""
    from accounts.selectors import user_named

    user_named(scene.people["typed"].name.value)
    with scene.admin() as admin:
        pid = connection.connection.info.backend_pid
        return admin.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone()[0]


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
    ("dump of the case database", lambda scene: disk.dump(scene, "default"), planted_row, BINARY),
    ("dump of the key store", lambda scene: disk.dump(scene, "keys"), planted_key, BINARY),
    ("table files on disk, deleted rows too", disk.relations("rtm"), disk.planted_and_deleted, BINARY),
    ("index files on disk", disk.relations("i"), disk.planted_in_index, BINARY),
    ("write-ahead log", disk.log_of_writes, planted_row, BINARY),
    ("sort files of the server", disk.spilled, disk.planted_sort, BINARY),
    ("database server's log", disk.server_said, disk.planted_line),
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
            if not any(each.column == "case_id" for each in model._meta.concrete_fields):
                # What the holder of evidence has of a kit hangs on no case and is sealed under none.
                columns = sql.SQL("id, {}, {}").format(sql.Literal(NO_CASE), sql.Identifier(name))
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
