"""Two plain statistics, written out: how well a score tells two sorts apart, and how far two samples lie apart."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from itertools import groupby
from math import log, sqrt

# Kolmogorov and Smirnov's factor: alike samples lie farther apart than this once in a thousand.
_ONE_IN_A_THOUSAND = 1.95


def auc(scored: Iterable[tuple[float, bool]]) -> float:
    """The chance that one of the sort sought scores above one of the others, a tie counting half; 0.5 without both."""
    better = pairs_below = 0.0
    seen_others = sought_all = 0
    for _, group in groupby(sorted(scored), key=lambda each: each[0]):
        labels = Counter(label for _, label in group)
        better += labels[True] * (seen_others + labels[False] / 2)
        seen_others += labels[False]
        sought_all += labels[True]
    pairs_below = sought_all * seen_others
    return better / pairs_below if pairs_below else 0.5


def by_chance(scored: Sequence[tuple[float, bool]]) -> float:
    """How far from 0.5 the figure of a score that knows nothing may lie with so few; four standard errors."""
    sought = sum(label for _, label in scored)
    others = len(scored) - sought
    # A year of notices may all be about one person, so there are only so many people.
    return 4 * sqrt(3 * (len(scored) + 1) / (12 * sought * others)) if sought and others else 0.5


class Classifier:
    """Naive Bayes: each feature adds the logarithm of its odds among what was learnt."""

    def __init__(self, learnt: Iterable[tuple[Sequence[Hashable], bool]]) -> None:
        self._seen: dict[tuple[int, Hashable], Counter[bool]] = defaultdict(Counter)
        for features, label in learnt:
            for place, value in enumerate(features):
                self._seen[place, value][label] += 1

    def score(self, features: Sequence[Hashable]) -> float:
        """Higher for what was more often of the sort sought; features never seen say nothing."""
        odds = 0.0
        for place, value in enumerate(features):
            seen = self._seen.get((place, value))
            if seen:
                odds += log((seen[True] + 1) / (seen[False] + 1))
        return odds


def apart(one: Sequence[float], other: Sequence[float]) -> bool:
    """Whether two samples differ as alike ones do less than once in a thousand (Kolmogorov and Smirnov)."""
    if not one or not other:
        return False
    counts = [Counter(one), Counter(other)]
    run = [0, 0]
    farthest = 0.0
    for value in sorted(set(one) | set(other)):
        run = [run[place] + counts[place][value] for place in (0, 1)]
        farthest = max(farthest, abs(run[0] / len(one) - run[1] / len(other)))
    return farthest > _ONE_IN_A_THOUSAND * sqrt((len(one) + len(other)) / (len(one) * len(other)))
