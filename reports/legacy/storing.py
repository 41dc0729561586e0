"""Writing one part of a file: the keys first, then the cases in one transaction with the note that they are there.

COPY does not pass row-level security, and the owner is under it too: lines come into tables of this session and from
there into the real ones, in one statement each.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from reports.ledger.models import SYSTEM_CHAIN
from reports.legacy.making import COLUMNS, Lines
from sapr.signin import as_owner

KEYS = ("reports_wrappedkey", "reports_personindex")
CASES = tuple(each for each in COLUMNS if each not in KEYS and each != "reports_legacysource")
# What is long is packed in the real table, and not a first time on its way there.
WAY = sql.SQL("WITH (toast_tuple_target = 8160) ON COMMIT DELETE ROWS")
STAGE = sql.SQL("CREATE TEMP TABLE {staged} (LIKE {table}) {way}")
MOVE = sql.SQL("INSERT INTO {table} ({columns}) SELECT {columns} FROM {staged}")
COPY = sql.SQL("COPY {table} ({columns}) FROM STDIN")
EVENTS = sql.SQL(
    "CREATE TEMP TABLE legacy_events"
    " (nth bigint, id uuid, case_id uuid, kind text, occurred_at timestamptz, data jsonb) {way}"
)
HEADS = sql.SQL("CREATE TEMP TABLE legacy_heads (case_id uuid, seq bigint, hash bytea) {way}")
# One link of every chain; the text that is hashed is the ledger's own.
LINK = """
WITH said AS MATERIALIZED (
    SELECT sapr_canonical((e.id, e.case_id, %(nth)s::bigint, e.kind, e.occurred_at, %(now)s::timestamptz, NULL, e.data,
                           coalesce(h.hash, decode(repeat('00', 32), 'hex')), NULL, NULL)::reports_event) AS canonical,
           coalesce(h.hash, decode(repeat('00', 32), 'hex')) AS prev, e.*
    FROM legacy_events e LEFT JOIN legacy_heads h ON h.case_id = e.case_id AND h.seq = %(nth)s::bigint - 1
    WHERE e.nth = %(nth)s::bigint
), linked AS (
    INSERT INTO reports_event
        (id, case_id, seq, kind, occurred_at, recorded_at, actor_id, data, prev_hash, canonical, hash)
    SELECT id, case_id, nth, kind, occurred_at, %(now)s::timestamptz, NULL, data, prev, canonical, sha256(canonical)
    FROM said RETURNING case_id, seq, hash
)
INSERT INTO legacy_heads SELECT * FROM linked
"""
ENDS = """
INSERT INTO reports_chainhead (case_id, seq, hash, sealed_seq)
SELECT DISTINCT ON (case_id) case_id, seq, hash, 0 FROM legacy_heads ORDER BY case_id, seq DESC
"""
# From here on each of these cases is looked up by itself, whatever the planner thinks of how many there are.
ONE_BY_ONE = """
SELECT set_config('enable_' || way, use, true)
FROM (VALUES ('nestloop', 'on'), ('hashjoin', 'off'), ('mergejoin', 'off'), ('seqscan', 'off')) AS each (way, use)
"""


@dataclass
class Told:
    """What came of one part: how many rows were imported, there already and refused; which duties opened."""

    number: int
    imported: int = 0
    already: int = 0
    codes: dict[str, int] = field(default_factory=dict)
    refused: int = 0
    opened: dict[str, int] = field(default_factory=dict)
    errors: list[tuple[int, str, str]] = field(default_factory=list)


class Store:
    """The owner's sessions to both databases. `watched`: writes what watches the duties that opened (a hook)."""

    def __init__(self) -> None:
        self.cases = as_owner()
        self.cases.execute("SET timezone = 'UTC'")

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *fault: object) -> None:
        self.cases.close()
        if "keys" in vars(self):
            self.keys.close()

    @cached_property
    def keys(self) -> psycopg.Connection[Any]:
        """The session to the key store; begun when it is needed."""
        return as_owner("keys")

    def stage(self) -> None:
        """Make the session's own tables."""
        for table in CASES:
            staged = sql.Identifier(f"legacy_{table}")
            self.cases.execute(STAGE.format(staged=staged, table=sql.Identifier(table), way=WAY))
        for each in (EVENTS, HEADS):
            self.cases.execute(each.format(way=WAY))

    def now(self) -> datetime:
        """The database's clock."""
        return _one(self.cases, "SELECT sapr_now()")

    def entered(self, digests: list[bytes]) -> dict[bytes, tuple[UUID, str]]:
        """Which of these rows are cases already: the case, and the commitment to the row it came from."""
        rows = self.cases.execute(
            "SELECT digest, case_id, content FROM reports_legacysource WHERE digest = ANY (%s)", [digests]
        )
        return {bytes(digest): (case, content) for digest, case, content in rows}

    def add_keys(self, lines: Lines) -> None:
        """Wrapped keys: before their cases. Of a part that is broken off some are left, with nothing under them."""
        with self.keys.transaction(), self.keys.cursor() as cursor:
            _copy(cursor, "reports_wrappedkey", lines)

    def add_people(self, lines: Lines) -> None:
        """The index of people: after their cases, so that no number leads to a case that is not there."""
        with self.keys.transaction(), self.keys.cursor() as cursor:
            _copy(cursor, "reports_personindex", lines)

    def part_indexed(self, run: UUID, number: int) -> None:
        """A part is done once its people are found as well."""
        with self.cases.transaction():
            self.cases.execute(
                "UPDATE reports_legacybatch SET indexed = true WHERE run_id = %s AND number = %s",
                [run, number],
            )

    def unindexed(self, cases: list[UUID]) -> set[UUID]:
        """Which of these cases have no row in the index of people."""
        rows = self.keys.execute(
            "SELECT wanted FROM unnest(%s::uuid[]) wanted"
            " WHERE NOT EXISTS (SELECT FROM reports_personindex p WHERE p.case_id = wanted)",
            [cases],
        )
        return {row[0] for row in rows}

    def enter(
        self, lines: Lines, now: datetime, cases: list[UUID], watch: Callable[[psycopg.Cursor[Any]], None], run: UUID,
        told: Told,
    ) -> None:  # fmt: skip
        """All of one part, or nothing of it."""
        with self.cases.transaction(), self.cases.cursor() as cursor:
            if cases:
                self._enter(cursor, lines, now, cases)
                watch(cursor)
            cursor.execute(
                "INSERT INTO reports_legacybatch (id, run_id, number, imported, already, refused, codes, indexed)"
                " VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, %s, false) ON CONFLICT (run_id, number) DO NOTHING",
                [run, told.number, told.imported, told.already, told.refused, json.dumps(told.codes)],
            )

    def _enter(self, cursor: psycopg.Cursor[Any], lines: Lines, now: datetime, cases: list[UUID]) -> None:
        cursor.execute("SET LOCAL sapr.importing = 'on'")
        # Nobody counts the rows of a session's own tables: the planner expects few and would go through them for each.
        cursor.execute("SET LOCAL enable_nestloop = off")
        _copy(cursor, "reports_legacysource", lines)
        with cursor.copy("COPY legacy_events (nth, id, case_id, kind, occurred_at, data) FROM STDIN") as into:
            into.write("\n".join(lines["reports_event"]) + "\n")
        longest = max(int(line.partition("\t")[0]) for line in lines["reports_event"])
        for nth in range(1, longest + 1):
            cursor.execute(LINK, {"nth": nth, "now": now})
        cursor.execute(ENDS)
        for table in CASES:
            if lines.get(table):
                _copy(cursor, table, lines, into=f"legacy_{table}")
                cursor.execute(
                    MOVE.format(
                        table=sql.Identifier(table),
                        staged=sql.Identifier(f"legacy_{table}"),
                        columns=_columns(table),
                    )
                )
        # The cases of this part are looked up in the real tables, which hold those of all parts before.
        cursor.execute(ONE_BY_ONE)
        cursor.execute("SELECT sapr_legacy_is_whole(%s), sapr_tally_entered(%s)", [cases, cases])

    def say(self, kind: str, data: dict[str, Any], at: datetime) -> None:
        """An event of the system's own chain, by the owner."""
        self.cases.execute(
            "INSERT INTO reports_event (id, case_id, kind, occurred_at, data)"
            " VALUES (gen_random_uuid(), %s, %s, %s, %s)",
            [SYSTEM_CHAIN, kind, at, json.dumps(data)],
        )


def _columns(table: str) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(each) for each in COLUMNS[table].split(", "))


def _one(session: psycopg.Connection[Any], statement: str) -> Any:
    return session.execute(statement).fetchone()[0]  # type: ignore[index]


def _copy(cursor: psycopg.Cursor[Any], table: str, lines: Lines, into: str = "") -> None:
    if lines.get(table):
        statement = COPY.format(table=sql.Identifier(into or table), columns=_columns(table))
        with cursor.copy(statement) as where:
            where.write("\n".join(lines[table]) + "\n")
