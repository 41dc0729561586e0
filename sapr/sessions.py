"""What `manage.py roles` says of every session of an account, and what sessions are not shown of each other."""

import psycopg
from psycopg import sql

# Of the web process's sessions, here and in the key store: one that hangs lets go of what others wait for, nobody waits
# for it longer than a person would, and no statement runs for ever.
LIMITS = {
    "idle_in_transaction_session_timeout": "1min",
    "lock_timeout": "10s",
    "statement_timeout": "1min",
}
LIMITED = ("web", "keys")

# What the server counts and shows of all sessions and tables: by it somebody with raw SQL could tell that a case is
# worked on. Owner and monitoring keep it. (What cannot be hidden stands in docs/database.md.)
COUNTERS = """
SELECT 'EXECUTE', 'FUNCTION ' || oid::regprocedure FROM pg_proc
WHERE pronamespace = 'pg_catalog'::regnamespace AND has_function_privilege('public', oid, 'EXECUTE')
  AND (proname LIKE 'pg\\_stat\\_%' OR proname IN (
    'pg_lock_status', 'pg_blocking_pids', 'pg_safe_snapshot_blocking_pids', 'pg_prepared_xact',
    'pg_get_multixact_members', 'pg_relation_size', 'pg_table_size', 'pg_indexes_size', 'pg_total_relation_size',
    'pg_database_size', 'pg_tablespace_size', 'pg_current_wal_lsn', 'pg_current_wal_insert_lsn',
    'pg_current_wal_flush_lsn',
    'pg_xact_commit_timestamp', 'pg_xact_commit_timestamp_origin', 'pg_last_committed_xact'))
UNION ALL
SELECT 'SELECT', 'TABLE ' || oid::regclass FROM pg_class
WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'v' AND has_table_privilege('public', oid, 'SELECT')
  AND (relname LIKE 'pg\\_stat\\_%' OR relname LIKE 'pg\\_statio\\_%' OR relname IN ('pg_locks', 'pg_prepared_xacts'))
"""


def limit(admin: psycopg.Connection, role: str) -> None:
    """Set the limits of a role's sessions, those that begin from now on."""
    for name, value in LIMITS.items():
        admin.execute(
            sql.SQL("ALTER ROLE {} SET {} = {}").format(
                sql.Identifier(role), sql.Identifier(name), sql.Literal(value)
            )
        )


def hide_counters(admin: psycopg.Connection, owner: str) -> bool:
    """Take the server's counters of this database from everybody but the owner; whether nothing of them is left.

    Only the server's superuser may do it. Safe to repeat.
    """
    found = admin.execute(COUNTERS).fetchall()
    everybody, some = sql.SQL("REVOKE ALL ON {} FROM PUBLIC"), sql.SQL("GRANT {} ON {} TO pg_monitor, {}")
    try:
        with admin.transaction():
            for right, name in found:
                admin.execute(everybody.format(sql.SQL(name)))
                admin.execute(some.format(sql.SQL(right), sql.SQL(name), sql.Identifier(owner)))
    except psycopg.errors.InsufficientPrivilege:
        return False
    return admin.execute(COUNTERS).fetchone() is None
