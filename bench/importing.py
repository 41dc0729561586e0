"""How fast earlier cases are imported, beside a bare COPY of the very rows: `./test bench/importing.py -q -s`.

`BENCH_ROWS` (20,000) rows in `BENCH_TURNS` (5) files. In each turn a file is imported; then the rows that the databases
hold of it (case, sealed parts, decision, report, assignments, duties and their ladders, the chain, wrapped keys, the
index of people) are put by COPY, ready made, into tables with the same columns, checks and indexes, which hold those of
the turns before, without triggers, foreign keys and row-level security, by one process, a transaction for each table.
Prints one JSON document: the median of the turns' ratios by the clock, and by processor time of everybody who worked.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from psycopg import sql

from reports.legacy.making import COLUMNS
from reports.legacy.services import legacy_import
from tests.command_line import for_command
from tests.conftest import django_db_setup, stage  # noqa: F401
from tests.legacy.old import CUTOVER, MEMBER, iso, row
from tests.stage import admin_url

ROWS = int(os.environ.get("BENCH_ROWS", "20000"))
TURNS = int(os.environ.get("BENCH_TURNS", "5"))
PROCESSES = int(os.environ.get("BENCH_PROCESSES", "0")) or None
KEYS = ("reports_wrappedkey", "reports_personindex")
CASES = (
    *(each for each in COLUMNS if each not in KEYS), "reports_event", "reports_chainhead", "notifications_ladder",
)  # fmt: skip
NAMED = sql.SQL("COPY (SELECT {columns} FROM {table} WHERE {column} = ANY (%s)) TO STDOUT")
INTO = sql.SQL("COPY {table} ({columns}) FROM STDIN")
# What the table works out by itself is no part of a COPY.
OF_ROWS = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position
"""
ACCOUNT = "She told of it in the morning, as well as she could. " * 12


