"""The figures the world is made after: published shares and totals, and what is assumed where nothing is published."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings

FILES = Path(settings.BASE_DIR) / "fixtures" / "world"


def source(*of: object) -> Random:
    """Chance that is the same whenever the same is asked: a story's, no secret's."""
    return Random("/".join(map(str, of)))  # noqa: S311  # nosec B311


class Figures:
    """`fixtures/world/proportions.json`. A figure that is asked for and not there is a KeyError."""

    def __init__(self) -> None:
        data = json.loads((FILES / "proportions.json").read_text(encoding="utf-8"))
        self.shares: dict[str, float] = {row["id"]: row["share"] for row in data["shares"]}
        self.assumed: dict[str, Any] = {row["id"]: row["value"] for row in data["assumed"]}
        self.totals: dict[int, int] = {row["fy"]: row["total"] for row in data["years"]}
        self.doors: dict[str, float] = data["doors"]

    def weight(self, fy: int) -> int:
        """How many reports that year had; years that are not published yet, or never were, as the nearest that was."""
        return self.totals[min(max(fy, min(self.totals)), max(self.totals))]


def spread(reports: int, first: datetime, last: datetime, figures: Figures, rng: Random) -> list[datetime]:
    """The instants of so many first contacts between two instants, in order.

    Each fiscal year gets its part by the published totals, exactly (largest remainders); inside a year they are even.
    """
    years = list(_years(first, last))
    weights = [figures.weight(fy) * (end - begin).total_seconds() for fy, begin, end in years]
    wanted = [reports * weight / sum(weights) for weight in weights]
    parts = [int(each) for each in wanted]
    by_remainder = sorted(range(len(years)), key=lambda i: (parts[i] - wanted[i], i))
    for index in by_remainder[: reports - sum(parts)]:
        parts[index] += 1
    found = []
    for (_, begin, end), count in zip(years, parts, strict=True):
        found += [begin + (end - begin) * rng.random() for _ in range(count)]
    return sorted(at.replace(second=0, microsecond=0) + timedelta(minutes=1) for at in found)


def _years(first: datetime, last: datetime) -> Iterator[tuple[int, datetime, datetime]]:
    """(fiscal year, from, to) of every fiscal year that the time touches, by the calendar of its zone."""
    begin = first
    while begin < last:
        fy = begin.year + (begin.month >= 10)
        end = min(last, datetime(fy, 10, 1, tzinfo=begin.tzinfo))
        yield fy, begin, end
        begin = end
