"""The trial itself: so many notices, each guessed at in every way, and what came of it as figures."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from notifications.anonymity import Settings
from notifications.anonymity.pools import pool_of
from notifications.anonymity.trial.course import (
    Course,
    Incident,
    Notice,
    settings_of_the_trial,
    swapped,
)
from notifications.anonymity.trial.exhaustive import agrees
from notifications.anonymity.trial.guessing import Guesser, linkable
from notifications.anonymity.trial.people import SMALLEST, invent
from notifications.anonymity.trial.statistics import Classifier, apart, auc, by_chance

A_WORLD = 10_000  # notices in one world before the next is invented
_AUC_WITHIN = 0.05
_SIZES = (SMALLEST, 40, 120, 600)
_SMALL = 250  # people of a pool for which every wording is tried the long way round
_A_WORLD_SEARCHES = 2
_CLOSE = 1e-9  # the reader counts in floating point


@dataclass
class Tally:
    """What was found; every list of failures holds a few examples, without names since there are none."""

    notices: int = 0
    worlds: int = 0
    minimal: int = 0
    smallest: dict[str, float] = field(default_factory=dict)
    failed: Counter[str] = field(default_factory=Counter)
    said_more: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    rungs: Counter[str] = field(default_factory=Counter)
    exhaustive: int = 0
    years: int = 0
    rows: list[tuple[tuple, bool, bool, bool]] = field(default_factory=list)

    def keep(self, name: str, size: float) -> None:
        self.smallest[name] = min(self.smallest.get(name, size), size)


def run(
    notices: int,
    seed: int,
    tell: Callable[[int], None] = lambda done: None,
    sizes: list[int] | None = None,
) -> dict[str, Any]:
    """The figures for so many notices; `ok` is false when anything failed. The same seed gives the same figures.

    `sizes`: of the units, in every command alike; by chance where not given.
    """
    settings = settings_of_the_trial()
    tally = Tally()
    while tally.notices < notices:
        dice = random.Random(f"{seed}-{tally.worlds}")  # noqa: S311  # nosec B311 - a repeatable invention
        tally.worlds += 1
        world = invent(dice, settings, sizes)
        course = Course(world, settings, dice)
        _search_all(course, tally)
        guesser = Guesser(course.reader)
        enough = min(notices, tally.worlds * A_WORLD)
        for year in course.years():
            tally.years += 1
            for place, (notice, incident) in enumerate(year):
                if tally.notices < enough:
                    earlier = [each for each, _ in year[:place]]
                    _look_at(notice, incident, earlier, course, guesser, tally)
            if tally.notices >= enough:
                break
            tell(tally.notices)
    return report(tally, settings, seed)


def _look_at(
    notice: Notice, incident: Incident, earlier: list[Notice], course: Course, guesser: Guesser, tally: Tally
) -> None:
    tally.notices += 1
    settings = course.settings
    found = guesser.guess(notice, linkable(course.reader, notice, earlier))
    if notice.rung.is_minimal:
        tally.minimal += 1
        tally.keep("minimal", found.smallest)
    else:
        least = settings.confirm_at_least if notice.confirmed else settings.send_at_least
        tally.keep("confirmed" if notice.confirmed else "released", found.smallest)
        tally.failed["k"] += found.smallest < least - _CLOSE
    _swap(notice, incident, course, tally)
    _outsider(notice, incident, course, tally)
    of_size = _of_size(len(course.of_unit(notice.victim.unit, incident.quarter)))
    tally.said_more[of_size][0] += not notice.rung.is_minimal
    tally.said_more[of_size][1] += 1
    tally.rungs[notice.rung.key] += 1
    woman, junior = notice.victim.sex == "female", notice.victim.grade in settings.junior
    delay = int(notice.delay.total_seconds() // 60)
    seen = (notice.rung.key, len(notice.read.text.encode()), notice.slot.hour, delay)
    # Whole years are learnt from or asked about: in half of them all notices are about one person.
    tally.rows.append((seen, woman, junior, tally.years % 2 == 0))


def _swap(notice: Notice, incident: Incident, course: Course, tally: Tally) -> None:
    """Had it been anybody else of the printed class, the bytes are the same; had it been anybody, the slot is."""
    other = course.another(notice)
    again = swapped(notice, incident, other, course)
    tally.failed["swap_bytes"] += again.read.text != notice.read.text
    anybody = swapped(notice, incident, course.anybody(incident.quarter), course)
    for each in (again, anybody):
        tally.failed["swap_slots"] += (each.slot, each.delay) != (notice.slot, notice.delay)
        tally.failed["size"] += len(each.read.text.encode()) != len(notice.read.text.encode())


def _outsider(notice: Notice, incident: Incident, course: Course, tally: Tally) -> None:
    """Had it been somebody whom no table counts, the words would say as much, and somebody counted could be meant."""
    again = swapped(notice, incident, course.outsider(notice), course)
    told_less = again.rung != notice.rung
    tally.failed["outsider"] += told_less or not course.reader.fits(again.read)


def _search_all(course: Course, tally: Tally) -> None:
    world, settings = course.world, course.settings
    population = world.populations[0]
    of_unit = {choice.unit: choice for choice in course.choices[0].values()}
    sized = []
    for unit, choice in sorted(of_unit.items()):
        pool = pool_of(population, unit, settings)
        people = sum(group.people for group in population.groups if group.unit in pool)
        if 0 < people <= _SMALL:
            sized.append((people, unit, pool, choice))
    # The largest of the small ones: those have something to say.
    for _, unit, pool, choice in sorted(sized, key=lambda each: each[:2])[-_A_WORLD_SEARCHES:]:
        level = population.level(unit, settings.ladders["organisation"][:-1])
        tally.exhaustive += 1
        fits = agrees(choice, population, pool, level, settings, world.correlations[0])
        tally.failed["exhaustive"] += not fits


def _of_size(people: int) -> int:
    return max((size for size in _SIZES if people >= size), default=0)


def report(tally: Tally, settings: Settings, seed: int) -> dict[str, Any]:
    """The figures of the trial, ready to be printed."""
    aucs: dict[str, float] = {}
    apart_by: dict[str, bool] = {}
    told = 0
    for name, place in (("sex", 1), ("grade", 2)):
        classifier = Classifier((_features(row[0]), bool(row[place])) for row in tally.rows if row[3])
        asked = [(classifier.score(_features(row[0])), bool(row[place])) for row in tally.rows if not row[3]]
        aucs[name] = auc(asked)
        told += abs(aucs[name] - 0.5) > max(_AUC_WITHIN, by_chance(asked))
        for what, position in (("slot", 2), ("delay", 3)):
            sorts: dict[bool, list[float]] = {True: [], False: []}
            for row in tally.rows:
                sorts[bool(row[place])].append(row[0][position])
            apart_by[f"{what} by {name}"] = apart(sorts[True], sorts[False])
    failed = {
        name: tally.failed[name]
        for name in ("k", "swap_bytes", "swap_slots", "outsider", "size", "exhaustive")
    }
    failed["classifier"] = told
    failed["distribution"] = sum(apart_by.values())
    return {
        "ok": not any(failed.values()) and tally.exhaustive > 0,
        "notices": tally.notices,
        "seed": seed,
        "worlds": tally.worlds,
        "failed": failed,
        "k_required": {"released": settings.send_at_least, "confirmed": settings.confirm_at_least},
        "k_smallest": {name: round(size, 2) for name, size in sorted(tally.smallest.items())},
        "auc": {name: round(each, 4) for name, each in aucs.items()},
        "distributions_apart": apart_by,
        "exhaustive_searches": tally.exhaustive,
        "minimal": tally.minimal,
        "says_more_than_minimal": {
            "all": round(1 - tally.minimal / tally.notices, 4) if tally.notices else 0.0,
            "by_unit_size": {
                _range(size): {"share": round(more / every, 4), "notices": every}
                for size, (more, every) in sorted(tally.said_more.items())
            },
        },
        "rungs": dict(tally.rungs.most_common(12)),
    }


def _features(seen: tuple) -> tuple:
    """What the classifier goes by: the delay to the half hour, since no minute is seen twice."""
    rung, length, slot, delay = seen
    return (rung, length, slot, delay // 30)


def _range(size: int) -> str:
    later = [each for each in _SIZES if each > size]
    return f"{size}-{later[0] - 1}" if later else f"{size} and more"
