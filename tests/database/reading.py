"""Everything that the web account may read of the database, as some viewer."""

from django.db import connection
from psycopg import sql

from reports import access

READABLE = (
    "SELECT table_name FROM information_schema.table_privileges"
    " WHERE grantee = current_user AND privilege_type = 'SELECT' AND table_schema = 'public'"
)


def everything(viewer) -> str:
    """Every row of every table and view that the web account shows this viewer by raw SQL, as text."""
    found = []
    with access.viewing(viewer), connection.cursor() as cursor:
        cursor.execute(READABLE)
        for (table,) in cursor.fetchall():
            cursor.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table)).as_string(None))
            found += [f"{table} {row[0]}" for row in cursor.fetchall()]
    return "\n".join(found)
