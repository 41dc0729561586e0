"""Until its slot comes nothing tells an addressee of a case: no row, no system column, no counter of the server."""

from uuid import uuid4

import psycopg
import pytest
from django.apps import apps
from django.db import connection
from psycopg import sql

from notifications.models import Notice, Reminder
from reports import access
from sapr.sessions import COUNTERS
from sapr.sql import directory_fields
from tests.database.refusals import refused
from tests.world import World

# System columns tell who touched a row last; a view has none. Of some tables only some columns may be read, and none of
# those.
SHOWN = """
SELECT oid::regclass::text, CASE WHEN has_table_privilege(oid, 'SELECT') THEN format('SELECT %st::text FROM %s t',
    CASE relkind WHEN 'v' THEN '' ELSE 't.ctid, t.xmin, t.xmax, ' END, oid::regclass)
    ELSE (SELECT format('SELECT %s FROM %s', string_agg(quote_ident(attname), ', '), attrelid::regclass)
          FROM pg_attribute WHERE attrelid = pg_class.oid AND has_column_privilege(attrelid, attnum, 'SELECT')
          GROUP BY attrelid) END FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm')
  AND has_any_column_privilege(oid, 'SELECT') AND NOT relname LIKE 'kombu%'
"""


def seen_by(user) -> dict[str, list[str]]:
    """Every row of every table that somebody's raw SQL is shown, system columns included."""
    found = {}
    with access.viewing(user), connection.cursor() as cursor:
        cursor.execute(SHOWN)
        for table, rows in cursor.fetchall():
            cursor.execute(rows)
            found[table] = sorted(map(str, cursor.fetchall()))
    return found


def test_a_contact_and_a_restricted_report_touch_no_row_that_a_commander_can_read(stage, owner) -> None:
    """Committed: what the same transaction locked before would hide that it locks again."""
    world: World = stage.world
    world.strength(900)
    readers = (world.commander, world.unit_commander, world.higher, world.mcio)
    before = [seen_by(reader) for reader in readers]
    world.signed("restricted")
    for reader, was in zip(readers, before, strict=True):
        now = seen_by(reader)
        assert {table: rows for table, rows in now.items() if rows != was[table]} == {}, reader.username
    # What stood in for the locks: who is named is there, and stays.
    with access.viewing(world.sarc):
        notice = Notice.objects.get()
        with refused("no such row in accounts_post"):
            Reminder(notice=notice, post_id=uuid4(), due_at=notice.last_slot).save(force_insert=True)
    for table in ("accounts_post", "accounts_location", "accounts_user"):
        for statement in ("DELETE FROM {}", "UPDATE {} SET id = gen_random_uuid()", "TRUNCATE {} CASCADE"):
            with pytest.raises(psycopg.DatabaseError, match="directory stays there"):
                owner.execute(sql.SQL(statement).format(sql.Identifier(table)))


MODELS = [m for app in ("sapr", "reports", "notifications") for m in apps.get_app_config(app).get_models()]


def test_no_foreign_key_locks_the_directory_and_a_trigger_looks_instead(db) -> None:
    """A new table's field says `db_constraint=False`, and its migration `directory_checked`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f'"
            " AND confrelid::regclass::text LIKE 'accounts\\_%'"
            " AND conrelid::regclass::text ~ '^(reports|notifications|sapr)_'"
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT tgrelid::regclass::text, attname FROM pg_trigger, unnest(tgattr) n"
            " JOIN pg_attribute ON attnum = n WHERE tgname = 'in_directory' AND attrelid = tgrelid"
        )
        looked_at = set(cursor.fetchall())
    assert looked_at == {(m._meta.db_table, f.column) for m in MODELS for f in directory_fields(m)}


def test_the_servers_counters_are_nobodys(db) -> None:
    """How often a table was written, how large it is, who waits for whom, what others ask: not the web account's."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTERS)
        assert cursor.fetchall() == []
    for asked in (
        "SELECT 1 FROM pg_stat_user_tables",
        "SELECT 1 FROM pg_statio_user_tables",
        "SELECT 1 FROM pg_stat_activity",
        "SELECT 1 FROM pg_locks",
        "SELECT pg_stat_get_tuples_inserted('notifications_notice'::regclass)",
        "SELECT pg_relation_size('notifications_notice'::regclass)",
        "SELECT pg_current_wal_lsn()",
    ):
        with refused("permission denied"), connection.cursor() as cursor:
            cursor.execute(asked)
