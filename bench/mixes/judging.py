"""From seconds to what is promised: medians, ratios of times that belong together, growth, and which bar is broken."""

from collections.abc import Sequence
from math import log
from statistics import linear_regression, median, quantiles
from typing import Any, NamedTuple

from bench.mixes.measuring import Seconds

# What the owner of this project asked for; `flat` is what remains of a ratio between sizes when only noise is left.
LIST_GROWTH, OPEN, SIGN, FLAT = 1.3, 1.5, 2.5, 1.3
FLOORS = {"list": "list", "list, desk": "list", "open": "open", "sign": "sign", "statistics": "statistics"}
PLAIN = {
    "list": "list",
    "list, desk": "list",
    "open": "detail",
    "open, sealed parts alone": "detail",
    "sign": "create",
}


class Bar(NamedTuple):
    """A promise: `measured` is at most `most`, or it is broken."""

    name: str
    measured: float
    most: float

    @property
    def kept(self) -> bool:
        return self.measured <= self.most


def told(found: Seconds) -> dict[str, dict[str, Any]]:
    """By size and operation: milliseconds alone and by eight, and how many times the floor's and the plain app's."""
    return {
        size: {
            name: {way: _milliseconds(seconds) for way, seconds in took.items()}
            | {"of_floor": _against(operations, name, FLOORS, "floor")}
            | {"of_plain": _against(operations, name, PLAIN, "plain")}
            for name, took in operations.items()
        }
        for size, operations in found.items()
    }


def growth(found: Seconds) -> dict[str, float]:
    """By operation the exponent e of time ~ reports^e: the slope of a line through the logarithms; 0 is flat."""
    sizes = [int(size) for size in found]
    if len(sizes) < 2:
        return {}
    across = [log(size) for size in sizes]
    return {
        name: round(
            linear_regression(across, [log(median(each[name]["one"])) for each in found.values()]).slope, 3
        )
        for name in next(iter(found.values()))
    }


def bars(found: Seconds) -> list[Bar]:
    """What is promised of the operations; between sizes only where there are several."""
    smallest, largest = next(iter(found.values())), list(found.values())[-1]
    kept = []
    if len(found) > 1:
        for name in ("list", "list, desk"):
            most = _paired(largest[name]["one"], smallest[name]["one"])
            kept.append(Bar(f"{name}: with most reports, by its time with fewest", most, LIST_GROWTH))
        for name in ("statistics", "counts"):
            most = _paired(largest[name]["one"], smallest[name]["one"])
            kept.append(Bar(f"{name}: with most reports, by its time with fewest", most, FLAT))
    plain = smallest["plain: list"]["one"]
    kept.append(
        Bar(
            "list: with most reports, by the plain list with fewest",
            _paired(largest["list"]["one"], plain),
            1,
        )
    )
    for name, of, most in (("open", "detail", OPEN), ("sign", "create", SIGN)):
        ratios = [_paired(each[name]["one"], each[f"plain: {of}"]["one"]) for each in found.values()]
        kept.append(Bar(f"{name}: by the plain {of}, at the worst size", max(ratios), most))
    return kept


def table(found: dict[str, dict[str, Any]], exponents: dict[str, float], kept: Sequence[Bar]) -> list[str]:
    """The same for people."""
    lines = [
        f"{'operation':26} {'reports':>9} {'median':>8} {'p95':>8} {'8: med.':>8} {'p95':>8} {'floor':>7} {'plain':>6}"
    ]
    for size, operations in found.items():
        for name, each in operations.items():
            one, eight = each["one"], each.get("eight") or {"median_ms": "", "p95_ms": ""}
            values = (one["median_ms"], one["p95_ms"], eight["median_ms"], eight["p95_ms"])
            ratios = (each["of_floor"] or "", each["of_plain"] or "")
            lines.append(
                f"{name:26} {int(size):>9,} {values[0]:>8} {values[1]:>8} {values[2]:>8} {values[3]:>8} "
                f"{ratios[0]:>7} {ratios[1]:>6}"
            )
    lines += [f"{name}: time grows as reports to the power of {slope}" for name, slope in exponents.items()]
    return lines + [say(each) for each in kept]


def say(bar: Bar) -> str:
    """A bar as a sentence."""
    return f"{bar.name}: {bar.measured:.2f}, at most {bar.most:g}" + ("" if bar.kept else ": BROKEN")


def _against(operations: dict[str, Any], name: str, pairs: dict[str, str], with_: str) -> float | None:
    other = operations.get(f"{with_}: {pairs.get(name, '')}")
    return round(_paired(operations[name]["one"], other["one"]), 2) if other else None


def _paired(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios of times of one round each."""
    return round(median(mine / other for mine, other in zip(ours, theirs, strict=True)), 3)


def _milliseconds(seconds: Sequence[float]) -> dict[str, float] | None:
    if not seconds:
        return None
    p95 = quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]
    return {"median_ms": round(median(seconds) * 1000, 2), "p95_ms": round(p95 * 1000, 2)}
