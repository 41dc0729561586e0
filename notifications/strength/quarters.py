"""Quarters of a year, by their first day."""

from datetime import date


def first_of_quarter(day: date) -> date:
    """The first day of the quarter that the day lies in."""
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def quarters_before(quarter: date, count: int) -> date:
    """The first day of the quarter so many quarters earlier."""
    months = quarter.year * 12 + quarter.month - 1 - 3 * count
    return date(months // 12, months % 12 + 1, 1)


def quarters_between(earlier: date, later: date) -> int:
    """How many quarters lie between two first days."""
    return ((later.year - earlier.year) * 12 + later.month - earlier.month) // 3
