"""`legacy_import`: the cases of an earlier system, from a file. For the operator of this system, by command alone."""

import gc
import multiprocessing
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from queue import Empty
from typing import Any
from uuid import UUID, uuid4

from django.db import connections

from reports.legacy.directory import directory
from reports.legacy.reading import Source
from reports.legacy.running import ROWS, Work, Worker, parts
from reports.legacy.storing import Store, Told
from reports.validation import EARLIEST
from reports.vault import keys
from sapr import clock
from sapr.errors import DomainError
from sapr.logs import failure

# As many errors are told one by one; all are counted.
TOLD_ERRORS = 1_000
MOST_PROCESSES = 4


@dataclass
class Summary:
    """What came of a file. `skipped`: rows of parts that an earlier, broken-off start had dealt with already.

    `opened`: how many duties are due still, by kind. `errors`: (line, code, column) of the first thousand.
    """

    dry_run: bool
    rows: int = 0
    imported: int = 0
    already: int = 0
    refused: int = 0
    skipped: int = 0
    opened: dict[str, int] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    errors: list[tuple[int, str, str]] = field(default_factory=list)

    def add(self, told: Told) -> None:
        """One part more."""
        self.rows += told.imported + told.already + told.refused
        self.imported += told.imported
        self.already += told.already
        self.refused += told.refused
        for mine, theirs in ((self.opened, told.opened), (self.codes, told.codes)):
            for name, count in theirs.items():
                mine[name] = mine.get(name, 0) + count
        self.errors = sorted([*self.errors, *told.errors])[:TOLD_ERRORS]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        errors = [{"line": line, "code": code, "column": column} for line, code, column in self.errors]
        return asdict(self) | {"errors": errors}


def legacy_import(
    *,
    path: Path,
    cutover: datetime,
    source: str,
    dry_run: bool = False,
    processes: int | None = None,
    tick: Callable[[Summary], None] = lambda summary: None,
) -> Summary:
    """Enter every row of the file that is right as a case (docs/import.md); `dry_run` writes nothing.

    `cutover`: until then the earlier system was the record; aware, not in the future. `source`: the earlier system in
    one word; with it a row's own id says which row it is, whatever file it comes in. Rows that are wrong are told and
    left out, those that are cases already counted. Broken off anywhere and started again with the same file it goes on.
    Nobody is told anything. `tick` is called after each part. DomainError when the file as a whole cannot be read.
    """
    _require(source, cutover)
    try:
        file = Source(path)
        with path.open("rb") as opened:
            digest = file_digest(opened, "sha256").hexdigest()
    except OSError:
        raise DomainError("no_such_file", "This file cannot be read. Check its name.", path="file") from None
    work = Work(source, file, directory(cutover=cutover, now=clock.now()))
    summary = Summary(dry_run)
    done: set[int] = set()
    if not dry_run:
        work.run, work.rows, done = _begun(work, digest, summary)
    for told in _made(work, done, dry_run, _processes(processes, path)):
        summary.add(told)
        tick(summary)
    if work.run is not None:
        _ended(work.run, summary)
    return summary


def _require(source: str, cutover: datetime) -> None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", source):
        raise DomainError(
            "bad_source", "Name the earlier system by small letters, digits and hyphens.", path="source"
        )
    if cutover.tzinfo is None:
        raise DomainError("naive_time", "Give the time zone with the cut-over.", path="cutover")
    if not EARLIEST <= cutover <= clock.now():
        raise DomainError("bad_cutover", "The cut-over lies between 2005 and now.", path="cutover")


def _processes(wanted: int | None, path: Path) -> int:
    # A part takes some hundred kilobytes; of less there is nothing to share.
    return wanted or (1 if path.stat().st_size < 1_000_000 else min(os.cpu_count() or 1, MOST_PROCESSES))


