"""Strength files for tests, line by line."""

from notifications.strength.text import COLUMNS

HEADER = ",".join(COLUMNS)
YEAR = "2026-01-01,2026-12-31"


def line(unit: str, sex: str, band: str, people: object, period: str = YEAR) -> str:
    """A line of people, active members all."""
    return f"people,{unit},{period},{sex},{band},active,member,{people},"


def of_place(unit: str, people: int, period: str = YEAR) -> list[str]:
    """Four groups of the same size."""
    return [
        line(unit, sex, band, people, period) for sex in ("female", "male") for band in ("E1-E4", "E5-E9")
    ]


def file(*lines: str) -> str:
    """A whole file with its header."""
    return "\n".join((HEADER, *lines)) + "\n"
