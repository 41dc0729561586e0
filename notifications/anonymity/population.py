"""Who there is: a strength table on a unit tree."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Group:
    """One row of a strength table. Ids and words are strings; the component is kept and never printed."""

    unit: str
    sex: str
    grade: str
    component: str
    status: str
    people: int


@dataclass(frozen=True, slots=True)
class Correlation:
    """A printed place gives something else away: place -> {"unit": …} or {"sex": …}, or both."""

    place: str
    implies: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Population:
    """One strength table, the unit tree, and where Restricted notices go; see the package for each field."""

    groups: tuple[Group, ...]
    parents: Mapping[str, str | None]
    addressees: frozenset[str]
    present: Mapping[str, Fraction] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)
    climbs: bool = True

    def above(self, unit: str) -> Iterator[str]:
        """The units above, nearest first. A tree that runs in a circle ends too."""
        seen = {unit}
        at = self.parents.get(unit)
        while at is not None and at not in seen:
            seen.add(at)
            yield at
            at = self.parents.get(at)

    def under(self, top: str) -> frozenset[str]:
        """The unit and everything below it."""
        return frozenset(unit for unit in self.parents if unit == top or top in self.above(unit)) | {top}

    def height(self, top: str) -> int:
        """Steps from the lowest unit below it."""
        depth = {unit: list(self.above(unit)) for unit in self.parents}
        return max((above.index(top) + 1 for above in depth.values() if top in above), default=0)

    def level(self, unit: str, words: tuple[str, ...]) -> str:
        """Its word for the ladder's `organisation`; `words` are the ladder's, lowest first."""
        return self.levels.get(unit) or words[min(self.height(unit), len(words) - 1)]
