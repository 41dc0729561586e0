"""The whole of both databases, past every policy: a digest of it, and where a text stands in it."""

import os

import psycopg

from tests.stage import Stage, in_database

TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"

DIGEST = "SELECT md5(string_agg(md5(t::text), '' ORDER BY t::text)) FROM {table} t"
SEEN = "SELECT EXISTS (SELECT FROM {table} t WHERE strpos(t::text, %s) > 0 OR strpos(t::text, %s) > 0)"
COUNT = "SELECT count(*) FROM {table}"


def digest(stage: Stage) -> dict[str, str]:
    """For each table of both databases a digest of all of its rows."""
    found = {}
    for store in ("default", "keys"):
        with as_admin(stage, store) as admin:
            for (table,) in admin.execute(TABLES).fetchall():
                rows = admin.execute(DIGEST.format(table=table))
                found[f"{store}.{table}"] = rows.fetchone()[0]
    return found


def counts(stage: Stage, *tables: str) -> list[int]:
    """How many rows these tables of the cases hold."""
    with as_admin(stage, "default") as admin:
        return [admin.execute(COUNT.format(table=table)).fetchone()[0] for table in tables]


def standing_in(stage: Stage, texts: list[str]) -> list[str]:
    """The tables of both databases in which one of these texts stands as it is, or as its bytes."""
    found = []
    for store in ("default", "keys"):
        with as_admin(stage, store) as admin:
            for (table,) in admin.execute(TABLES).fetchall():
                for text in texts:
                    seen = admin.execute(SEEN.format(table=table), [text, text.encode().hex()])
                    if seen.fetchone()[0]:
                        found.append(table)
    return found


def as_admin(stage: Stage, store: str = "default") -> psycopg.Connection:
    """Past every policy."""
    return psycopg.connect(in_database(os.environ["ADMIN_DATABASE_URL"], stage.names[store]), autocommit=True)
