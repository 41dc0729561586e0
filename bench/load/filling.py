"""Filling one size: `python -m bench.load.filling SIZE` in the environment of its stage; typed again it goes on.

What is made is noted in the schema `bench` of the database itself, each part in the transaction that makes it.
"""

import json
import multiprocessing
import os
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, nullcontext
from random import Random
from typing import Any
from uuid import UUID

import django
import psycopg

# Rows of big tables are found by no index until all are there.
WITHOUT_INDEXES = 20_000
WORKERS = int(os.environ.get("BENCH_WORKERS", "2"))
KEY_STORE = ("reports_wrappedkey", "reports_personindex")
COLUMNS = {
    "reports_wrappedkey": "id, case_id, sensitivity, kek_id, wrapped",
    "reports_personindex": "case_id, kek_id, digest",
    "reports_chainhead": "case_id, seq, hash, sealed_seq",
}
VICTIM = {"Quillon Smith-Example": "name", "0000000042": "dod_id", "+1 555 0142": "phone"}
LOOKED_AT = """
UPDATE notifications_ladder l SET look_at = NULL FROM reports_duty d WHERE d.id = l.duty_id AND d.state <> 'open'
"""
NOTES = """
CREATE SCHEMA IF NOT EXISTS bench;
CREATE TABLE IF NOT EXISTS bench.made (what text PRIMARY KEY, told jsonb NOT NULL);
CREATE TABLE IF NOT EXISTS bench.chunk (number int PRIMARY KEY);
"""


def connect(store: str = "default") -> psycopg.Connection[Any]:
    """The administrator, past triggers and foreign keys: rows come in bulk and whole. Rehearsal databases only."""
    from django.db import connections

    name = connections[store].settings_dict["NAME"]
    url = os.environ["ADMIN_DATABASE_URL"].rpartition("/")[0].replace("postgres://", "postgresql://", 1)
    options = "-c session_replication_role=replica -c timezone=UTC"
    found = psycopg.connect(f"{url}/{name}", options=options, autocommit=True)
    if store == "default":
        [kind] = found.execute("SELECT kind FROM sapr_database").fetchone() or [""]
        if kind != "rehearsal":
            raise SystemExit(f"Rows in bulk are for rehearsal databases; this one is of the kind {kind}.")
    return found


