"""Ordinary notices made coarser at random, so that a coarser one is no sign of a special case (DN-25)."""

from fractions import Fraction

from notifications.anonymity.rungs import BLANK, Rung, blanked
from notifications.anonymity.settings import Settings


def coarser_ones(rung: Rung) -> tuple[Rung, ...]:
    """What a coarser notice may be: one attribute less, or MINIMAL."""
    said = ("sex", "grade", "period", "place", "offence", "status")
    less = tuple(blanked(rung, name) for name in said if getattr(rung, name) != BLANK)
    return (*less, Rung.minimal())


def _at_least(draw: float, share: Fraction) -> bool:
    """Whether draw >= share, exactly, in whole numbers: `Fraction` would make one of the draw first."""
    over, under = draw.as_integer_ratio()
    return over * share.denominator >= share.numerator * under


def coarsened(rung: Rung, draw: float, settings: Settings) -> Rung:
    """The rung itself, or for the policy's share of draws a coarser one, each as likely as the others.

    `draw`: a random number, evenly spread over 0 <= draw < 1; ValueError otherwise.
    """
    if not 0 <= draw < 1:
        raise ValueError("The draw lies from 0 to below 1.")
    if rung.is_minimal or _at_least(draw, settings.coarsened):
        return rung
    options = coarser_ones(rung)
    return options[int(draw / settings.coarsened * len(options))]
