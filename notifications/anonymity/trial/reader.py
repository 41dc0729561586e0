"""A reader who knows the tables, everybody by name, the published wordings and who is told what: all but the cases.

People are bits of whole numbers, so that who fits several notices is one `&`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from math import ceil
from typing import NamedTuple

from notifications.anonymity import Choice, Settings
from notifications.anonymity.settings import Prior
from notifications.anonymity.trial.people import World, cell_of

_GRADE_WORDS = "grade"


class Read(NamedTuple):
    """One notice as its reader holds it: the quarter, where it was placed, and its text."""

    quarter: int
    unit: str
    text: str


class Reader:
    """Works out who fits. `choices[q][addressee]` are the published wordings."""

    def __init__(self, world: World, choices: list[Mapping[str, Choice]], settings: Settings) -> None:
        self.world, self.choices, self.settings = world, choices, settings
        self._fits: dict[Read, int] = {}
        self._attributes = [self._by_attribute(quarter) for quarter in range(len(world.people))]
        self._present: dict[tuple[int, str], int] = {}
        self._told: dict[tuple[int, str], int] = {}
        self._lines = [
            (each["attribute"], f"{each['label']}: ", {word: key for key, word in each["words"].items()})
            for each in settings.layout["lines"]
        ]

    def printed(self, text: str) -> dict[str, str]:
        """What the text says: attribute -> word of the vocabulary, only what is given."""
        found = {}
        for line, (attribute, label, words) in zip(text.split("\n")[1:], self._lines, strict=False):
            word = line.removeprefix(label).rstrip(" ")
            if word in words:
                found[attribute] = words[word]
        return found

    def fits(self, read: Read) -> int:
        """Everybody whom the notice can mean, as bits: told there, and as the words say."""
        if read not in self._fits:
            bits = self.told(read.quarter, read.unit)
            held = self._attributes[read.quarter]
            for attribute, word in self.printed(read.text).items():
                if attribute in ("sex", "status", "grade"):
                    bits &= held[attribute, word]
                elif attribute == "place":
                    bits &= self.implied(read.quarter, word, with_sex=True)
            self._fits[read] = bits
        return self._fits[read]

    def told(self, quarter: int, unit: str) -> int:
        """Everybody of whom a notice would be placed there in that quarter."""
        if (quarter, unit) not in self._told:
            held = self._attributes[quarter]
            self._told[quarter, unit] = _either(
                held["unit", own]
                for own in self.world.parents
                if (first := self.first_told(own)) and self.choices[quarter][first].unit == unit
            )
        return self._told[quarter, unit]

    def first_told(self, unit: str) -> str | None:
        """The addressee that a report from this unit goes to first."""
        at: str | None = unit
        while at is not None and at not in self.world.addressees:
            at = self.world.parents[at]
        return at

    def implied(self, quarter: int, place: str, *, with_sex: bool) -> int:
        """Whom a printed place leaves, by the correlations."""
        held = self._attributes[quarter]
        bits = self.everybody
        for each in self.world.correlations[quarter]:
            if each.place == place:
                if "unit" in each.implies:
                    bits &= held["unit", each.implies["unit"]]
                if with_sex and "sex" in each.implies:
                    bits &= held["sex", each.implies["sex"]]
        return bits

    @cached_property
    def everybody(self) -> int:
        return (1 << (1 + max(each.number for people in self.world.people for each in people))) - 1

    def present(self, quarter: int, period: str) -> int:
        """Those who were there in the sense of DN-22: the policy's share of each group, and no more."""
        key = (quarter, period)
        if key not in self._present:
            seen: dict[tuple, int] = defaultdict(int)
            bits = 0
            for each in self.world.people[quarter]:
                cell = cell_of(each, self.settings)
                share = self.world.present.get(each.unit, self.settings.present)
                share *= self.settings.present_by_period[period]
                if ceil((seen[cell] + 1) * share) > ceil(seen[cell] * share):
                    bits |= 1 << each.number
                seen[cell] += 1
            self._present[key] = bits
        return self._present[key]

    def held(self, quarter: int, attribute: str, word: object) -> int:
        return self._attributes[quarter][attribute, word]

    def likely(self, quarter: int, pool: int, prior: Prior) -> list[tuple[int, float]]:
        """For each kind the people of it, and how likely this reader holds one of them, going by the pool's books."""
        kinds = self.kinds(quarter)
        counts = {kind: (pool & bits).bit_count() for kind, bits in kinds.items()}
        weighed = []
        for (sex, junior), bits in kinds.items():
            number = counts[sex, junior]
            if not number:
                continue
            weight = Fraction(1)
            if prior.women is not None and prior.junior is not None:
                share = prior.women if sex == "female" else 1 - prior.women
                of_grade = {True: prior.junior, False: 1 - prior.junior}
                there = sum(of_grade[each] for each in of_grade if counts[sex, each])
                weight = share * of_grade[junior] / there / number
            weighed.append((bits, float(weight)))
        return weighed

    def kinds(self, quarter: int) -> dict[tuple[str, bool], int]:
        held = self._attributes[quarter]
        return {
            (sex, junior): held["sex", sex] & held["junior", junior]
            for sex in self.settings.sexes
            for junior in (True, False)
        }

    def _by_attribute(self, quarter: int) -> defaultdict[tuple[str, object], int]:
        bits: defaultdict[tuple[str, object], int] = defaultdict(int)
        settings = self.settings
        for each in self.world.people[quarter]:
            own, band = 1 << each.number, settings.band_of[each.grade]
            words = {band, settings.class_of[band], "no_grade" if band == "no_grade" else "member"}
            for key in (
                ("unit", each.unit),
                ("sex", each.sex),
                ("status", each.status),
                ("junior", each.grade in settings.junior),
                *((_GRADE_WORDS, word) for word in words),
            ):
                bits[key] |= own
        return bits


def _either(sets: Iterable[int]) -> int:
    bits = 0
    for each in sets:
        bits |= each
    return bits


def effective(bits: int, weighed: list[tuple[int, float]]) -> float:
    """min(exp(entropy), 1/max p) of these people, which is 1/max p."""
    total = likeliest = 0.0
    for kind, weight in weighed:
        number = (bits & kind).bit_count()
        if number:
            total += number * weight
            likeliest = max(likeliest, weight)
    return total / likeliest if likeliest else 0.0
