"""What the reader can make of one notice, with every set of earlier ones that may be about the same person."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from notifications.anonymity.trial.course import Notice
from notifications.anonymity.trial.reader import Reader, effective

_OF_A_PERSON = ("sex", "grade", "status")


class Guess(NamedTuple):
    """The smallest effective sizes that the reader comes to."""

    victim: float
    offender: float
    pair: float

    @property
    def smallest(self) -> float:
        return min(self)


class _Known(NamedTuple):
    victims: int
    offenders: int
    said: Mapping[str, str]
    periods: tuple[str, ...]


def linkable(reader: Reader, notice: Notice, year: Iterable[Notice]) -> list[Notice]:
    """Of the year's earlier notices those placed with this reader, or with readers above or below."""
    parents = reader.world.parents
    line = {notice.read.unit} | _above(parents, notice.read.unit)
    return [
        each for each in year if each.read.unit in line or notice.read.unit in _above(parents, each.read.unit)
    ]


class Guesser:
    """The reader at work in one world. What was worked out for a set of notices is kept: many say the same."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self._finest_first = reader.settings.ladders["period"]
        self._known: dict[tuple, Guess] = {}

    def guess(self, notice: Notice, earlier: list[Notice]) -> Guess:
        """The worst over all sets of these notices that contain this one and may be about one person."""
        found = [self._of(notice, known) for known in _sets(self.reader, notice, earlier)]
        return Guess(*(min(sizes) for sizes in zip(*found, strict=True)))

    def _of(self, notice: Notice, known: "_Known") -> Guess:
        now, unit = notice.read.quarter, notice.read.unit
        period = min(known.periods, key=self._finest_first.index)
        key = (now, unit, known.victims, known.offenders, period, "offence" in known.said)
        if key not in self._known:
            self._known[key] = self._work_out(now, unit, known, period)
        return self._known[key]

    def _work_out(self, now: int, unit: str, known: "_Known", period: str) -> Guess:
        reader, settings = self.reader, self.reader.settings
        pool, there = reader.told(now, unit), reader.present(now, period)
        victims, offenders = known.victims & there, known.offenders & there
        of_victims = [
            reader.likely(now, pool, prior)
            for prior in settings.victim_priors
            if prior.when_stated is None or prior.when_stated in known.said
        ]
        of_offenders = [reader.likely(now, pool, prior) for prior in settings.offender_priors]
        pairs = [
            _same_unit(reader, now, victims, offenders, of_victim, of_offender)
            for of_victim in of_victims
            for of_offender in of_offenders
        ]
        return Guess(
            min(effective(victims, weighed) for weighed in of_victims),
            min(
                *(effective(offenders, weighed) for weighed in of_offenders),
                *(offender for offender, _ in pairs),
            ),
            min(pair for _, pair in pairs),
        )


def _sets(reader: Reader, notice: Notice, earlier: list[Notice]) -> list[_Known]:
    sets = [_known(reader, notice)]
    for each in earlier:
        other = _known(reader, each)
        for one in list(sets):
            if not _exclude(reader, one.said, other.said):
                victims = one.victims & other.victims
                if victims:
                    sets.append(
                        _Known(
                            victims,
                            one.offenders & other.offenders,
                            {**other.said, **one.said},
                            one.periods + other.periods,
                        )
                    )
    return sets


def _known(reader: Reader, notice: Notice) -> _Known:
    said = reader.printed(notice.read.text)
    offenders = reader.told(notice.read.quarter, notice.read.unit)
    if "place" in said:
        offenders &= reader.implied(notice.read.quarter, said["place"], with_sex=False)
    return _Known(reader.fits(notice.read), offenders, said, (notice.rung.period,))


def _exclude(reader: Reader, one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether the words tell two people apart: another sex or status, or a grade that is not within the other's."""
    for attribute in _OF_A_PERSON:
        words = one.get(attribute), other.get(attribute)
        if None in words or words[0] == words[1]:
            continue
        if attribute != "grade" or not _bands(reader, one["grade"]) & _bands(reader, other["grade"]):
            return True
    return False


def _bands(reader: Reader, word: str) -> set[str]:
    class_of = reader.settings.class_of
    return {
        band
        for band, of_class in class_of.items()
        if word in (band, of_class) or (word == "member" and band != "no_grade")
    }


def _above(parents: Mapping[str, str | None], unit: str) -> set[str]:
    found = set()
    at = parents[unit]
    while at is not None:
        found.add(at)
        at = parents[at]
    return found


def _same_unit(
    reader: Reader,
    quarter: int,
    victims: int,
    offenders: int,
    of_victim: list[tuple[int, float]],
    of_offender: list[tuple[int, float]],
) -> tuple[float, float]:
    """Effective sizes of offender and pair in the eyes of a reader who is sure that both are of one unit."""
    total = sum((victims & kind).bit_count() * weight for kind, weight in of_victim)
    alone = pair = 0.0
    for unit in reader.world.parents:
        here = reader.held(quarter, "unit", unit)
        if not victims & here:
            continue
        mass = sum((victims & here & kind).bit_count() * weight for kind, weight in of_victim)
        likeliest = max(weight for kind, weight in of_victim if victims & here & kind)
        there = [((offenders & here & kind).bit_count(), weight) for kind, weight in of_offender]
        of_unit = sum(number * weight for number, weight in there)
        one = max(weight for number, weight in there if number) / of_unit if of_unit else 1.0
        alone = max(alone, mass / total * one)
        pair = max(pair, likeliest / total * one)
    return (1 / alone if alone else 0.0), (1 / pair if pair else 0.0)
