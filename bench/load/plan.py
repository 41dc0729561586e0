"""How many cases of which pattern lie where and when: the same for the same size, whoever makes which part of it."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from bench.load.copying import Wish
from bench.load.places import FIRST_VAS, PLACES, SARCS, VAS
from bench.load.stories import Story

CHUNK = 250
YEARS = timedelta(days=365.25 * 49)
# The measured SARC has a fiftieth of all cases, so many at least; of these so many run, whatever the size.
SHARE, LEAST, RUNNING = 50, 200, 40
# Elsewhere a year's cases run, about: a hundredth, or of few cases a fifth.
RUNNING_SHARE, FEW_SHARE, FEW = 100, 5, 150
# What is long over lies somewhere within half an hour; what runs now within a minute, so that nothing falls due by it.
SPREAD_SECONDS, NOW_SPREAD_SECONDS = 1800, 50


class Plan:
    """The copies of one size. `chunks` parts, each made at once or not at all; in them the oldest cases come first."""

    def __init__(self, size: int, patterns: Sequence[Story]) -> None:
        made = len(patterns)
        self.first = min(max(LEAST, size // SHARE), size // 2) - made
        self.others = size - self.first - made
        self.first_runs = min(RUNNING, self.first // 2)
        self.others_run = min(self.others // FEW_SHARE, self.others // RUNNING_SHARE + FEW)
        self.copies = self.first + self.others
        self.chunks = -(-self.copies // CHUNK)
        self.size = size
        self._sorts = {
            runs: [(each.name, each.share) for each in patterns if each.running == runs]
            for runs in (False, True)
        }

    def chunk(self, number: int) -> list[Wish]:
        """What that part holds."""
        dice = Random(f"{self.size}/{number}")  # noqa: S311
        ordinals = range(number * CHUNK, min((number + 1) * CHUNK, self.copies))
        return [self._wish(each, dice) for each in ordinals]

    def _wish(self, ordinal: int, dice: Random) -> Wish:
        history = self.copies - self.first_runs - self.others_run
        if ordinal < history:
            at_first = _evenly(ordinal, history, self.first - self.first_runs)
            back = YEARS * (1 - ordinal / history)
            earlier = timedelta(seconds=int(back.total_seconds()) + dice.randrange(SPREAD_SECONDS))
        else:
            at_first = _evenly(ordinal - history, self.copies - history, self.first_runs)
            earlier = timedelta(seconds=dice.randrange(NOW_SPREAD_SECONDS))
        names, weights = zip(*self._sorts[ordinal >= history], strict=True)
        place = (
            dice.randrange(FIRST_VAS) if at_first else FIRST_VAS + dice.randrange((PLACES - 1) * SARCS * VAS)
        )
        if at_first and ordinal >= history:
            # Half of what runs at the first place is its first SAPR VA's.
            place = ordinal % 2
        return Wish(dice.choices(names, weights)[0], place, earlier)


def _evenly(ordinal: int, of: int, chosen: int) -> bool:
    """Whether this one of so many is chosen, when they lie as evenly as they can."""
    return (ordinal + 1) * chosen // of > ordinal * chosen // of
