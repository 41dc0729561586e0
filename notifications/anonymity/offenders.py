"""The alleged offender, and the pair: nobody may be picked out as one half of it either.

Two readers: one who thinks that the two need not know each other, and one who is sure that they serve in the same unit.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction

from notifications.anonymity.cells import Cell, Hint, Kind, weights
from notifications.anonymity.settings import Prior, Settings
from notifications.anonymity.views import Member, View

_Key = tuple[int, frozenset[str] | None]


class Offenders:
    """Everybody of the pool may be the alleged offender; a notice says nothing of them but where."""

    def __init__(self, here: Mapping[Cell, int], settings: Settings) -> None:
        self._likely = {prior: weights(here, prior) for prior in settings.offender_priors}
        self._known: dict[_Key, dict[Prior, dict[str, tuple[Fraction, Fraction]]]] = {}

    def of(self, view: View, hint: Hint, there: Fraction) -> dict[str, Fraction]:
        """The effective size of all who may be the offender, by prior."""
        sizes = {}
        for prior, by_unit in self._by_unit(view, hint).items():
            likeliest = max((most for _, most in by_unit.values()), default=Fraction(0))
            if likeliest:
                total = sum((mass for mass, _ in by_unit.values()), Fraction(0))
                sizes[f"offender:{prior.name}"] = there * total / likeliest
        return sizes

    def with_victims(
        self,
        view: View,
        hint: Hint,
        there: Fraction,
        victims: Sequence[Member],
        likely: Mapping[Kind, Fraction],
        name: str,
    ) -> dict[str, Fraction]:
        """Offender and pair for a victim of this class, in the eyes of a reader sure that both serve in one unit.

        How likely a unit is counts at most: all its people there, of the others only those surely there.
        """
        low: dict[str, Fraction] = defaultdict(Fraction)
        books: dict[str, Fraction] = defaultdict(Fraction)
        most: dict[str, Fraction] = defaultdict(Fraction)
        for each in victims:
            weight = likely[each.kind]
            low[each.unit] += there * each.low * weight
            books[each.unit] += each.books * weight
            most[each.unit] = max(most[each.unit], weight)
        total = sum(low.values(), Fraction(0))
        sizes = {}
        for prior, by_unit in self._by_unit(view, hint).items():
            in_unit = {
                unit: min(Fraction(1), by_unit[unit][1] / (by_unit[unit][0] * there))
                if unit in by_unit and by_unit[unit][0]
                else Fraction(1)
                for unit in low
            }
            alone = max(books[unit] / (books[unit] + total - low[unit]) * in_unit[unit] for unit in low)
            pair = max(most[unit] * in_unit[unit] for unit in low)
            sizes[f"offender:{prior.name}, same unit as a victim:{name}"] = 1 / alone
            sizes[f"pair:{prior.name}, same unit as a victim:{name}"] = total / pair
        return sizes

    def _by_unit(self, view: View, hint: Hint) -> dict[Prior, dict[str, tuple[Fraction, Fraction]]]:
        """For each prior and unit the weight of all who are surely there, and of the likeliest one."""
        key = (view.number, hint.units)
        if key not in self._known:
            meant = view.by_kind(cell for cell in view.cells if hint.units is None or cell.unit in hint.units)
            self._known[key] = {}
            for prior, likely in self._likely.items():
                mass: dict[str, Fraction] = defaultdict(Fraction)
                most: dict[str, Fraction] = defaultdict(Fraction)
                for (unit, kind), (low, _) in meant.items():
                    mass[unit] += low * likely[kind]
                    most[unit] = max(most[unit], likely[kind])
                self._known[key][prior] = {unit: (mass[unit], most[unit]) for unit in mass}
        return self._known[key]
