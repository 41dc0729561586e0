"""The numbers and words in force on a day, from the policy rows DN-03 and DN-20 to DN-26."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from notifications.anonymity.reporters import reporting
from notifications.anonymity.rungs import ATTRIBUTES, Ladders, Rung
from reports import policy


class UnknownWord(ValueError):  # noqa: N818 - named after what went wrong, for whoever imports a table
    """A word of a strength table, a correlation or a case that the rules do not know."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What a reader may think likely: shares of women and of junior grades; None: everybody alike.

    `when_stated`: counts only for wordings that state this attribute.
    """

    name: str
    women: Fraction | None = None
    junior: Fraction | None = None
    when_stated: str | None = None

    def counts_for(self, rung: Rung) -> bool:
        return self.when_stated is None or getattr(rung, self.when_stated) != "blank"


@dataclass(frozen=True, eq=False)
class Settings:
    """Everything `choose` and `words` go by beside their arguments. `reporting`: statuses that may report."""

    send_at_least: int
    confirm_at_least: int
    ladders: Ladders
    worth: Mapping[str, Mapping[str, int]]
    band_of: Mapping[str, str]
    class_of: Mapping[str, str]
    junior: frozenset[str]
    sexes: tuple[str, ...]
    statuses: tuple[str, ...]
    reporting: tuple[str, ...]
    victim_priors: tuple[Prior, ...]
    offender_priors: tuple[Prior, ...]
    present: Fraction
    present_by_period: Mapping[str, Fraction]
    quarters: int
    replaced: Fraction
    room: Fraction
    coarsened: Fraction
    periods: tuple[tuple[str, int], ...]
    layout: Mapping[str, Any]

    @classmethod
    def of(cls, on: date) -> "Settings":
        """The settings of that local day; policy's FactsError before there were any. Not to be changed."""
        return _of(policy.default_policy(), on)

    def period_of(self, incident_on: date | None, on: date) -> str | None:
        """The word for how long before `on` (the signature's local day) it happened; None when not known."""
        if incident_on is None:
            return None
        if incident_on > on:
            raise UnknownWord("The incident cannot lie after the report.")
        days = (on - incident_on).days
        return next((word for word, within in self.periods if days <= within), "earlier")

    def worth_of(self, rung: Rung) -> int:
        """What the rung is worth to a commander; a finer one is always worth more."""
        return sum(self.worth[name][getattr(rung, name)] for name in ATTRIBUTES)


# A policy's rows never change; another policy is another key.
@lru_cache(maxsize=64)
def _of(_: policy.Policy, on: date) -> Settings:
    def part(name: str) -> Mapping[str, Any]:
        return policy.wording_numbers(name, on=on)

    thresholds, ladders, priors, presence = map(part, ("thresholds", "ladders", "priors", "presence"))
    levels = ladders["attributes"]
    return Settings(
        send_at_least=thresholds["send_at_least"],
        confirm_at_least=thresholds["confirm_at_least"],
        ladders={name: tuple(each["level"] for each in ladder) for name, ladder in levels.items()},
        worth={name: {each["level"]: each["worth"] for each in ladder} for name, ladder in levels.items()},
        band_of={grade: band for band, held in ladders["grades"].items() for grade in held},
        class_of={band: name for name, held in ladders["classes"].items() for band in held},
        junior=frozenset(priors["junior_grades"]),
        sexes=tuple(ladders["people"]["sex"]),
        statuses=tuple(ladders["people"]["status"]),
        reporting=reporting(on),
        victim_priors=tuple(map(_prior, priors["victim"])),
        offender_priors=tuple(map(_prior, priors["offender"])),
        present=_share(presence["present_percent"]),
        present_by_period={name: _share(each) for name, each in presence["by_period_percent"].items()},
        quarters=part("history")["quarters"],
        replaced=_share(part("history")["replaced_percent"]),
        room=1 + _share(part("hysteresis")["percent"]),
        coarsened=_share(part("coarsening")["percent"]),
        periods=tuple((each["value"], each["within_days"]) for each in ladders["periods"]),
        layout=part("layout"),
    )


def _share(percent: int) -> Fraction:
    return Fraction(percent, 100)


def _prior(raw: Mapping[str, Any]) -> Prior:
    shares = [_share(raw[name]) if name in raw else None for name in ("women_percent", "junior_percent")]
    return Prior(raw["name"], *shares, raw.get("when_stated"))
