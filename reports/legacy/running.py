"""Importing a file: part by part, by as many processes as there are processors; and the same without writing."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any
from uuid import UUID

import psycopg

from reports.legacy.checking import Old, checked
from reports.legacy.directory import Directory
from reports.legacy.making import Instants, Making
from reports.legacy.problems import Problem, UnfitError
from reports.legacy.reading import Line, Source
from reports.legacy.storing import Store, Told
from reports.obligations import hooks
from reports.vault.errors import VaultLockedError
from reports.vault.keys import DataKey, case_key, unwrapped_of, wrapping_in_use
from reports.vault.models import NO_CASE, Sensitivity
from sapr import standing

ROWS = 1_000
# Of a race for the same rows by two files; a third loser is unheard of.
ATTEMPTS = 3


@dataclass
class Work:
    """What every part of one run is made with. `source`: the earlier system, in one word."""

    source: str
    file: Source
    known: Directory
    run: UUID | None = None
    rows: int = ROWS


def parts(work: Work) -> Iterator[tuple[int, tuple[Line, ...]]]:
    """The file in parts of so many rows: the same parts each time."""
    rows = work.file.rows()
    for number in count():
        part = tuple(islice(rows, work.rows))
        if not part:
            return
        yield number, part


@dataclass
class Part:
    """One part on its way: its rows checked, the fresh ones with their digests."""

    told: Told
    fresh: list[tuple[bytes, Old]] = field(default_factory=list)


class Worker:
    """Makes parts, one after the other, in its own sessions."""

    def __init__(self, work: Work, store: Store, *, dry: bool = False) -> None:
        self.work, self.store, self.dry = work, store, dry
        self.wrapping = None if dry else wrapping_in_use()
        self.person = _index_key(create=not dry)

    def make(self, number: int, lines: tuple[Line, ...]) -> Told:
        """Check a part, and enter what is fresh of it unless it is only tried."""
        with standing.one_look():
            rows = list(self._checked(lines))
        for attempt in range(1, ATTEMPTS + 1):
            part = self._sorted(number, rows)
            if self.dry:
                break
            try:
                self._enter(part)
                break
            except psycopg.errors.UniqueViolation:
                # Another run entered one of them in the meantime: that is seen now.
                if attempt == ATTEMPTS:
                    raise
        return part.told

    def _checked(self, lines: tuple[Line, ...]) -> Iterator[tuple[int, Old | UnfitError]]:
        for line in lines:
            try:
                yield line.number, checked(self.work.file.parsed(line), self.work.known)
            except UnfitError as unfit:
                yield line.number, unfit

    def _sorted(self, number: int, rows: list[tuple[int, Old | UnfitError]]) -> Part:
        """Which rows are wrong, which are cases already, and which are fresh."""
        part = Part(Told(number))
        told = part.told
        digests = {line: self._digest(old) for line, old in rows if isinstance(old, Old)}
        entered = self.store.entered(list(digests.values())) if self.person else {}
        commits = (
            unwrapped_of([case for case, _ in entered.values()], Sensitivity.NARRATIVE) if entered else {}
        )
        here: dict[bytes, bytes] = {}
        unindexed: list[tuple[UUID, Old]] = []
        for line, old in rows:
            if isinstance(old, UnfitError):
                _refuse(told, line, *old.problems)
                continue
            digest = digests[line]
            if digest in entered:
                case, content = entered[digest]
                key = commits.get(case)
                if key is None:
                    _refuse(told, line, Problem("erased"))
                elif key.commit(old.said) != content:
                    _refuse(told, line, Problem("changed_since"))
                else:
                    told.already += 1
                    unindexed.append((case, old))
            elif digest in here:
                if here[digest] == old.said:
                    told.already += 1
                else:
                    _refuse(told, line, Problem("changed_since"))
            else:
                here[digest] = old.said
                part.fresh.append((digest, old))
                told.imported += 1
                for each in old.course.open:
                    told.opened[each.row.kind] = told.opened.get(each.row.kind, 0) + 1
        if not self.dry:
            self._index_again(unindexed)
        return part

    def _enter(self, part: Part) -> None:
        if self.work.run is None or self.wrapping is None or self.person is None:
            raise VaultLockedError("an import that only tries has no keys")
        now = self.store.now()
        lines: dict[str, list[str]] = defaultdict(list)
        ladder: list[tuple[str, str, Any]] = []
        instants = Instants(now.isoformat(), self.work.known.cutover.isoformat())
        cases = []
        for digest, old in part.fresh:
            made = Making(old, digest, instants, self.wrapping, self.person, lines, ladder)
            made.write()
            cases.append(made.id)
        self.store.add_keys(lines)
        self.store.enter(lines, now, cases, lambda cursor: _watch(cursor, ladder), self.work.run, part.told)
        self.store.add_people(lines)
        self.store.part_indexed(self.work.run, part.told.number)

    def _index_again(self, found: list[tuple[UUID, Old]]) -> None:
        """A run that was killed between the cases and the index of people is made good by the next."""
        named = {
            case: old.row["identity"]["dod_id"]
            for case, old in found
            if "dod_id" in old.row.get("identity", {})
        }
        missing = self.store.unindexed(list(named)) if named else set()
        if missing and self.wrapping and self.person:
            lines = [
                f"{case}\t{self.wrapping.kek_id}\t\\\\x{self.wrapping.mask(self.person.digest(named[case].encode())).hex()}"
                for case in missing
            ]
            self.store.add_people({"reports_personindex": lines})

    def _digest(self, old: Old) -> bytes:
        """What the row is known by afterwards; keyed, so that it leads back to nothing."""
        said = f"legacy|{self.work.source}|{old.row['source_id']}".encode()
        return self.person.digest(said) if self.person else said


def _index_key(*, create: bool) -> DataKey | None:
    """The key of keyed digests that belong to no case; None where there is none yet and none is to be made."""
    try:
        return case_key(NO_CASE, Sensitivity.INDEX_PERSON, create=create)
    except VaultLockedError:
        return None


def _watch(cursor: psycopg.Cursor[Any], ladder: list[tuple[str, str, Any]]) -> None:
    hooks.entered_open(
        cursor=cursor, duties=[(duty, case, each.row, each.due_at) for duty, case, each in ladder]
    )


def _refuse(told: Told, line: int, *problems: Problem) -> None:
    told.refused += 1
    for each in problems:
        told.codes[each.code] = told.codes.get(each.code, 0) + 1
        told.errors.append((line, each.code, each.column))
