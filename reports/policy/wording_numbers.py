"""Checks of the rows by which a Restricted notice says more or less (DN-03, DN-20 to DN-27): a fault names its row."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from .rows import Rule

BLANK = "blank"
ATTRIBUTES = ("organisation", "sex", "grade", "period", "place", "offence", "status")


def _percent(rule: Rule, value: Any) -> None:
    if type(value) is not int or not 0 <= value <= 100:
        raise rule.error(f"{value!r} is no whole percentage")


def _thresholds(rule: Rule, raw: Mapping[str, Any]) -> None:
    least = [raw["confirm_at_least"], raw["send_at_least"]]
    if any(type(value) is not int for value in least) or not 0 < least[0] <= least[1]:
        raise rule.error("the thresholds are whole numbers of people, confirming from fewer than sending")


def _ladders(rule: Rule, raw: Mapping[str, Any]) -> None:
    if tuple(raw["attributes"]) != ATTRIBUTES:
        raise rule.error(f"the ladders are those of {', '.join(ATTRIBUTES)}")
    for name, ladder in raw["attributes"].items():
        if ladder[-1] != {"level": BLANK, "worth": 0}:
            raise rule.error(f"the ladder of {name} ends with a blank that is worth nothing")
        if any(finer["worth"] <= coarser["worth"] for finer, coarser in pairwise(ladder)):
            raise rule.error(f"in the ladder of {name} a finer level must be worth more")
    bands = [band for held in raw["classes"].values() for band in held]
    if sorted(bands) != sorted(raw["grades"]):
        raise rule.error("every grade band belongs to one class")
    grades = [grade for held in raw["grades"].values() for grade in held]
    if len(grades) != len(set(grades)):
        raise rule.error("a grade stands in two bands")


def _priors(rule: Rule, raw: Mapping[str, Any]) -> None:
    for person in ("victim", "offender"):
        if {"name": "uniform"} not in raw[person]:
            raise rule.error(f"a reader who thinks everybody as likely is missing for the {person}")
        for prior in raw[person]:
            for name in ("women_percent", "junior_percent"):
                # A reader for whom somebody is impossible would make classes of nobody.
                if name in prior and not (type(prior[name]) is int and 1 <= prior[name] <= 99):
                    raise rule.error(f"{prior[name]!r} is no whole percentage from 1 to 99")


def _presence(rule: Rule, raw: Mapping[str, Any]) -> None:
    for value in (raw["present_percent"], *raw["by_period_percent"].values()):
        _percent(rule, value)


def _history(rule: Rule, raw: Mapping[str, Any]) -> None:
    _percent(rule, raw["replaced_percent"])
    if type(raw["quarters"]) is not int or raw["quarters"] < 1:
        raise rule.error("the quarters looked back are a whole number from one")


def _share(rule: Rule, raw: Mapping[str, Any]) -> None:
    _percent(rule, raw["percent"])


def _layout(rule: Rule, raw: Mapping[str, Any]) -> None:
    if tuple(line["attribute"] for line in raw["lines"]) != (
        "organisation",
        "sex",
        "grade",
        "status",
        "period",
        "place",
        "offence",
    ):
        raise rule.error("the layout has one line for each attribute")
    said = [raw["first"], raw["last"]]
    for line in raw["lines"]:
        said += [f"{line['label']}: {word}" for word in (raw["not_given"], *line["words"].values())]
    for each in said:
        if not each.isascii() or any(sign.isdigit() for sign in each) or len(each) > raw["width"]:
            raise rule.error(
                f"{each!r} is no plain line of at most {raw['width']} characters without figures"
            )


def _finer(rule: Rule, raw: Mapping[str, Any]) -> None:
    if type(raw["hours"]) is not int or not 1 <= raw["hours"] <= 48:
        raise rule.error(
            "finer words count for a whole number of hours, at most the 48 of the longest notice"
        )
    if not raw["reasons"]:
        raise rule.error("there is no reason for finer words")
    if set(raw["may_fall_below"]) != {"consent", "exception"}:
        raise rule.error("what may fall below is said for consent and for exception")
    # Nobody's consent reaches further than themself.
    if set(raw["may_fall_below"]["consent"]) - {"victim"}:
        raise rule.error("by the victim's consent the victim alone may fall below")
    if set(raw["may_fall_below"]["exception"]) - {"victim", "offender", "pair"}:
        raise rule.error("what may fall below is victim, offender or pair")
    if set(raw["exception"]["covered_by"]) != set(ATTRIBUTES) - {"organisation"}:
        raise rule.error("an exception covers each attribute by one kind of information")


CHECKS: Mapping[str, Callable[[Rule, Any], None]] = {
    "thresholds": _thresholds,
    "ladders": _ladders,
    "priors": _priors,
    "presence": _presence,
    "history": _history,
    "hysteresis": _share,
    "coarsening": _share,
    "layout": _layout,
    "finer": _finer,
}
