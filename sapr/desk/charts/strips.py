"""Lengths of time side by side: each a dot while there are few, the middle half a box, the middle a bar."""

from collections.abc import Sequence
from statistics import quantiles

from sapr.desk.charts.chart import WIDTH, Chart, Shape, shape, table, words

ROW, TOP, THICK = 50, 8, 18
# More would be one smear; then the box speaks alone.
DOTS = 60
SIDE = 6


def strips(
    ident: str,
    title: str,
    description: str,
    head: tuple[str, str, str, str, str, str],
    rows: Sequence[tuple[str, Sequence[int]]],
) -> Chart:
    """Several whole numbers for each name. `head`: the name, how many, least, middle, most, each of them."""
    most = max((max(values) for _, values in rows if values), default=0)
    shapes: list[Shape] = []
    lines: list[tuple[object, ...]] = []
    for place, (name, values) in enumerate(rows):
        top, ordered = TOP + ROW * place, sorted(values)
        shapes.append(words(0, top + 12, name, "name"))
        shapes.append(
            shape("line", x1=0, y1=top + 20 + THICK / 2, x2=WIDTH, y2=top + 20 + THICK / 2, class_="base")
        )
        if not ordered:
            shapes.append(words(WIDTH, top + 12, "0", "value", end=True))
            lines.append((name, 0, "–", "–", "–", "–"))
            continue
        low, middle, high = _quarters(ordered)
        shapes.append(
            words(WIDTH, top + 12, f"{ordered[0]} – {_half(middle)} – {ordered[-1]}", "value", end=True)
        )
        shapes += _drawn(top + 20, ordered, low, middle, high, most)
        each = ", ".join(str(value) for value in ordered) if len(ordered) <= DOTS else "–"
        lines.append((name, len(ordered), ordered[0], _half(middle), ordered[-1], each))
    return Chart(ident, title, description, TOP + ROW * len(rows), tuple(shapes), head, table(lines))


def _quarters(ordered: list[int]) -> tuple[float, float, float]:
    if len(ordered) == 1:
        return (float(ordered[0]),) * 3
    low, middle, high = quantiles(ordered, n=4, method="inclusive")
    return low, middle, high


def _half(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _drawn(top: float, ordered: list[int], low: float, middle: float, high: float, most: int) -> list[Shape]:
    def at(value: float) -> float:
        return SIDE + (WIDTH - 2 * SIDE) * value / most if most else float(SIDE)

    shapes = [
        shape("rect", x=at(low), y=top, width=max(2.0, at(high) - at(low)), height=THICK, class_="box"),
        shape("line", x1=at(middle), y1=top - 2, x2=at(middle), y2=top + THICK + 2, class_="middle"),
    ]
    if len(ordered) <= DOTS:
        shapes += [shape("circle", cx=at(value), cy=top + THICK / 2, r=4, class_="dot") for value in ordered]
    return shapes
