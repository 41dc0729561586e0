"""The words of a Restricted notice: one layout of one size, from the controlled vocabulary only (DN-26)."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any

from notifications.anonymity.cells import NO_GRADE
from notifications.anonymity.rungs import ATTRIBUTES, BLANK, Rung
from notifications.anonymity.settings import Settings, UnknownWord

FACTS = ("sex", "grade", "status", "period", "place", "offence")
_PERIODS = ("week", "month", "quarter", "earlier")
_PLACES = ("on_installation", "off_installation")
_RECENT = {"week": "recent", "month": "recent", "quarter": "not_recent", "earlier": "not_recent"}


def words(rung: Rung, facts: Mapping[str, Any], settings: Settings) -> str:
    """The exact text. The same bytes for every two people of one printed class; the same number of bytes for all.

    UnknownWord for a fact outside the vocabulary, even where the rung does not say it.
    """
    lines = _lines(facts, settings)
    above, below = _frame(settings)
    return above + "".join([line[getattr(rung, line.attribute)] for line in lines]) + below


def words_of_all(
    levels: Mapping[str, Sequence[str]], order: Iterable[int], facts: Mapping[str, Any], settings: Settings
) -> dict[str, int]:
    """Every text of `words` by the rungs that these levels make up, each once: with the first rung that gives it.

    `levels`: of each attribute, in the order of the layout's lines. `order`: places of rungs in the `product` of them.
    """
    lines = _lines(facts, settings)
    said = [*product(*[[line[level] for level in levels[line.attribute]] for line in lines])]
    first: dict[tuple[str, ...], int] = {}
    for place in order:
        first.setdefault(said[place], place)
    above, below = _frame(settings)
    return {above + "".join(each) + below: place for each, place in first.items()}


def _lines(facts: Mapping[str, Any], settings: Settings) -> "list[_Line]":
    _check(facts, settings)
    return [_Line(line, facts, settings) for line in settings.layout["lines"]]


def _frame(settings: Settings) -> tuple[str, str]:
    """The first and the last line of every notice."""
    layout = settings.layout
    return _padded(layout["first"], layout), _padded(layout["last"], layout)


class _Line(dict[str, str]):
    """One line of the layout by the level of its attribute."""

    def __init__(self, line: Mapping[str, Any], facts: Mapping[str, Any], settings: Settings) -> None:
        super().__init__()
        self.attribute = line["attribute"]
        self._line, self._facts, self._settings = line, facts, settings

    def __missing__(self, level: str) -> str:
        word, layout = _said(self.attribute, level, self._facts, self._settings), self._settings.layout
        if word != BLANK and word not in self._line["words"]:
            raise UnknownWord(f"A notice has no word for this {self.attribute}.")
        said = layout["not_given"] if word == BLANK else self._line["words"][word]
        self[level] = _padded(f"{self._line['label']}: {said}", layout)
        return self[level]


def _padded(line: str, layout: Mapping[str, Any]) -> str:
    return f"{line:<{layout['width']}}\n"


def printed_class(rung: Rung, facts: Mapping[str, Any], settings: Settings) -> tuple[str, str, str, str]:
    """Sex, grade, status and place as this rung says them of the person; place is empty where none is said."""
    printed = said_of(rung, facts, settings)
    place = printed["place"]
    return (printed["sex"], printed["grade"], printed["status"], "" if place == BLANK else place)


def said_of(rung: Rung, facts: Mapping[str, Any], settings: Settings) -> dict[str, str]:
    """For each attribute the word that the rung lets be said; `blank` for what is not said or not known."""
    _check(facts, settings)
    return {name: _said(name, getattr(rung, name), facts, settings) for name in ATTRIBUTES}


def _said(attribute: str, level: str, facts: Mapping[str, Any], settings: Settings) -> str:
    """What this level of the attribute lets be said."""
    if attribute == "organisation" or level == BLANK:
        return level
    fact = facts.get(attribute)
    if not fact:
        return BLANK
    if attribute == "grade":
        band = settings.band_of.get(fact)
        return _grade(level, band, settings) if band else BLANK
    if attribute == "period":
        return _period(level, fact)
    return "installation" if (attribute, level) == ("place", "installation") else fact


def _grade(level: str, band: str, settings: Settings) -> str:
    if level == "member":
        return NO_GRADE if band == NO_GRADE else "member"
    return settings.class_of[band] if level == "class" else band


def _period(level: str, period: str) -> str:
    if level == "recent":
        return _RECENT[period]
    # Each level tells the periods from its own on apart: “month” says month for a week too.
    return _PERIODS[max(_PERIODS.index(period), _PERIODS.index(level))] if level in _PERIODS else period


def _check(facts: Mapping[str, Any], settings: Settings) -> None:
    known = {
        "sex": settings.sexes,
        "grade": settings.band_of,
        "status": settings.statuses,
        "period": _PERIODS,
        "place": _PLACES,
        "offence": next(line["words"] for line in settings.layout["lines"] if line["attribute"] == "offence"),
    }
    for name, value in facts.items():
        if name not in known:
            raise UnknownWord("A notice says nothing of this kind.")
        if value is not None and value not in known[name]:
            raise UnknownWord(f"The {name} must be one of: {', '.join(known[name])}.")