def _begun(work: Work, digest: str, summary: Summary) -> tuple[UUID, int, set[int]]:
    """The run of this file, begun or gone on with; of how many rows its parts are, and which are done."""
    cutover = work.known.cutover
    with Store() as store, store.cases.transaction():
        store.cases.execute("SELECT pg_advisory_xact_lock(hashtextextended('legacy_import', 7))")
        row = store.cases.execute(
            "SELECT id, cutover, rows_in_batch FROM reports_legacyrun"
            " WHERE source = %s AND file_sha256 = %s AND ended_at IS NULL",
            [work.source, digest],
        ).fetchone()
        if row is not None and row[1] != cutover:
            raise DomainError(
                "other_cutover",
                f"This file was begun with the cut-over {row[1].isoformat()}. Finish it with that one.",
                path="cutover",
            )
        run, rows = (row[0], row[2]) if row else (uuid4(), ROWS)
        if row is None:
            store.cases.execute(
                "INSERT INTO reports_legacyrun (id, source, file_sha256, cutover, rows_in_batch, started_at)"
                " VALUES (%s, %s, %s, %s, %s, sapr_now())",
                [run, work.source, digest, cutover, rows],
            )
        said = {"run": str(run), "source": work.source, "file": digest, "cutover": cutover.isoformat()}
        store.say("legacy_import_begun", said, store.now())
        done = store.cases.execute(
            "SELECT number, imported + already + refused FROM reports_legacybatch"
            " WHERE run_id = %s AND indexed",
            [run],
        ).fetchall()
    summary.skipped = sum(count for _, count in done)
    return run, rows, {number for number, _ in done}


def _ended(run: UUID, summary: Summary) -> None:
    with Store() as store, store.cases.transaction():
        row = store.cases.execute(
            "UPDATE reports_legacyrun SET ended_at = sapr_now() WHERE id = %s AND ended_at IS NULL RETURNING ("
            " SELECT jsonb_build_object('imported', coalesce(sum(imported), 0), 'already', coalesce(sum(already), 0),"
            " 'refused', coalesce(sum(refused), 0)) FROM reports_legacybatch WHERE run_id = %s)",
            [run, run],
        ).fetchone()
        if row is not None:
            store.say("legacy_import_ended", {"run": str(run), **row[0]}, store.now())


def _made(work: Work, done: set[int], dry: bool, processes: int) -> Iterator[Told]:
    """Every part that is not done, made here or by processes of which each takes its own."""
    if processes == 1:
        yield from _mine(work, done, dry, 0, 1)
        return
    context = multiprocessing.get_context("fork")
    told: Any = context.Queue()
    connections.close_all()
    started = [
        context.Process(target=_process, args=(work, done, dry, number, processes, told), daemon=True)
        for number in range(processes)
    ]
    for each in started:
        each.start()
    running = processes
    try:
        while running:
            each = _next(told, started)
            if isinstance(each, Told):
                yield each
            elif each is None:
                running -= 1
            else:
                raise DomainError(
                    "import_broken",
                    f"The import stopped ({each}). What was entered stands; start it again, and it goes on.",
                )
    finally:
        for each in started:
            each.terminate()
            each.join()


def _next(told: Any, started: list[Any]) -> Any:
    """What the next process says; that one was killed it cannot say itself."""
    while True:
        try:
            return told.get(timeout=1)
        except Empty:
            if any(each.exitcode for each in started):
                return "a process was killed"


def _mine(work: Work, done: set[int], dry: bool, mine: int, processes: int) -> Iterator[Told]:
    parent = os.getppid()
    with Store() as store:
        if not dry:
            store.stage()
        worker = Worker(work, store, dry=dry)
        for number, lines in parts(work):
            if number % processes == mine and number not in done:
                yield worker.make(number, lines)
            if processes > 1 and os.getppid() != parent:
                # Who began this is gone and hears nothing any more; what is done is done.
                os._exit(1)


def _process(work: Work, done: set[int], dry: bool, mine: int, processes: int, told: Any) -> None:
    # What is loaded stays, and rows leave no circles behind: nothing to go through all the time.
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    try:
        keys.forget_data_keys()
        for each in _mine(work, done, dry, mine, processes):
            told.put(each)
        told.put(None)
    except Exception as error:
        # Its own text may hold what a row says.
        told.put(", ".join(f"{name} {value}" for name, value in failure(error).items()))
