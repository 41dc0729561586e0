"""Bars that lie: each under its own name, with its number beside the name, so nothing has to be read off an axis."""

from collections.abc import Sequence

from sapr.desk.charts.chart import WIDTH, Chart, Series, Shape, bar, length, shape, table, words

ROW, THICK, TOP = 38, 12, 8
KEY = 24


def bars(
    ident: str,
    title: str,
    description: str,
    head: tuple[str, str],
    rows: Sequence[tuple[str, int]],
    *,
    shown: Sequence[str] | None = None,
) -> Chart:
    """One number for each name. `shown`: what is written in place of the numbers, such as a class."""
    written = [str(value) for _, value in rows] if shown is None else list(shown)
    most = max((value for _, value in rows), default=0)
    shapes: list[Shape] = []
    for place, ((name, value), number) in enumerate(zip(rows, written, strict=True)):
        top = TOP + ROW * place
        shapes += _row(top, name, number)
        shapes += bar(0, top + 18, length(value, most), THICK, ident, 0)
    height = TOP + ROW * len(rows)
    return Chart(
        ident,
        title,
        description,
        height,
        tuple(shapes),
        head,
        table((name, number) for (name, _), number in zip(rows, written, strict=True)),
    )


def stacked(
    ident: str,
    title: str,
    description: str,
    first: str,
    series: Sequence[Series],
    rows: Sequence[tuple[str, Sequence[int]]],
    *,
    shown: Sequence[Sequence[str]] | None = None,
) -> Chart:
    """Several numbers for each name, one piece of its bar each; at most as many series as there are patterns."""
    written = [[str(value) for value in values] for _, values in rows] if shown is None else shown
    most = max((sum(values) for _, values in rows), default=0)
    shapes = _key(ident, series)
    for place, ((name, values), numbers) in enumerate(zip(rows, written, strict=True)):
        top, left = KEY + TOP + ROW * place, 0.0
        shapes += _row(top, name, " + ".join(numbers))
        for each, value in enumerate(values):
            long = length(value, most)
            shapes += bar(left, top + 18, long, THICK, ident, each, series[each].tone) if value else []
            left += long
    height = KEY + TOP + ROW * len(rows)
    return Chart(
        ident,
        title,
        description,
        height,
        tuple(shapes),
        (first, *(each.name for each in series)),
        table((name, *numbers) for (name, _), numbers in zip(rows, written, strict=True)),
    )


def _row(top: float, name: str, number: str) -> list[Shape]:
    return [
        words(0, top + 12, name, "name"),
        words(WIDTH, top + 12, number, "value", end=True),
        shape("line", x1=0, y1=top + 18 + THICK, x2=WIDTH, y2=top + 18 + THICK, class_="base"),
    ]


def _key(ident: str, series: Sequence[Series]) -> list[Shape]:
    """What each pattern means, in the order in which the numbers stand."""
    shapes: list[Shape] = []
    room = WIDTH / len(series)
    for place, each in enumerate(series):
        shapes += bar(room * place, 4, 16, THICK, ident, place, each.tone)
        shapes.append(words(room * place + 22, 15, each.name, "name"))
    return shapes
