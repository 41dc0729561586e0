"""The rows of a file, one after the other and never more in memory than a row: JSON Lines, or CSV by its header."""

import csv
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from reports.legacy.problems import Problem, UnfitError
from reports.legacy.shapes import leaves
from sapr.errors import DomainError

LONGEST = 1_000_000
BOM = b"\xef\xbb\xbf"
# As many past duties as one row may have columns for.
MOST_DUTIES = 800
csv.field_size_limit(LONGEST)


class Line(NamedTuple):
    """One row as it stands in the file: the number of its first line, and its bytes or what is wrong with them."""

    number: int
    raw: bytes
    problem: Problem | None = None


class Source:
    """A file to import. `rows()` gives its lines; `parsed()` makes a line the nested row that the schema describes.

    What the whole file is wrong in is a DomainError; what a row is wrong in is that row's.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.csv = path.suffix.lower() == ".csv"
        if not self.csv and path.suffix.lower() not in (".jsonl", ".ndjson"):
            raise DomainError(
                "unknown_format",
                "The name of the file ends in .csv or .jsonl; nothing else is read.",
                path="file",
            )
        self.columns: list[list[str]] = []
        if self.csv:
            with path.open("rb") as file:
                self.columns = _columns(next(_records(_physical(file)), None))

    def rows(self) -> Iterator[Line]:
        """Every row that is not empty, in the order of the file."""
        with self.path.open("rb") as file:
            lines = _physical(file)
            found = _records(lines) if self.csv else lines
            if self.csv:
                next(found, None)
            for line in found:
                if line.problem or line.raw.strip():
                    yield line

    def parsed(self, line: Line) -> dict[str, Any]:
        """The row, not checked yet; UnfitError when it cannot be read."""
        if line.problem is not None:
            raise UnfitError(line.problem)
        if b"\0" in line.raw:
            raise UnfitError(Problem("nul"))
        try:
            text = line.raw.decode()
        except UnicodeDecodeError:
            raise UnfitError(Problem("not_plain_text")) from None
        return self._nested(text) if self.csv else _object(text)

    def _nested(self, text: str) -> dict[str, Any]:
        cells = _cells(text)
        if cells is None or len(cells) > len(self.columns):
            raise UnfitError(Problem("bad_csv"))
        row: dict[str, Any] = {}
        problems: list[Problem] = []
        for path, cell in zip(self.columns, cells, strict=False):
            if cell != "":
                _put(row, path, _value(path, cell, problems))
        if problems:
            raise UnfitError(*problems)
        if "duties" in row:
            row["duties"] = list(row["duties"].values())
        return row


def _physical(file: BinaryIO) -> Iterator[Line]:
    """The lines; of one that is too long its beginning is kept and the rest thrown away as it is read."""
    number = 0
    while raw := file.readline(LONGEST + 2):
        number += 1
        if number == 1:
            raw = raw.removeprefix(BOM)
        if len(raw) > LONGEST and not raw.endswith(b"\n"):
            while (rest := file.readline(LONGEST)) and not rest.endswith(b"\n"):
                pass
            yield Line(number, b"", Problem("line_too_long"))
        else:
            yield Line(number, raw.rstrip(b"\r\n"))


def _records(lines: Iterable[Line]) -> Iterator[Line]:
    """CSV: what stands between quotation marks may go over several lines."""
    begun: list[Line] = []
    size = 0
    for line in lines:
        open_ = bool(begun)
        if line.problem:
            yield from _broken(begun)
            begun, size = [], 0
            yield line
            continue
        closes = line.raw.count(b'"') % 2 == 1
        if not open_ and not closes:
            yield line
            continue
        begun.append(line)
        size += len(line.raw)
        if size > LONGEST:
            yield from _broken(begun)
            begun, size = [], 0
        elif open_ and closes:
            yield Line(begun[0].number, b"\n".join(each.raw for each in begun))
            begun, size = [], 0
    yield from _broken(begun)


def _broken(begun: list[Line]) -> Iterator[Line]:
    if begun:
        yield Line(begun[0].number, b"", Problem("bad_csv"))


def _columns(header: Line | None) -> list[list[str]]:
    """The paths of the header's columns."""
    if header is None or header.problem is not None:
        raise DomainError("no_header", "The first line of a CSV file names its columns.", path="file")
    try:
        names = [each.strip() for each in _cells(header.raw.decode()) or ()]
    except UnicodeDecodeError:
        raise DomainError("not_plain_text", "Save the file as UTF-8.", path="file") from None
    if len(set(names)) < len(names):
        raise DomainError(
            "column_twice", "A column of the header is named twice. Leave one out.", path="file"
        )
    unknown = [number for number, name in enumerate(names, start=1) if not _known(name)]
    if unknown:
        # By its number: what stands in it may be a row of a file without a header.
        raise DomainError(
            "unknown_column",
            f"Column {unknown[0]} of the header is none of the format's. docs/import.md lists them.",
            path="file",
        )
    return [name.split(".") for name in names]


def _known(name: str) -> bool:
    found = re.fullmatch(r"duties\.([1-9]\d{0,2})\.(\w+)", name)
    return (
        (f"duties.#.{found[2]}" in leaves() and int(found[1]) <= MOST_DUTIES)
        if found
        else (name in leaves() and "#" not in name)
    )


def _cells(text: str) -> list[str] | None:
    try:
        found = list(csv.reader([text], strict=True))
    except csv.Error:
        return None
    return found[0] if len(found) == 1 else None


def _value(path: list[str], cell: str, problems: list[Problem]) -> Any:
    """A cell as the type that its column has."""
    kind = leaves()[".".join("#" if each.isdigit() else each for each in path)].get("type")
    if kind == "array":
        return [each.strip() for each in cell.split(";") if each.strip()]
    if kind == "boolean":
        return {"true": True, "false": False}.get(cell.strip().lower(), cell)
    if kind == "integer" and re.fullmatch(r"\d{1,6}", cell.strip()):
        return int(cell)
    if kind is None:
        return cell.strip()
    return cell


def _put(row: dict[str, Any], path: list[str], value: Any) -> None:
    for name in path[:-1]:
        row = row.setdefault(name, {})
    row[path[-1]] = value


def _object(text: str) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise ValueError
        return found

    try:
        row = json.loads(text, object_pairs_hook=once)
    except (ValueError, RecursionError):
        raise UnfitError(Problem("bad_json")) from None
    if not isinstance(row, dict):
        raise UnfitError(Problem("bad_json"))
    return row
