"""Small invented units, in whole numbers that a reader of a test can check."""

from datetime import date
from fractions import Fraction

from notifications.anonymity import Group, Population, Released, Settings

SETTINGS = Settings.of(date(2026, 1, 5))
EVERYBODY = {"unit": Fraction(1)}


def groups(unit, *rows):
    """Rows of (sex, grade, people) as members of that unit."""
    return tuple(Group(unit, sex, grade, "active", "member", people) for sex, grade, people in rows)


def none_else(unit):
    """Rows that say that of the other statuses nobody is there."""
    return tuple(Group(unit, "female", "none", "any", status, 0) for status in ("dependent", "civilian"))


def one_unit(*rows, present=None):
    """A unit that stands alone, with its commander."""
    return Population(
        groups("unit", *rows) + none_else("unit"), {"unit": None}, frozenset({"unit"}), present or {}
    )


def company(people, women=None):
    """So many people, women among them (17.5 % where not said), two thirds junior."""
    women = round(people * 0.175) if women is None else women
    men = people - women
    return (
        ("female", "E3", women - women // 3),
        ("female", "E6", women // 3),
        ("male", "E3", men - men // 3),
        ("male", "E6", men // 3),
    )


def earlier(population, choice, quarters_ago=1):
    return Released("unit", choice.unit, choice.rung, quarters_ago, population)
