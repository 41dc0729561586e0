"""A strength file is read whole, and every line that cannot be used is named: its number, a stable code, a sentence."""

from uuid import UUID

import pytest

from notifications.strength.text import MOST_BYTES, MOST_LINES, as_text, read
from sapr.errors import DomainError
from tests.strength.files import HEADER, YEAR, file, line

CAMP, UNIT, TWIN, OTHER = (UUID(int=number) for number in range(1, 5))
PLACES = {"Camp": [CAMP], "1st Company": [UNIT], "Twins": [TWIN, OTHER]}
GOOD = line("Camp", "female", "E1-E4", 40)
FAULTS = {
    "unknown_unit": line("Nowhere", "male", "E1-E4", 4),
    "two_places": line("Twins", "male", "E1-E4", 4),
    "unknown_word": line("Camp", "women", "E1-E4", 4),
    "duplicate": GOOD,
    "overlap": line("Camp", "male", "E1-E4", 4, "2026-06-01,2027-05-31"),
    "out_of_range": line("Camp", "male", "E1-E4", -4),
    "not_a_number": line("Camp", "male", "E1-E4", "4.5"),
    "formula": line("=1+1", "male", "E1-E4", 4),
    "bad_cell": line("Camp\x07", "male", "E1-E4", 4),
    "bad_date": line("Camp", "male", "E1-E4", 4, "1.1.2026,2026-12-31"),
    "bad_period": line("Camp", "male", "E1-E4", 4, "2026-12-31,2026-01-01"),
    "wrong_cells": "people,Camp",
    "not_empty": f"present,Camp,{YEAR},female,,,,70,",
    "one_thing": f"gives_away,Camp,{YEAR},female,,,,,on_installation",
}


def codes(text: str) -> list[tuple[int, str]]:
    found, faults = read(text, PLACES)
    assert (found is None) == bool(faults)
    return [(fault.line, fault.code) for fault in faults]


def test_what_a_good_file_says():
    away = f"gives_away,1st Company,{YEAR},,,,,,off_installation"
    found, faults = read(file(GOOD, f"present,Camp,{YEAR},,,,,70,", "", away), PLACES)
    assert faults == []
    assert (found.people[0].place, found.people[0].people) == (CAMP, 40)
    assert found.present[0].percent == 70
    assert (found.correlated[0].unit, found.correlated[0].sex) == (UNIT, "")
    assert (found.count, [day.isoformat() for day in found.period]) == (3, ["2026-01-01", "2026-12-31"])


def test_every_fault_has_its_code_and_its_line():
    for code, bad in FAULTS.items():
        assert codes(file(GOOD, bad)) == [(3, code)], code


def test_all_faults_of_a_file_are_named_at_once():
    assert codes(file(FAULTS["unknown_unit"], GOOD, FAULTS["out_of_range"])) == [
        (2, "unknown_unit"),
        (4, "out_of_range"),
    ]


def test_numbers_are_whole_and_possible():
    for bad in (10**9, "9" * 400, "1_0", "٣", "1e3", "0x10", "", "--5"):
        [(at, code)] = codes(file(GOOD, line("Camp", "male", "E1-E4", bad)))
        assert (at, code) in {(3, "out_of_range"), (3, "not_a_number"), (3, "formula")}, bad
    assert codes(file(GOOD, line("Camp", "male", "E1-E4", "0"))) == []


def test_a_cell_that_a_spreadsheet_would_run_is_refused():
    for start in "=+-@":
        assert codes(file(GOOD, line(f"{start}cmd", "male", "E1-E4", 4))) == [(3, "formula")]


def test_another_header_nothing_and_no_csv():
    assert codes("unit,people\nCamp,4\n") == [(1, "wrong_header")]
    assert codes("") == [(1, "wrong_header")]
    assert codes(file()) == [(1, "no_people")]
    assert codes(f'{HEADER}\npeople,"Camp') == [(2, "not_csv")]


def test_bytes_that_are_no_utf8_and_too_many():
    with pytest.raises(DomainError) as refusal:
        as_text(b"\xff\xfe")
    assert refusal.value.code == "not_plain_text"
    assert as_text("\ufeffline".encode()) == "line"
    for text in ("x" * (MOST_BYTES + 1), "\n" * (MOST_LINES + 1)):
        with pytest.raises(DomainError) as refusal:
            read(text, PLACES)
        assert (refusal.value.code, refusal.value.status) == ("too_large", 413)