def old(number: int, dice: Random) -> dict[str, Any]:
    """One row: two of three Restricted, some converted, most closed; with what was due and how it ended."""
    days = dice.uniform(30, 7000)
    signed = CUTOVER - timedelta(days=days)
    found = row(
        f"OLD-{number:07}",
        dice.choice(("restricted", "restricted", "unrestricted")),
        days,
        facts=MEMBER | {"age": dice.randrange(18, 60)},
        identity={
            "name": f"Invented Person-{number}",
            "dod_id": f"{dice.randrange(10**10):010}",
            "phone": "+1 555 0100",
            "email": f"person-{number}@nowhere.invalid",
            "grade": f"E-{dice.randrange(1, 9)}",
            "sex": dice.choice(("female", "male")),
            "unit": "1st Sample Company",
        },
        narrative={"text": ACCOUNT, "incident_on": signed.date().isoformat(), "place": "on_installation"},
    )

    def past(kind: str, after: timedelta, ended: str = "done") -> dict[str, Any]:
        done = {"done_at": iso(signed + after / 2)} if ended == "done" else {}
        return {"kind": kind, "due_at": iso(signed + after), "ended": ended} | done

    restricted = found["report"]["election"] == "restricted"
    day = timedelta(days=1)
    duties = [past("dsaid_entry", 2 * day, dice.choice(("done", "done", "missed")))]
    if restricted:
        duties.append(past("commander_notice_restricted", day))
    else:
        duties += [
            past("commander_notice_details", day),
            past("mcio_notice", timedelta(0)),
            past("unit_commander_notice", timedelta(0)),
        ]
        months = min(int(days // 31), dice.randrange(4, 14))
        duties += [past("monthly_update", 30 * day * turn, "unknown") for turn in range(1, months + 1)]
    if days > 400 and dice.random() < 0.9:
        found["closed_at"] = iso(signed + 395 * day)
        if restricted:
            duties.append(past("ask_once_about_converting", 365 * day))
    found["duties"] = duties
    return found


def written(path: Path, rows: int, dice: Random, first: int = 0) -> Path:
    """A file of so many rows, made without holding it."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(first, first + rows):
            file.write(json.dumps(old(number, dice)) + "\n")
    return path


class Bare:
    """The like of some tables of a database, filled with what came into the real ones."""

    def __init__(self, admin: psycopg.Connection[Any], tables: tuple[str, ...]) -> None:
        self.admin, self.tables = admin, tables
        admin.execute("CREATE SCHEMA bare")
        for table in tables:
            admin.execute(f"CREATE TABLE bare.{table} (LIKE public.{table} INCLUDING ALL)")
        self.columns = {
            table: sql.SQL(", ").join(sql.Identifier(name) for (name,) in admin.execute(OF_ROWS, [table]))
            for table in tables
        }

    def fill(self, cases: list[UUID]) -> "Spent":
        """A COPY of what the real tables hold of these cases. What it costs to read it is not counted."""
        bodies = {table: self._lines(table, cases) for table in self.tables}
        found = Spent(rows=sum(body.count(b"\n") for body in bodies.values()))
        with found.measured():
            for table, body in bodies.items():
                copy = INTO.format(table=sql.Identifier("bare", table), columns=self.columns[table])
                with self.admin.transaction(), self.admin.cursor().copy(copy) as into:
                    into.write(body)
        return found

    def _lines(self, table: str, cases: list[UUID]) -> bytes:
        kept = BytesIO()
        column = sql.Identifier("id" if table == "reports_case" else "case_id")
        named = NAMED.format(
            table=sql.Identifier("public", table), column=column, columns=self.columns[table]
        )
        with self.admin.cursor().copy(named, [cases]) as out:
            for each in out:
                kept.write(each)
        return kept.getvalue()


@dataclass
class Spent:
    """Time by the clock, processor seconds of those who worked and of everybody, and rows of the databases."""

    clock: float = 0
    worked: float = 0
    others: float = 0
    rows: int = 0

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Add what the block takes."""
        everybody, worked, began = busy(), spent(), perf_counter()
        yield
        self.clock += perf_counter() - began
        mine = spent() - worked
        self.worked += mine
        self.others += max(0, busy() - everybody - mine)


def spent() -> float:
    """Processor seconds of this process and its children, and of the database server with all that it ever served."""
    times = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    server, ticks = _server(), 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            words = stat.read_text().rpartition(")")[2].split()
            # Of the server itself: it, and its sessions that ended. Of a session that goes on: its own.
            if server in (stat.parent.name, words[1]):
                ticks += sum(map(int, words[11:15]))
    return sum(each.ru_utime + each.ru_stime for each in times) + ticks / os.sysconf("SC_CLK_TCK")


@cache
def _server() -> str:
    with psycopg.connect(os.environ["ADMIN_DATABASE_URL"]) as admin:
        [[folder]] = admin.execute("SHOW data_directory").fetchall()
    return (Path(folder) / "postmaster.pid").read_text().split()[0]


def busy() -> float:
    """Seconds that the processors of this machine worked, for whomever."""
    user, nice, system, _, _, *interrupts = map(int, Path("/proc/stat").read_text().split()[1:8])
    return (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK")


def test_rate(stage, tmp_path: Path) -> None:  # noqa: F811
    dice, seen = Random(7), set()  # noqa: S311
    imports, copies = [], []
    with ExitStack() as stack:
        admins = [
            stack.enter_context(psycopg.connect(admin_url(stage.names[store]), autocommit=True))
            for store in ("default", "keys")
        ]
        likes = [Bare(admin, tables) for admin, tables in zip(admins, (CASES, KEYS), strict=True)]
        for turn in range(TURNS):
            path = written(tmp_path / f"old-{turn}.jsonl", ROWS // TURNS, dice, turn * (ROWS // TURNS))
            ours = Spent()
            with ours.measured():
                found = legacy_import(path=path, cutover=CUTOVER, source="elder", processes=PROCESSES)
            if (found.imported, found.refused) != (ROWS // TURNS, 0):
                raise SystemExit(f"not every row was imported: {found.codes}")
            every = {case for (case,) in admins[0].execute("SELECT case_id FROM reports_legacysource")}
            imports.append(ours)
            copies.append([each.fill(list(every - seen)) for each in likes])
            seen = every
    told = {"rows": len(seen), "database_rows": sum(each.rows for both in copies for each in both)}
    for name in ("clock", "worked", "others"):
        mine = [getattr(each, name) for each in imports]
        bare = [sum(getattr(each, name) for each in both) for both in copies]
        told[name] = {"import": round(sum(mine), 2), "copy": round(sum(bare), 2)}
        if name != "others":
            ratios = [two / one for one, two in zip(mine, bare, strict=True)]
            told[name] |= {"ratio": round(median(ratios), 3), "turns": [round(each, 2) for each in ratios]}
    print(json.dumps(told | {"load": os.getloadavg()[0]}))


def test_memory(stage, tmp_path: Path) -> None:  # noqa: F811
    """As people run it, in processes of its own: the largest of them, whatever the file holds."""
    path = written(tmp_path / "old.jsonl", ROWS, Random(7))  # noqa: S311
    began = perf_counter()
    done = subprocess.run(
        [sys.executable, "manage.py", "import_legacy", str(path), "--cutover", iso(CUTOVER), "--json"],
        cwd=settings.BASE_DIR, env=for_command(stage.env), capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = {
        "rows": json.loads(done.stdout)["imported"],
        "file_mb": path.stat().st_size >> 20,
        "seconds": round(perf_counter() - began, 1),
        "peak_rss_mb_of_one_process": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10,
    }
    print(json.dumps(told))
