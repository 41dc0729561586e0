"""Where the profile's own layer decided: which dated rule would have answered otherwise."""

from collections.abc import Mapping
from typing import Any

from .decision import Override
from .eligibility_rows import OPTIONS, Line, Period
from .evaluation import find_outcome
from .outcome import Outcome, Question, Side

Overrides = list[tuple[Override, Line]]


def find_overrides(period: Period, stated: Mapping[str, Any], found: Outcome) -> Overrides:
    """The options that the layers below answer otherwise, each with the row that does.

    Where only route or form differ, the open options are named, or both when none is open.
    """
    if period.base is None:
        return []
    own = [line for side in found.sides for line in side.lines if line.layer == period.own_layer]
    if not own:
        return []
    below = find_outcome(period.base, stated)
    sides = list(zip(OPTIONS, found.sides, below.sides, strict=True))
    options = [option for option, side, other in sides if _would_allow(side, other) != side.allowed]
    if not options and (below.route, below.form) != (found.route, found.form):
        options = [option for option, side, _ in sides if side.allowed] or list(OPTIONS)
    return [_override(option, found, below, own[0]) for option in options]


def _hopes(side: Side, other: Side) -> list[Question]:
    """The rows below that could give the option if more were recorded, and that do not stand here."""
    return [] if other.closed else [each for each in other.depends if each not in side.depends]


def _would_allow(side: Side, other: Side) -> bool:
    """Whether the layers below allow it, or could if more were recorded while it is out of the question here."""
    hopeful = other.may_open() and (bool(_hopes(side, other)) or not side.may_open())
    return other.allowed or (hopeful and not side.allowed)


def _override(option: str, found: Outcome, below: Outcome, own: Line) -> tuple[Override, Line]:
    index = OPTIONS.index(option)
    side, other = found.sides[index], below.sides[index]
    hopes = _hopes(side, other)
    hoped = [line for line, _ in hopes if line is not None]
    said = [*other.lines, *hoped] if found.barred else [*hoped, *other.lines]
    # the row that answers otherwise: one that stands here too cannot be it
    here = [*side.lines, *(line for line, _, _ in found.readings)]
    line = next(line for line in (*said, *(line for line, _, _ in below.readings)) if line not in here)
    needs = () if other.allowed else hopes[0][1] if hopes else other.assumed
    allows = _would_allow(side, other)
    return Override(option, line.id, line.rule.rule_set, allows, own.rule.rule_set, needs), line