class Filling:
    """One size, from its first pattern to its last index."""

    def __init__(self, size: int, tell: Callable[[str], None], told: Collection[str] = ()) -> None:
        """`told`: the names of the stories that are the patterns; none named: all of them."""
        from bench.load.stories import stories

        self.size, self.tell = size, tell
        self.stories = [each for each in stories() if not told or each.name in told]
        self.admin, self.keys = connect(), connect("keys")
        self.admin.execute(NOTES)

    def __enter__(self) -> "Filling":
        return self

    def __exit__(self, *fault: object) -> None:
        for each in (self.admin, self.keys):
            each.close()

    def fill(self) -> None:
        """Everything that is not there yet."""
        if self.made("whole") is not None:
            return
        told = self.made("stories") or self._stories()
        patterns = self._patterns(told)
        if self.made("places") is None:
            from bench.load import places

            with self.noted("places", {"installations": places.PLACES}):
                places.copy(self.admin, told["cast"])
        if self.size > WITHOUT_INDEXES:
            for each in (self.admin, self.keys):
                _indexes_off(each)
        self._chunks(told, patterns)
        self._end()

    def made(self, what: str) -> Any:
        """What was noted about this step when it was done; None before."""
        found = self.admin.execute("SELECT told FROM bench.made WHERE what = %s", [what]).fetchone()
        return found[0] if found else None

    @contextmanager
    def noted(self, what: str, told: Any) -> Iterator[None]:
        """The block's rows and the note that they are there, together."""
        with self.admin.transaction():
            yield
            self.admin.execute("INSERT INTO bench.made VALUES (%s, %s)", [what, json.dumps(told)])

    def _stories(self) -> Any:
        from bench.load import stories

        if self.admin.execute("SELECT EXISTS (SELECT FROM accounts_user)").fetchone() == (True,):
            raise SystemExit(
                "The patterns were broken off half-way: remove this size's databases and begin again."
            )
        cast, found = stories.tell(self.stories, lambda: self.tell("."))
        told = {
            "cast": {
                part: {name: str(each.pk) for name, each in getattr(cast, part).items()}
                for part in ("people", "posts", "places")
            },
            "cases": {name: str(case) for name, case in found.items()},
        }
        with self.noted("stories", told):
            # A sweep at the instant of each would have found it closed: of the copies that instant is long past.
            self.admin.execute(LOOKED_AT)
        return told

    def _patterns(self, told: Any) -> dict[str, Any]:
        from bench.load.patterns import Taking
        from bench.load.places import names

        shared = names(told["cast"])
        return {
            name: Taking(self.admin, UUID(case), shared, VICTIM).taken(name)
            for name, case in told["cases"].items()
        }

    def _chunks(self, told: Any, patterns: dict[str, Any]) -> None:
        from django.db import connections

        from bench.load.copying import Copier
        from bench.load.places import variants
        from bench.load.plan import Plan
        from reports.vault.keys import wrapping_in_use

        plan = Plan(self.size, self.stories)
        done = {row[0] for row in self.admin.execute("SELECT number FROM bench.chunk")}
        left = [each for each in range(plan.chunks) if each not in done]
        copier = Copier(patterns, variants(told["cast"]), wrapping_in_use())
        connections.close_all()
        _Part.plan, _Part.copier = plan, copier
        workers = min(WORKERS, len(left))
        _Part.admin, _Part.keys = self.admin, self.keys
        with (
            multiprocessing.get_context("fork").Pool(workers, _Part.begin)
            if workers > 1
            else nullcontext() as pool
        ):
            parts = pool.imap_unordered(_Part.make, left) if pool else map(_Part.make, left)
            for number, _ in enumerate(parts, start=1):
                self.tell(f"\r{(len(done) + number) * 100 // plan.chunks} % ")

    def _end(self) -> None:
        self.tell("indexes, ")
        for each in (self.admin, self.keys):
            _indexes_on(each)
            each.execute("ANALYZE")
        self.tell("tallies, ")
        # By the indexes of what they are counted of: without them each case would be looked for among all.
        with self.noted("whole", {"size": self.size}):
            self.admin.execute("SELECT sapr_tally_anew()")
            self.admin.execute("UPDATE reports_custody c SET hash = sapr_custody_said(c) WHERE hop = 1")
        for each in (self.admin, self.keys):
            self.tell("statistics ")
            each.execute("VACUUM (FREEZE, ANALYZE)")


class _Part:
    """What a forked process makes parts with."""

    plan: Any
    copier: Any
    admin: Any
    keys: Any

    @classmethod
    def begin(cls) -> None:
        cls.admin, cls.keys = connect(), connect("keys")

    @classmethod
    def make(cls, number: int) -> int:
        # Ids differ each time. Keys come first: of a part that is broken off some are left, with nothing under them.
        lines = cls.copier.lines(cls.plan.chunk(number), Random())  # noqa: S311
        for connection, mine in ((cls.keys, True), (cls.admin, False)):
            with connection.transaction(), connection.cursor() as cursor:
                for table, rows in lines.items():
                    if (table in KEY_STORE) is mine:
                        columns = COLUMNS.get(table) or cls._columns(table)
                        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as into:
                            into.write(b"".join(rows))
                if not mine:
                    cursor.execute("INSERT INTO bench.chunk VALUES (%s)", [number])
        return number

    @classmethod
    def _columns(cls, table: str) -> str:
        patterns = cls.copier.patterns.values()
        return ", ".join(next(each.columns[table] for each in patterns if table in each.columns))


OF_CASES = """indrelid IN (
    SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname ~ '^(reports|notifications)_')"""


def _indexes_off(connection: psycopg.Connection[Any]) -> None:
    """No index takes new rows, those of constraints included; `_indexes_on` builds them anew, which checks these."""
    with connection.transaction():
        connection.execute(f"UPDATE pg_index SET indisready = false, indisvalid = false WHERE {OF_CASES}")  # noqa: S608


def _indexes_on(connection: psycopg.Connection[Any]) -> None:
    found = connection.execute(
        f"SELECT DISTINCT indrelid::regclass::text FROM pg_index WHERE NOT indisvalid AND {OF_CASES}"  # noqa: S608
    ).fetchall()
    for (table,) in found:
        connection.execute(f"REINDEX TABLE {table}")


def main() -> None:
    django.setup()
    with Filling(int(sys.argv[1]), lambda text: print(text, end="", file=sys.stderr, flush=True)) as filling:
        filling.fill()


if __name__ == "__main__":
    main()
