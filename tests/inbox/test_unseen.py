"""Until its slot comes nothing tells an addressee of a case: no row, no system column, no counter of the server."""

from django.db import connection

from reports import access
from tests.world import World

# System columns tell who touched a row last; a view has none.
SHOWN = """
SELECT oid::regclass::text, format('SELECT %st::text FROM %s t',
    CASE relkind WHEN 'v' THEN '' ELSE 't.ctid, t.xmin, t.xmax, ' END, oid::regclass) FROM pg_class
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


def test_a_contact_and_a_restricted_report_touch_no_row_that_a_commander_can_read(stage) -> None:
    """Committed: what the same transaction locked before would hide that it locks again."""
    world: World = stage.world
    world.strength(900)
    readers = (world.commander, world.unit_commander, world.higher, world.mcio)
    before = [seen_by(reader) for reader in readers]
    world.signed("restricted")
    for reader, was in zip(readers, before, strict=True):
        now = seen_by(reader)
        assert {table: rows for table, rows in now.items() if rows != was[table]} == {}, reader.username
