"""One line of a strength file: its cells become what it says, or why it cannot be used; pure, no database."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

from notifications.strength.models import MOST_PEOPLE, Component, GradeBand, PlaceWord, Sex, Status

LONGEST_CELL = 120
FORMULA = ("=", "+", "-", "@", "\t", "\r")
FIRST_DAY, LAST_DAY = date(2005, 1, 1), date(9000, 12, 31)
GROUP = {"sex": Sex, "grade_band": GradeBand, "component": Component, "status": Status}


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


class BadLineError(Exception):
    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code, self.sentence = code, sentence


def line_of(cells: dict[str, str], places: Mapping[str, list[UUID]]) -> People | Present | Correlated:
    """What the cells, by column, say; BadLineError names the first fault."""
    for cell in cells.values():
        if cell.startswith(FORMULA) and not cell.lstrip("-").isdigit():
            raise BadLineError("formula", "A cell begins like a formula. Write the plain word or number.")
        if (len(cell) > LONGEST_CELL and not cell.isdigit()) or not cell.isprintable():
            raise BadLineError("bad_cell", "A cell is too long or holds a character that cannot be printed.")
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
            raise BadLineError(
                "one_thing", "A word of place gives away a unit or a sex: fill in one of the two cells."
            )
        sexes = [Sex.FEMALE.value, Sex.MALE.value]
        if cells["sex"] and cells["sex"] not in sexes:
            raise _unknown("sex", sexes)
        unit = _place(cells, places) if cells["unit"] else None
        return Correlated(word, *_period(cells), unit=unit, sex=cells["sex"])
    raise _unknown("line", ["people", "present", "gives_away"])


def _empty(cells: dict[str, str], *names: str) -> None:
    filled = [name for name in names if cells[name]]
    if filled:
        raise BadLineError("not_empty", f"In a line of this kind these stay empty: {', '.join(filled)}.")


def _place(cells: dict[str, str], places: Mapping[str, list[UUID]]) -> UUID:
    found = places.get(cells["unit"], [])
    if len(found) == 1:
        return found[0]
    if found:
        raise BadLineError("two_places", "Two places have this name. Rename one of them under Staff.")
    raise BadLineError(
        "unknown_unit", "No place of this name lies here. Add it under Staff first, or correct the name."
    )


def _word(cells: dict[str, str], name: str, words) -> str:
    if name == "component" and not cells[name]:
        return Component.ANY.value
    known = [word for word in words.values if word != "any"]
    if cells[name] not in known:
        raise _unknown(name, known)
    return cells[name]


def _unknown(name: str, words: Iterable[str]) -> BadLineError:
    return BadLineError("unknown_word", f"{name} must be one of: {', '.join(words)}.")


def _number(cells: dict[str, str], most: int) -> int:
    value = cells["number"]
    # Only the ten digits: int() would take those of other scripts, blanks and underscores too.
    if not (value.lstrip("-").isascii() and value.removeprefix("-").isdigit()):
        raise BadLineError("not_a_number", "number must be a whole number.")
    if value.startswith("-") or len(value) > len(str(most)) or int(value) > most:
        raise BadLineError("out_of_range", f"number must lie between 0 and {most:,}.")
    return int(value)


def _period(cells: dict[str, str]) -> tuple[date, date]:
    try:
        first, last = (date.fromisoformat(cells[name]) for name in ("valid_from", "valid_to"))
    except ValueError:
        raise BadLineError("bad_date", "Write both dates like 2026-01-31.") from None
    if not FIRST_DAY <= first <= last <= LAST_DAY:
        raise BadLineError(
            "bad_period", "valid_to must not lie before valid_from, both between 2005 and 9000."
        )
    return first, last
