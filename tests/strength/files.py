"""Strength files for tests, line by line."""

from notifications.strength.text import COLUMNS

HEADER = ",".join(COLUMNS)
YEAR = "2026-01-01,2026-12-31"


def line(unit: str, sex: str, band: str, people: object, period: str = YEAR, status: str = "member") -> str:
    """A line of people, active members where nothing else is said."""
    component = "active" if status == "member" else ""
    return f"people,{unit},{period},{sex},{band},{component},{status},{people},"


def of_place(unit: str, people: int, period: str = YEAR) -> list[str]:
    """Four groups of members of the same size, and that nobody else is there."""
    return [
        *members_of(unit, people, period),
        *(line(unit, "female", "none", 0, period, status) for status in ("dependent", "civilian")),
    ]


def members_of(unit: str, people: int, period: str = YEAR) -> list[str]:
    """Four groups of members of the same size; nothing is said of anybody else."""
    return [
        line(unit, sex, band, people, period) for sex in ("female", "male") for band in ("E1-E4", "E5-E9")
    ]


def file(*lines: str) -> str:
    """A whole file with its header."""
    return "\n".join((HEADER, *lines)) + "\n"
