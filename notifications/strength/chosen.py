"""What the engine chose, as a row keeps it."""

from collections.abc import Iterable
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from typing import NamedTuple

from notifications.anonymity import Group


class Chosen(NamedTuple):
    """A choice as a row of `UnitRung` keeps it."""

    rung: str
    k: Decimal | None
    numbers: dict[str, str]
    tables: list[str]
    rules: list[str]
    smallest: int | None
    examples: list[dict[str, str | int]]
    classes: list[list[str]]
    confirm: bool


def two_places(k: Fraction) -> Decimal:
    """Downwards, so that no number of people is shown larger than it is."""
    return (Decimal(k.numerator) / Decimal(k.denominator)).quantize(Decimal("0.01"), ROUND_DOWN)


def examples_of(groups: Iterable[Group]) -> list[dict[str, str | int]]:
    """The groups of the smallest class without their places, the same ones taken together, largest first."""
    found: dict[tuple[str, str, str], int] = {}
    for group in groups:
        key = (group.sex, group.grade, group.status)
        found[key] = found.get(key, 0) + group.people
    rows = sorted(found.items(), key=lambda each: (-each[1], each[0]))
    return [{"sex": sex, "grade": grade, "status": status, "people": n} for (sex, grade, status), n in rows]
