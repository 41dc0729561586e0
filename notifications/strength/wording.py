"""The words of a Restricted notice: by its addressee's rung, coarsened by a draw, with every coarser wording."""

import secrets
from datetime import date
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from notifications.anonymity import Rung, Settings, coarsened, covers, words, words_of_all
from notifications.strength.rung_models import MINIMAL, UnitRung


class Wordings(NamedTuple):
    """`allowed`: the rung before the draw; `rung` and `text`: after it; `choices`: what the SARC may take instead.

    Each choice is {"rung", "text"}, worth most first; the last one is never MINIMAL, which stands by itself.
    """

    allowed: str
    rung: str
    text: str
    minimal: str
    choices: list[dict[str, str]]


def draw() -> float:
    """The system's own chance by which a notice is made coarser: evenly spread, 0 <= draw < 1."""
    return secrets.SystemRandom().random()


@lru_cache(maxsize=64)
def minimal_text(settings: Settings) -> str:
    """The bytes that are always lawful."""
    return words(Rung.minimal(), {}, settings)


def minimal_on(day: date) -> str:
    """`minimal_text` by the rules of a day."""
    return minimal_text(Settings.of(day))


def wordings(
    unit: UnitRung | None, facts: dict[str, str], settings: Settings, *, draw: float, drawn: str | None = None
) -> Wordings:
    """What a notice of these facts says by its addressee's rung. `draw`: a random number, 0 <= draw < 1.

    `drawn`: the rung that an earlier draw gave, which then stands. A rung that does not fit everybody who may report,
    as one chosen by earlier rules, gives MINIMAL to everybody.
    """
    rung = unit.rung if unit and _fits_anybody(unit, settings) else MINIMAL
    stands = drawn is not None and rung != MINIMAL
    said = Rung.of(drawn) if stands else coarsened(Rung.of(rung), draw, settings)
    text, minimal = words(said, facts, settings), minimal_text(settings)
    return Wordings(rung, said.key, text, minimal, _coarser(said, facts, settings, {text, minimal}))


def _fits_anybody(unit: UnitRung, settings: Settings) -> bool:
    """Whether all that the rung can print of anybody was counted. Nothing of the victim goes in."""
    return unit.rung != MINIMAL and covers(
        {tuple(held) for held in unit.classes}, Rung.of(unit.rung), settings
    )


def _coarser(rung: Rung, facts: dict[str, str], settings: Settings, said: set[str]) -> list[dict[str, str]]:
    """Every wording that says less of the same people, each text once, in the order of what it is worth."""
    ranked = _ranked(rung, settings)
    texts = words_of_all(ranked.levels, ranked.order, facts, settings)
    return [{"rung": ranked.keys[place], "text": text} for text, place in texts.items() if text not in said]


class _Ranked(NamedTuple):
    """Rungs as the levels that they are made up of: the key of each in the `product` of these, and their places in it
    by what they are worth, most first."""

    levels: dict[str, tuple[str, ...]]
    keys: list[str]
    order: list[int]


# Of no case: what is kept follows from a rung and the rules alone.
@lru_cache(maxsize=64)
def _ranked(rung: Rung, settings: Settings) -> _Ranked:
    """The rung and all that say less of the same people."""
    ladders = {name: ladder[ladder.index(getattr(rung, name)) :] for name, ladder in settings.ladders.items()}
    ladders["organisation"] = (rung.organisation,)
    rungs = [Rung(**dict(zip(ladders, levels, strict=True))) for levels in product(*ladders.values())]
    rungs.sort(key=settings.worth_of, reverse=True)
    by_line = {line["attribute"]: ladders[line["attribute"]] for line in settings.layout["lines"]}
    made = [Rung(**dict(zip(by_line, levels, strict=True))) for levels in product(*by_line.values())]
    places = {each: place for place, each in enumerate(made)}
    return _Ranked(by_line, [each.key for each in made], [places[each] for each in rungs])
