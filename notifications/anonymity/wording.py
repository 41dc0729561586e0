"""The words of a Restricted notice: one layout of one size, from the controlled vocabulary only (DN-26)."""

from collections.abc import Mapping
from typing import Any

from notifications.anonymity.cells import NO_GRADE
from notifications.anonymity.rungs import BLANK, Rung
from notifications.anonymity.settings import Settings, UnknownWord

FACTS = ("sex", "grade", "status", "period", "place", "offence")
_PERIODS = ("week", "month", "quarter", "earlier")
_PLACES = ("on_installation", "off_installation")
_RECENT = {"week": "recent", "month": "recent", "quarter": "not_recent", "earlier": "not_recent"}


def words(rung: Rung, facts: Mapping[str, Any], settings: Settings) -> str:
    """The exact text. The same bytes for every two people of one printed class; the same number of bytes for all.

    UnknownWord for a fact outside the vocabulary, even where the rung does not say it.
    """
    layout, printed = settings.layout, said_of(rung, facts, settings)
    lines = [layout["first"]]
    for line in layout["lines"]:
        word = printed[line["attribute"]]
        if word == BLANK:
            lines.append(f"{line['label']}: {layout['not_given']}")
        elif word in line["words"]:
            lines.append(f"{line['label']}: {line['words'][word]}")
        else:
            raise UnknownWord(f"A notice has no word for this {line['attribute']}.")
    lines.append(layout["last"])
    return "".join(f"{line:<{layout['width']}}\n" for line in lines)


def printed_class(rung: Rung, facts: Mapping[str, Any], settings: Settings) -> tuple[str, str, str, str]:
    """Sex, grade, status and place as this rung says them of the person; place is empty where none is said."""
    printed = said_of(rung, facts, settings)
    place = printed["place"]
    return (printed["sex"], printed["grade"], printed["status"], "" if place == BLANK else place)


def said_of(rung: Rung, facts: Mapping[str, Any], settings: Settings) -> dict[str, str]:
    """For each attribute the word that the rung lets be said; `blank` for what is not said or not known."""
    _check(facts, settings)
    band = settings.band_of.get(facts.get("grade") or "")
    period, place = facts.get("period"), facts.get("place")
    finest = {
        "organisation": rung.organisation,
        "sex": facts.get("sex"),
        "grade": band and _grade(rung.grade, band, settings),
        "status": facts.get("status"),
        "period": period and _period(rung.period, period),
        "place": place and ("installation" if rung.place == "installation" else place),
        "offence": facts.get("offence"),
    }
    return {name: BLANK if getattr(rung, name) == BLANK else word or BLANK for name, word in finest.items()}


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
