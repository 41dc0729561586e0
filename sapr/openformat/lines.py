"""Reading an open export line by line: what is wrong with a line is told by number and code, never by its content."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sapr.errors import DomainError
from sapr.openformat.schema import schema_digest
from sapr.openformat.tables import EVENTS, Table, tables
from sapr.openformat.writing import FORMAT

LONGEST = 8_000_000
MOST_TOLD = 100
EVENT = re.compile(
    rb'\{"line": "event", "hash": "([0-9a-f]{64})", "event": (\{.*\})\}\n', re.DOTALL
).fullmatch
HEX = re.compile(r"[0-9a-f]{64}").fullmatch


class ImportRefusedError(DomainError):
    """The file is not what it says: `wrong` lists lines with codes. Nothing of it was kept."""

    def __init__(self, wrong: list[dict[str, Any]]) -> None:
        first = wrong[0]
        where = f"line {first['line']}: " if first["line"] else ""
        more = f" ({len(wrong)} findings in all)" if len(wrong) > 1 else ""
        super().__init__(
            "import_refused",
            f"Nothing was imported. {where}{first['code']}{more}. See docs/openformat.md.",
            path="file",
        )
        self.wrong = wrong


@dataclass(frozen=True)
class Line:
    """One line that has the shape of its table. `text`: as it stands in the file."""

    number: int
    text: bytes
    row: dict[str, Any]
    sealed: dict[str, str | bool | None]
    hash: str = ""
    event: str = ""


class Lines:
    """Where decrypted bytes are written to: checks each line and hands whole tables on, some lines at a time."""

    def __init__(self, kind: str, take: Callable[[Table, list[Line]], None], at_once: int) -> None:
        self.wrong: list[dict[str, Any]] = []
        self.head: dict[str, Any] = {}
        self.number, self.digest = 0, sha256()
        self._kind, self._take, self._at_once = kind, take, at_once
        self._rest = b""
        self._due: list[tuple[Table, int, str]] = []
        self._batch: list[Line] = []
        self._count, self._hash = 0, sha256()

    def write(self, data: bytes) -> int:
        """Called with some bytes at a time, as they are decrypted."""
        *whole, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LONGEST:
            self.say("line_too_long", self.number + 1)
            raise ImportRefusedError(self.wrong)
        for line in whole:
            self._line(line + b"\n")
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back."""

    def end(self) -> None:
        """After the last byte; refuses everything when a line was wrong or one is missing."""
        if self._rest:
            self.say("cut_off", self.number + 1)
        if not self.head:
            self.say("no_manifest", 0)
        else:
            self._pass_full()
        if self._due and not self.wrong:
            self.say("lines_missing", 0, table=self._due[0][0].name)
        if self.wrong:
            raise ImportRefusedError(self.wrong)

    def say(self, code: str, number: int, **more: str) -> None:
        """A finding; after a hundred nothing is read any more."""
        self.wrong.append({"line": number, "code": code, **more})
        if len(self.wrong) >= MOST_TOLD:
            raise ImportRefusedError(self.wrong)

    def _line(self, text: bytes) -> None:
        self.number += 1
        self.digest.update(text)
        if not self.head:
            self._manifest(text)
            return
        self._pass_full()
        if not self._due:
            self.say("line_too_many", self.number)
            raise ImportRefusedError(self.wrong)
        table = self._due[0][0]
        self._count += 1
        self._hash.update(text)
        try:
            self._batch.append(self._read(table, text))
        except _WrongLineError as error:
            self.say(error.code, self.number, table=table.name)
            if error.code == "wrong_order":
                # What follows is of other tables than the first line says: every line would be told.
                raise ImportRefusedError(self.wrong) from None
        if len(self._batch) >= self._at_once:
            self._hand_on()

    def _hand_on(self) -> None:
        batch, self._batch = self._batch, []
        if batch:
            self._take(self._due[0][0], batch)

    def _pass_full(self) -> None:
        """Go on to the next table that has lines; the one before is held against its line of the manifest."""
        while self._due and self._count == self._due[0][1]:
            self._hand_on()
            table, _, digest = self._due.pop(0)
            if self._hash.hexdigest() != digest:
                self.say("wrong_digest", 0, table=table.name)
            self._count, self._hash = 0, sha256()

    def _manifest(self, text: bytes) -> None:
        found = _json(text)
        if type(found) is not dict or found.get("line") != "manifest" or found.get("format") != FORMAT:
            self._stop("wrong_format")
        if found.get("schema") != schema_digest():
            self._stop("wrong_schema")
        if found.get("kind") != self._kind:
            self._stop("other_kind")
        told = found.get("tables")
        if (
            type(told) is not list
            or not all(map(_counted, told))
            or [each["table"] for each in told] != list(tables())
        ):
            self._stop("wrong_manifest")
        self.head = found
        self._due = [(tables()[each["table"]], each["lines"], each["sha256"]) for each in told]

    def _stop(self, code: str) -> None:
        self.say(code, 1)
        raise ImportRefusedError(self.wrong)

    def _read(self, table: Table, text: bytes) -> Line:
        if table.name == EVENTS:
            return _event(self.number, text)
        found = _json(text)
        if type(found) is not dict:
            raise _WrongLineError("not_json")
        if found.get("line") != "row" or found.get("table") != table.name:
            raise _WrongLineError("wrong_order")
        row, sealed = found.get("row"), found.get("sealed", {})
        wanted = {"line", "table", "row"} | ({"sealed"} if table.sealed else set())
        if found.keys() != wanted or type(row) is not dict or type(sealed) is not dict:
            raise _WrongLineError("wrong_shape")
        if row.keys() != set(table.plain) or sealed.keys() != set(table.sealed):
            raise _WrongLineError("wrong_columns")
        if not all(value is None or value is False or type(value) is str for value in sealed.values()):
            raise _WrongLineError("wrong_sealed")
        return Line(self.number, text, row, sealed)


class _WrongLineError(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _counted(each: Any) -> bool:
    """Whether this says of a table how many lines it has, and their digest."""
    if type(each) is not dict or each.keys() != {"table", "lines", "sha256"}:
        return False
    digest, count = each["sha256"], each["lines"]
    return type(count) is int and count >= 0 and type(digest) is str and HEX(digest) is not None


def _json(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _event(number: int, text: bytes) -> Line:
    found = EVENT(text)
    if found is None:
        raise _WrongLineError("wrong_order" if text.startswith(b'{"line": "row"') else "wrong_event")
    digest, event = found[1].decode(), found[2]
    if sha256(event).hexdigest() != digest:
        raise _WrongLineError("wrong_hash")
    if type(said := _json(event)) is not dict:
        raise _WrongLineError("wrong_event")
    return Line(number, text, said, {}, digest, event.decode())


def uuid_of(value: Any) -> UUID:
    """An id of a row; ValueError for anything else."""
    if type(value) is not str:
        raise ValueError
    return UUID(value)


def instant_of(value: Any) -> datetime:
    """An instant of a row with its zone; ValueError for anything else."""
    if type(value) is not str or (found := datetime.fromisoformat(value)).tzinfo is None:
        raise ValueError
    return found
