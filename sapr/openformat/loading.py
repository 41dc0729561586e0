"""Rows of an open export into the tables of an empty system, their contents sealed anew."""

import json
from hashlib import sha256
from itertools import pairwise
from typing import Any

from django.db import DatabaseError, connection, transaction
from psycopg import sql

from reports.vault.fields import HEAD, VERSION
from sapr.openformat.lines import Line, Lines, instant_of, uuid_of
from sapr.openformat.ring import NewRing
from sapr.openformat.tables import COMMITMENTS, EVENTS, TOMBSTONES, Table

INSERT_EVENTS = """
INSERT INTO reports_event (id, case_id, seq, kind, occurred_at, recorded_at, actor_id, data, prev_hash, canonical, hash)
SELECT (j->>'id')::uuid, (j->>'case')::uuid, (j->>'seq')::bigint, j->>'kind', (j->>'occurred_at')::timestamptz,
       (j->>'recorded_at')::timestamptz, (j->>'actor')::uuid, j->'data', decode(j->>'prev', 'hex'),
       convert_to(said.event, 'UTF8'), decode(said.hash, 'hex')
FROM unnest(%s::text[], %s::text[]) said (event, hash), LATERAL (SELECT said.event::jsonb AS j) parsed
"""
HEADS = """
INSERT INTO reports_chainhead (case_id, seq, hash, sealed_seq)
SELECT DISTINCT ON (e.case_id) e.case_id, e.seq, e.hash,
       coalesce((SELECT max(l.seq) FROM reports_checkpointleaf l WHERE l.case_id = e.case_id), 0)
FROM reports_event e ORDER BY e.case_id, e.seq DESC
"""
VICTIMS = "SELECT id FROM reports_case WHERE id = ANY (%s) AND informed_by = 'victim'"
# What stands in a sealed column of a case whose keys were destroyed: bytes that no key opens.
DEAD = VERSION + bytes(HEAD + 15)


class Loader:
    """Takes lines table by table. What the database refuses is found line by line, each in a savepoint."""

    def __init__(self, ring: NewRing) -> None:
        self.ring = ring
        self.lines: Lines

    def take(self, table: Table, batch: list[Line]) -> None:
        """Insert these lines, or say of each what is wrong with it."""
        try:
            with transaction.atomic():
                self._insert(table, batch)
        except (DatabaseError, ValueError):
            for line in batch:
                self._alone(table, line)

    def _alone(self, table: Table, line: Line) -> None:
        try:
            with transaction.atomic():
                self._insert(table, [line])
        except DatabaseError as error:
            told = {"table": table.name, "sqlstate": getattr(error.__cause__, "sqlstate", None) or ""}
            named = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
            self.lines.say("refused", line.number, **told, **({"constraint": named} if named else {}))
        except _WrongValueError as error:
            self.lines.say(error.code, line.number, table=table.name)
        except ValueError:
            self.lines.say("wrong_value", line.number, table=table.name)

    def _insert(self, table: Table, batch: list[Line]) -> None:
        if table.name == TOMBSTONES:
            for line in batch:
                self.ring.bury(uuid_of(line.row["case"]), instant_of(line.row["destroyed_at"]))
        elif table.name == COMMITMENTS:
            for line in batch:
                self.ring.keep_commitments(uuid_of(line.row["case"]), _kept(line.row["keys"]))
            self.ring.keep()
        elif table.name == EVENTS:
            with connection.cursor() as cursor:
                cursor.execute(INSERT_EVENTS, [[each.event for each in batch], [each.hash for each in batch]])
        else:
            self._rows(table, batch)

    def _rows(self, table: Table, batch: list[Line]) -> None:
        insert = sql.SQL(
            "INSERT INTO {table} ({names}) SELECT {values} FROM unnest(%s::text[], %s::text[]) AS given (line, more), "
            "LATERAL jsonb_populate_record(NULL::{table}, (given.line::jsonb -> 'row') || given.more::jsonb) r"
        ).format(
            table=sql.Identifier(table.name),
            names=sql.SQL(", ").join(map(sql.Identifier, table.columns)),
            values=sql.SQL(", ").join(sql.Identifier("r", each) for each in table.columns),
        )
        more = [json.dumps(self._added(table, line)) for line in batch]
        with connection.cursor() as cursor:
            cursor.execute(insert, [[line.text.decode() for line in batch], more])
        self.ring.keep()
        if "dod_id" in table.sealed:
            self._find_by_number(batch)

    def _added(self, table: Table, line: Line) -> dict[str, str | None]:
        """The columns that are made here: sealed anew, derived under a new key, filled."""
        added: dict[str, Any] = dict(table.filled)
        if not table.sealed:
            return added
        named = line.row.get("case_id")
        row = table.row(uuid_of(line.row[table.key]), None if named is None else uuid_of(named))
        erased = row.case_id in self.ring.erased
        for column, value in line.sealed.items():
            if value is None:
                added[column] = None
            elif erased or value is False:
                if not erased or value is not False:
                    raise _WrongValueError("wrong_erased")
                added[column] = _hex(DEAD)
            else:
                field = table.field(column)
                self.ring.used(row.case_id, field.sensitivity)
                key = self.ring.key(row.case_id, field.sensitivity)
                added[column] = _hex(field.seal_under(key, row, value).raw)
        for column, source in table.keyed.items():
            value = line.sealed[source]
            if erased or type(value) is not str:
                # Nobody finds it by its number any more; the column is unique.
                added[column] = _hex(sha256(b"erased" + row.pk.bytes).digest())
            else:
                key = self.ring.key(row.case_id, table.field(source).sensitivity)
                added[column] = _hex(key.digest(value.encode()))
        return added

    def _find_by_number(self, batch: list[Line]) -> None:
        """Those who told us themselves are found by their number (`reports.vault.people`)."""
        numbers = {uuid_of(line.row["case_id"]): line.sealed["dod_id"] for line in batch}
        with connection.cursor() as cursor:
            cursor.execute(VICTIMS, [list(numbers)])
            for (case,) in cursor.fetchall():
                if type(number := numbers[case]) is str:
                    self.ring.index_person(case, number)

    def finish(self) -> None:
        """What is derived from the rows: the ends of the chains, who holds what, and the counts that are kept."""
        with connection.cursor() as cursor:
            cursor.execute(HEADS)
            cursor.execute("SELECT accounts_held_anew(ARRAY(SELECT id FROM accounts_user))")
            cursor.execute("SELECT sapr_tally_anew()")


class _WrongValueError(ValueError):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _hex(raw: bytes) -> str:
    return "\\x" + raw.hex()


def _kept(keys: Any) -> list[tuple[int, bytes]]:
    """What commitments were made with, the oldest first; ValueError for anything else."""
    if type(keys) is not list or not keys:
        raise ValueError
    found = []
    for each in keys:
        if type(each) is not dict or each.keys() != {"key", "upto"} or type(each["upto"]) is not int:
            raise ValueError
        found.append((each["upto"], bytes.fromhex(each["key"])))
    ordered = all(first[0] < second[0] for first, second in pairwise(found))
    if not ordered or any(len(key) != 32 or not 0 < upto < 2**63 for upto, key in found):
        raise ValueError
    return found
