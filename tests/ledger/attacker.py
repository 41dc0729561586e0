"""Somebody with the rights of the database's owner, who knows this system and tidies up after every change."""

# ruff: noqa: S608  statements are put together from the words of this file and its tests

from contextlib import contextmanager
from uuid import UUID

import psycopg

from tests.stage import in_database

WRITTEN = """SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"""
TABLES = ("reports_event", "reports_chainhead", "reports_checkpoint", "reports_checkpointleaf")


class Attacker:
    def __init__(self, stage) -> None:
        self._url = in_database(stage.env["OWNER_DATABASE_URL"], stage.names["default"])

    @contextmanager
    def at_work(self):
        """The owner's connection with every trigger of the ledger off; afterwards they are on again."""
        with psycopg.connect(self._url, autocommit=True) as owner:
            for table in TABLES:
                owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            try:
                yield owner
            finally:
                for table in TABLES:
                    owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    def save(self, name: str) -> None:
        """A backup of the whole ledger."""
        with psycopg.connect(self._url) as owner:
            for table in TABLES:
                owner.execute(f"CREATE TABLE {name}_{table} AS TABLE {table}")

    def put_back(self, name: str) -> None:
        """The backup takes the ledger's place."""
        with self.at_work() as owner:
            for table in (*TABLES[:2], *reversed(TABLES[2:])):
                owner.execute(f"DELETE FROM {table}")
            for table in TABLES:
                columns = owner.execute(WRITTEN, [table]).fetchone()[0]
                owner.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {name}_{table}")

    def length(self, case: UUID) -> int:
        with psycopg.connect(self._url) as owner:
            return owner.execute("SELECT max(seq) FROM reports_event WHERE case_id = %s", [case]).fetchone()[
                0
            ]

    def read(self, sql: str) -> tuple:
        """The only row."""
        with psycopg.connect(self._url) as owner:
            [row] = owner.execute(sql).fetchall()
            return row

    def change(self, sql: str, *values) -> None:
        with self.at_work() as owner:
            owner.execute(sql, values)

    def renumber(self, case: UUID, order: list[int] | None = None) -> None:
        """Events take the numbers 1, 2, … in this order of their old numbers; nothing else of them changes."""
        with self.at_work() as owner:
            found = owner.execute("SELECT seq FROM reports_event WHERE case_id = %s ORDER BY seq", [case])
            old = order or [row[0] for row in found]
            # Out of the way first: numbers are unique.
            owner.execute("UPDATE reports_event SET seq = -seq WHERE case_id = %s", [case])
            for new, before in enumerate(old, 1):
                owner.execute(
                    "UPDATE reports_event SET seq = %s WHERE case_id = %s AND seq = %s", [new, case, -before]
                )

    def rehash(self, case: UUID) -> None:
        """Links, canonical texts and hashes of a chain made consistent again, and its head."""
        with self.at_work() as owner:
            last = bytes(32)
            for seq in range(1, self.length(case) + 1):
                at = "WHERE case_id = %s AND seq = %s"
                owner.execute(f"UPDATE reports_event SET prev_hash = %s {at}", [last, case, seq])
                owner.execute(f"UPDATE reports_event e SET canonical = sapr_canonical(e) {at}", [case, seq])
                [last] = owner.execute(
                    f"UPDATE reports_event SET hash = sha256(canonical) {at} RETURNING hash", [case, seq]
                ).fetchone()
            self._tidy_head(owner, case)

    def tidy_head(self, case: UUID) -> None:
        with self.at_work() as owner:
            self._tidy_head(owner, case)

    @staticmethod
    def _tidy_head(owner, case: UUID) -> None:
        owner.execute(
            "UPDATE reports_chainhead h SET seq = e.seq, hash = e.hash, sealed_seq = least(sealed_seq, e.seq) FROM "
            "(SELECT * FROM reports_event WHERE case_id = %s ORDER BY seq DESC LIMIT 1) e WHERE h.case_id = e.case_id",
            [case],
        )
        owner.execute(
            "DELETE FROM reports_chainhead h WHERE NOT EXISTS "
            "(SELECT FROM reports_event e WHERE e.case_id = h.case_id)"
        )

    def tidy_leaves(self, case: UUID) -> None:
        """Leaves that no event stands behind go, the others take the hashes of what is there now."""
        with self.at_work() as owner:
            owner.execute(
                "UPDATE reports_checkpointleaf l SET hash = e.hash FROM reports_event e "
                "WHERE l.case_id = %s AND e.case_id = l.case_id AND e.seq = l.seq",
                [case],
            )
            owner.execute(
                "DELETE FROM reports_checkpointleaf l WHERE NOT EXISTS "
                "(SELECT FROM reports_event e WHERE e.case_id = l.case_id AND e.seq = l.seq)"
            )
