"""A line over months, each point with its number."""

from collections.abc import Sequence

from sapr.desk.charts.chart import WIDTH, Chart, Shape, shape, table, words

HEIGHT, TOP, BOTTOM, SIDE = 150, 30, 120, 16


def line(
    ident: str,
    title: str,
    description: str,
    head: tuple[str, str],
    rows: Sequence[tuple[str, int | None]],
    *,
    names: Sequence[str] = (),
) -> Chart:
    """One number for each month, in their order; None leaves a gap. `names`: short ones, for the drawing."""
    most = max((value for _, value in rows if value is not None), default=0)
    apart = (WIDTH - 2 * SIDE) / max(1, len(rows) - 1)
    shapes: list[Shape] = [shape("line", x1=0, y1=BOTTOM, x2=WIDTH, y2=BOTTOM, class_="base")]
    points: list[tuple[float, float]] = []
    runs = [points]
    for place, (name, value) in enumerate(rows):
        x = SIDE + apart * place
        shapes.append(words(x, HEIGHT - 12, names[place] if names else name, "tick", middle=True))
        if value is None:
            runs.append([])
            continue
        y = BOTTOM - (BOTTOM - TOP) * value / most if most else float(BOTTOM)
        runs[-1].append((x, y))
        shapes.append(shape("circle", cx=x, cy=y, r=4, class_="point"))
        shapes.append(words(x, y - 9, value, "value", middle=True))
    for run in runs:
        if len(run) > 1:
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
            shapes.insert(1, shape("polyline", points=path, fill="none", class_="course"))
    return Chart(
        ident,
        title,
        description,
        HEIGHT,
        tuple(shapes),
        head,
        table((name, "–" if value is None else value) for name, value in rows),
    )
