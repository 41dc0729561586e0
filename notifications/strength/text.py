"""A strength file, read whole: every line that cannot be used is named with its number and why; pure, no database.

The file is CSV with the header of `COLUMNS`. The first cell of a line says what the line tells:

- `people`: how many people of a group are on the books of a place itself, not of the units below it;
- `present`: the least percentage of a place's people who are there;
- `gives_away`: that a printed word of place (the last cell) gives away a unit, or a sex.

`unit` names the place itself or a unit, installation or command below it.
"""

import csv
from collections.abc import Mapping
from datetime import date
from io import StringIO
from typing import NamedTuple
from uuid import UUID

from notifications.strength.cells import BadLineError, Correlated, People, Present, line_of
from sapr.errors import DomainError

COLUMNS = (
    "line", "unit", "valid_from", "valid_to", "sex", "grade_band", "component", "status", "number", "word",
)  # fmt: skip
MOST_BYTES, MOST_LINES = 200_000, 4_000


class Fault(NamedTuple):
    """What is wrong in a line: its number as an editor shows it, a stable code, and a sentence."""

    line: int
    code: str
    sentence: str


class StrengthFile(NamedTuple):
    """What a file without a fault says."""

    people: list[People]
    present: list[Present]
    correlated: list[Correlated]

    @property
    def count(self) -> int:
        return len(self.people) + len(self.present) + len(self.correlated)

    @property
    def period(self) -> tuple[date, date]:
        """The first and the last day that any line is about."""
        lines = [*self.people, *self.present, *self.correlated]
        return min(each.valid_from for each in lines), max(each.valid_to for each in lines)


def as_text(content: bytes) -> str:
    """The text of a file's bytes; DomainError `not_plain_text` when they are not UTF-8. A byte order mark goes."""
    if len(content) > MOST_BYTES:
        raise _too_large()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DomainError(
            "not_plain_text", "The file is not UTF-8. Save it as CSV UTF-8.", path="text"
        ) from None


def _too_large() -> DomainError:
    return DomainError(
        "too_large",
        f"A strength file has at most {MOST_BYTES:,} bytes and {MOST_LINES:,} lines. Import one place after the other.",
        status=413,
        path="text",
    )


def read(text: str, places: Mapping[str, list[UUID]]) -> tuple[StrengthFile | None, list[Fault]]:
    """What the file says, and no fault; or None and every fault in the order of its lines.

    `places`: the ids of the place and all below it, by name. Too large a file is a DomainError.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES or text.count("\n") > MOST_LINES:
        raise _too_large()
    faults: list[Fault] = []
    found = StrengthFile([], [], [])
    told: dict[tuple, list[tuple[date, date, int]]] = {}
    lines = _lines(text, faults)
    if faults:
        return None, faults
    for number, cells in lines:
        try:
            line = line_of(cells, places)
            _alone(line, number, told)
        except BadLineError as bad:
            faults.append(Fault(number, bad.code, bad.sentence))
            continue
        {People: found.people, Present: found.present, Correlated: found.correlated}[type(line)].append(line)  # type: ignore[arg-type]
    if not faults and not found.people:
        faults.append(Fault(1, "no_people", "The file has no line that says people."))
    return (None, faults) if faults else (found, [])


def _lines(text: str, faults: list[Fault]) -> list[tuple[int, dict[str, str]]]:
    """The lines below the header as cells by column, with their numbers; empty lines are left out."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error:
        sentence = "This cannot be read as CSV. Look for a quotation mark that is never closed."
        faults.append(Fault(reader.line_num, "not_csv", sentence))
        return []
    if not rows or tuple(cell.strip() for cell in rows[0][1]) != COLUMNS:
        number = rows[0][0] if rows else 1
        faults.append(Fault(number, "wrong_header", f"The first line must be: {','.join(COLUMNS)}"))
        return []
    found = []
    for number, row in rows[1:]:
        if len(row) != len(COLUMNS):
            faults.append(
                Fault(number, "wrong_cells", f"This line has {len(row)} cells; {len(COLUMNS)} are needed.")
            )
            continue
        found.append((number, dict(zip(COLUMNS, row, strict=True))))
    return found


def _alone(line: People | Present | Correlated, number: int, told: dict) -> None:
    """Refuse what an earlier line says already: the same in one period, or periods of one place that overlap."""
    dates = (line.valid_from, line.valid_to)
    if isinstance(line, People):
        groups: tuple = ("group", line.place, *line[3:7], *dates)
        period: tuple = ("people", line.place)
    elif isinstance(line, Present):
        groups, period = ("share", line.place, *dates), ("present", line.place)
    else:
        groups, period = (
            ("word", line.word, line.unit, line.sex, *dates),
            ("word", line.word, line.unit, line.sex),
        )
    if groups in told:
        raise BadLineError("duplicate", f"Line {told[groups][0][2]} says this already.")
    for first, last, earlier in told.get(period, []):
        if dates != (first, last) and dates[0] <= last and first <= dates[1]:
            raise BadLineError(
                "overlap", f"The period overlaps that of line {earlier}: a day of a place has one table."
            )
    told[groups] = [(*dates, number)]
    told.setdefault(period, []).append((*dates, number))
