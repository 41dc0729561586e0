"""A rung: how finely each attribute is said. Rungs are ordered attribute by attribute."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from itertools import product

BLANK = "blank"
MINIMAL_KEY = "minimal"
Ladders = Mapping[str, tuple[str, ...]]  # attribute -> its levels, finest first


@dataclass(frozen=True, slots=True)
class Rung:
    """One level of every ladder. MINIMAL says nothing but that there was a report."""

    organisation: str = BLANK
    sex: str = BLANK
    grade: str = BLANK
    period: str = BLANK
    place: str = BLANK
    offence: str = BLANK
    status: str = BLANK

    @classmethod
    def minimal(cls) -> "Rung":
        return cls()

    @property
    def is_minimal(self) -> bool:
        return self == Rung()

    @property
    def key(self) -> str:
        """A short stable name, the levels in the order of the fields."""
        return MINIMAL_KEY if self.is_minimal else ".".join(getattr(self, name) for name in ATTRIBUTES)

    @classmethod
    def of(cls, key: str) -> "Rung":
        """The rung of that key; ValueError when it is none."""
        if key == MINIMAL_KEY:
            return cls()
        levels = key.split(".")
        if len(levels) != len(ATTRIBUTES):
            raise ValueError("This is not the key of a rung.")
        return cls(*levels)


ATTRIBUTES = tuple(each.name for each in fields(Rung))


def not_finer(rung: Rung, other: Rung, ladders: Ladders) -> bool:
    """Whether no attribute is said more finely than in the other."""
    return all(
        ladder.index(getattr(rung, name)) >= ladder.index(getattr(other, name))
        for name, ladder in ladders.items()
    )


def join(rungs: Iterable[Rung], ladders: Ladders) -> Rung:
    """What somebody knows who holds all of them about one person: the finest level of each attribute."""
    held = tuple(rungs)
    return Rung(
        **{
            name: min((getattr(each, name) for each in held), key=ladder.index)
            for name, ladder in ladders.items()
        }
    )


def all_rungs(organisation: str, ladders: Ladders) -> Iterator[Rung]:
    """Every rung that speaks of this part of the command."""
    free = {name: ladder for name, ladder in ladders.items() if name != "organisation"}
    for levels in product(*free.values()):
        yield Rung(organisation=organisation, **dict(zip(free, levels, strict=True)))


def blanked(rung: Rung, attribute: str) -> Rung:
    """The same without that attribute."""
    return replace(rung, **{attribute: BLANK})
