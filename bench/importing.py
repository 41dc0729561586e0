"""How fast earlier cases are imported, beside a bare COPY of the very rows: `./test bench/importing.py -q -s`.

`BENCH_ROWS` (10,000) rows, each with what an import makes of it: case, sealed parts, decision, report, duties of
before, the chain, keys and index rows. The bare COPY puts the same rows, ready made, into tables with the same columns,
checks and indexes, without triggers, foreign keys and row-level security, by one process. Prints one JSON document.
"""

import json
import os
import resource
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

import psycopg
from django.conf import settings

from reports.legacy.making import COLUMNS
from reports.legacy.services import legacy_import
from tests.command_line import for_command
from tests.conftest import django_db_setup, stage  # noqa: F401
from tests.legacy.old import CUTOVER, MEMBER, iso, row
from tests.stage import in_database

ROWS = int(os.environ.get("BENCH_ROWS", "10000"))
PROCESSES = int(os.environ.get("BENCH_PROCESSES", "0")) or None
KEYS = ("reports_wrappedkey", "reports_personindex")
CASES = (*(each for each in COLUMNS if each not in KEYS), "reports_event", "reports_chainhead")
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


def written(path: Path, rows: int) -> Path:
    """The file, made without holding it."""
    dice = Random(7)  # noqa: S311
    with path.open("w", encoding="utf-8") as file:
        for number in range(rows):
            file.write(json.dumps(old(number, dice)) + "\n")
    return path


def bare(names: dict[str, str], store: str, tables: tuple[str, ...]) -> tuple[float, int, float]:
    """Seconds of a COPY of the rows that these tables hold now into the like of them, how many, processor seconds."""
    url = in_database(os.environ["ADMIN_DATABASE_URL"], names[store])
    took, rows, worked = 0.0, 0, 0.0
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("CREATE SCHEMA bare")
        for table in tables:
            admin.execute(f"CREATE TABLE bare.{table} (LIKE public.{table} INCLUDING ALL)")
            kept = BytesIO()
            with admin.cursor().copy(f"COPY public.{table} TO STDOUT") as out:
                for each in out:
                    kept.write(each)
            body = kept.getvalue()
            before, began = spent(), perf_counter()
            with admin.transaction(), admin.cursor().copy(f"COPY bare.{table} FROM STDIN") as into:
                into.write(body)
            took += perf_counter() - began
            worked += spent() - before
            rows += body.count(b"\n")
    return took, rows, worked


def spent() -> float:
    """Processor seconds of this process and its children, and of the database server with all that it ever served."""
    times = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    with psycopg.connect(os.environ["ADMIN_DATABASE_URL"]) as admin:
        [[folder]] = admin.execute("SHOW data_directory").fetchall()
    server = (Path(folder) / "postmaster.pid").read_text().split()[0]
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            words = stat.read_text().rpartition(")")[2].split()
            # Of the server itself: it, and its sessions that ended. Of a session that goes on: its own.
            if server in (stat.parent.name, words[1]):
                ticks += sum(map(int, words[11:15]))
    return sum(each.ru_utime + each.ru_stime for each in times) + ticks / os.sysconf("SC_CLK_TCK")


def busy() -> float:
    """Seconds that the processors of this machine worked, for whomever."""
    user, nice, system, _, _, *interrupts = map(int, Path("/proc/stat").read_text().split()[1:8])
    return (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK")


def test_rate(stage, tmp_path: Path) -> None:  # noqa: F811
    path = written(tmp_path / "old.jsonl", ROWS)
    began = perf_counter()
    dry = legacy_import(path=path, cutover=CUTOVER, source="elder", dry_run=True, processes=1)
    tried = perf_counter() - began
    before, everybody, began = spent(), busy(), perf_counter()
    found = legacy_import(path=path, cutover=CUTOVER, source="elder", processes=PROCESSES)
    took = perf_counter() - began
    worked, everybody = spent() - before, busy() - everybody
    if (found.imported, found.refused, dry.imported) != (ROWS, 0, ROWS):
        raise SystemExit(f"not every row was imported: {found.codes}")
    copied = [bare(stage.names, "default", CASES), bare(stage.names, "keys", KEYS)]
    copy = sum(each for each, _, _ in copied)
    told = {
        "rows": ROWS,
        "database_rows": sum(rows for _, rows, _ in copied),
        "import_seconds": round(took, 2),
        "cases_a_second": round(ROWS / took),
        "dry_run_seconds_one_process": round(tried, 2),
        "bare_copy_seconds": round(copy, 2),
        "ratio": round(copy / took, 3),
        "import_processor_seconds": round(worked, 2),
        "processor_seconds_of_others_meanwhile": round(max(0, everybody - worked), 2),
        "bare_copy_processor_seconds": round(sum(each for _, _, each in copied), 2),
        "load": os.getloadavg()[0],
    }
    print(json.dumps(told))


def test_memory(stage, tmp_path: Path) -> None:  # noqa: F811
    """As people run it, in processes of its own: the largest of them, whatever the file holds."""
    path = written(tmp_path / "old.jsonl", ROWS)
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
