"""A strength file, read whole: every line that cannot be used is named with its number and why; pure, no database.

The file is CSV with the header of `COLUMNS`. The first cell of a line says what the line tells:

- `people`: how many people of a group are on the books of a place itself, not of the units below it;
- `present`: the least percentage of a place's people who are there;
- `gives_away`: that a printed word of place (the last cell) gives away a unit, or a sex.

`unit` names the place itself or a unit, installation or command below it.
"""

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from io import StringIO
from typing import NamedTuple
from uuid import UUID

from notifications.strength.models import MOST_PEOPLE, Component, GradeBand, PlaceWord, Sex, Status
from sapr.errors import DomainError

COLUMNS = (
    "line", "unit", "valid_from", "valid_to", "sex", "grade_band", "component", "status", "number", "word",
)  # fmt: skip
MOST_BYTES, MOST_LINES, LONGEST_CELL = 200_000, 4_000, 120
FORMULA = ("=", "+", "-", "@", "\t", "\r")
FIRST_DAY, LAST_DAY = date(2005, 1, 1), date(9000, 12, 31)
GROUP = {"sex": Sex, "grade_band": GradeBand, "component": Component, "status": Status}


class Fault(NamedTuple):
    """What is wrong in a line: its number as an editor shows it, a stable code, and a sentence."""

    line: int
    code: str
    sentence: str


class People(NamedTuple):
    place: UUID
    valid_from: date
    valid_to: date
    sex: str
    grade_band: str
    component: str
    status: str
    people: int


class Present(NamedTuple):
    place: UUID
    valid_from: date
    valid_to: date
    percent: int


class Correlated(NamedTuple):
    """`unit` or `sex` is what the word gives away; the other is empty."""

    word: str
    valid_from: date
    valid_to: date
    unit: UUID | None
    sex: str


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


class _BadLineError(Exception):
    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code, self.sentence = code, sentence


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
            line = _line(cells, places)
            _alone(line, number, told)
        except _BadLineError as bad:
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


def _line(cells: dict[str, str], places: Mapping[str, list[UUID]]) -> People | Present | Correlated:
    for cell in cells.values():
        if cell.startswith(FORMULA) and not cell.lstrip("-").isdigit():
            raise _BadLineError("formula", "A cell begins like a formula. Write the plain word or number.")
        if (len(cell) > LONGEST_CELL and not cell.isdigit()) or not cell.isprintable():
            raise _BadLineError("bad_cell", "A cell is too long or holds a character that cannot be printed.")
    cells = {name: cell.strip() for name, cell in cells.items()}
    if cells["line"] == "people":
        _empty(cells, "word")
        group = {name: _word(cells, name, words) for name, words in GROUP.items()}
        return People(_place(cells, places), *_period(cells), **group, people=_number(cells, MOST_PEOPLE))
    if cells["line"] == "present":
        _empty(cells, "word", *GROUP)
        return Present(_place(cells, places), *_period(cells), percent=_number(cells, 100))
    if cells["line"] == "gives_away":
        _empty(cells, "number", "grade_band", "component", "status")
        word = cells["word"]
        if word not in PlaceWord.values:
            raise _unknown("word", PlaceWord.values)
        if bool(cells["unit"]) == bool(cells["sex"]):
            raise _BadLineError(
                "one_thing", "A word of place gives away a unit or a sex: fill in one of the two cells."
            )
        sexes = [Sex.FEMALE.value, Sex.MALE.value]
        if cells["sex"] and cells["sex"] not in sexes:
            raise _unknown("sex", sexes)
        unit = _place(cells, places) if cells["unit"] else None
        return Correlated(word, *_period(cells), unit=unit, sex=cells["sex"])
    raise _unknown("line", ["people", "present", "gives_away"])


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
        raise _BadLineError("duplicate", f"Line {told[groups][0][2]} says this already.")
    for first, last, earlier in told.get(period, []):
        if dates != (first, last) and dates[0] <= last and first <= dates[1]:
            raise _BadLineError(
                "overlap", f"The period overlaps that of line {earlier}: a day of a place has one table."
            )
    told[groups] = [(*dates, number)]
    told.setdefault(period, []).append((*dates, number))


def _empty(cells: dict[str, str], *names: str) -> None:
    filled = [name for name in names if cells[name]]
    if filled:
        raise _BadLineError("not_empty", f"In a line of this kind these stay empty: {', '.join(filled)}.")


def _place(cells: dict[str, str], places: Mapping[str, list[UUID]]) -> UUID:
    found = places.get(cells["unit"], [])
    if len(found) == 1:
        return found[0]
    if found:
        raise _BadLineError("two_places", "Two places have this name. Rename one of them under Staff.")
    raise _BadLineError(
        "unknown_unit", "No place of this name lies here. Add it under Staff first, or correct the name."
    )


def _word(cells: dict[str, str], name: str, words) -> str:
    if name == "component" and not cells[name]:
        return Component.ANY.value
    known = [word for word in words.values if word != "any"]
    if cells[name] not in known:
        raise _unknown(name, known)
    return cells[name]


def _unknown(name: str, words: Iterable[str]) -> _BadLineError:
    return _BadLineError("unknown_word", f"{name} must be one of: {', '.join(words)}.")


def _number(cells: dict[str, str], most: int) -> int:
    value = cells["number"]
    # Only the ten digits: int() would take those of other scripts, blanks and underscores too.
    if not (value.lstrip("-").isascii() and value.removeprefix("-").isdigit()):
        raise _BadLineError("not_a_number", "number must be a whole number.")
    if value.startswith("-") or len(value) > len(str(most)) or int(value) > most:
        raise _BadLineError("out_of_range", f"number must lie between 0 and {most:,}.")
    return int(value)


def _period(cells: dict[str, str]) -> tuple[date, date]:
    try:
        first, last = (date.fromisoformat(cells[name]) for name in ("valid_from", "valid_to"))
    except ValueError:
        raise _BadLineError("bad_date", "Write both dates like 2026-01-31.") from None
    if not FIRST_DAY <= first <= last <= LAST_DAY:
        raise _BadLineError(
            "bad_period", "valid_to must not lie before valid_from, both between 2005 and 9000."
        )
    return first, last
