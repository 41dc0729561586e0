"""The results as one SVG file: each operation's time by the number of reports, both in logarithms."""

from html import escape
from math import log10
from typing import Any

# In units of the drawing: a panel for each operation, two beside each other.
WIDTH, HEIGHT, SIDE, TOP, BOTTOM, ACROSS = 372, 230, 56, 40, 34, 2
# The operation, and which of the plain app's and of the floor's stand beside it.
PANELS = (
    ("List of 50", "list", "plain: list", "floor: list"),
    ("Open a case, sealed parts and record", "open", "plain: detail", "floor: open"),
    ("Sign an election", "sign", "plain: create", "floor: sign"),
    ("Statistics", "statistics", "", "floor: statistics"),
)
# Told apart without colour: by their dashes and by the word at their end.
COURSES = (("SAPR", "#1a4480", ""), ("plain", "#8a3c00", "6 4"), ("SQL", "#4a4a4a", "2 4"))
STYLE = (
    "svg{font:12px sans-serif;background:#fff}text{fill:#1b1b1b}.name{font-weight:bold;font-size:13px}"
    ".grid{stroke:#dcdee0}.tick{font-size:10px;fill:#4a4a4a}"
)


def drawn(sizes: dict[str, dict[str, Any]]) -> str:
    """The file. `sizes` as `judging.told` says them; medians alone, in milliseconds."""
    panels = [_panel(sizes, *each, place) for place, each in enumerate(PANELS)]
    rows = -(-len(PANELS) // ACROSS)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH * ACROSS} {HEIGHT * rows}" role="img" '
        f'aria-label="Time of each operation by the number of reports"><style>{STYLE}</style>'
        + "".join(panels)
        + "</svg>\n"
    )


def _panel(
    sizes: dict[str, dict[str, Any]], title: str, ours: str, plain: str, floor: str, place: int
) -> str:
    courses = [
        (word, colour, dash, [(int(size), found[name]["one"]["median_ms"]) for size, found in sizes.items()])
        for (word, colour, dash), name in zip(COURSES, (ours, plain, floor), strict=True)
        if name and all(name in found for found in sizes.values())
    ]
    values = [value for *_, points in courses for _, value in points]
    if not values:
        return ""
    low, high = _decade(min(values), down=True), _decade(max(values), down=False)
    first, last = (log10(edge(int(size) for size in sizes)) for edge in (min, max))

    def x(reports: float) -> float:
        return SIDE + (WIDTH - 2 * SIDE) * (
            (log10(reports) - first) / (last - first) if last > first else 0.5
        )

    def y(milliseconds: float) -> float:
        part = (log10(milliseconds) - low) / (high - low)
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * part

    parts = [f'<text class="name" x="{SIDE}" y="20">{escape(title)}</text>']
    for power in range(low, high + 1):
        at = y(10**power)
        parts.append(f'<line class="grid" x1="{SIDE}" x2="{WIDTH - SIDE}" y1="{at:.1f}" y2="{at:.1f}"/>')
        parts.append(
            f'<text class="tick" x="{SIDE - 4}" y="{at + 3:.1f}" text-anchor="end">{10**power:g} ms</text>'
        )
    for size in sizes:
        parts.append(
            f'<text class="tick" x="{x(int(size)):.1f}" y="{HEIGHT - 14}" text-anchor="middle">{int(size):,}</text>'
        )
    for word, colour, dash, points in courses:
        path = " ".join(f"{x(reports):.1f},{y(value):.1f}" for reports, value in points)
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>'
        )
        parts += [
            f'<circle cx="{x(reports):.1f}" cy="{y(value):.1f}" r="3" fill="{colour}"/>'
            for reports, value in points
        ]
        end = points[-1]
        parts.append(f'<text x="{x(end[0]) + 6:.1f}" y="{y(end[1]) + 4:.1f}" fill="{colour}">{word}</text>')
    left, top = WIDTH * (place % ACROSS), HEIGHT * (place // ACROSS)
    return f'<g transform="translate({left} {top})">{"".join(parts)}</g>'


def _decade(value: float, *, down: bool) -> int:
    """The power of ten at or below a number, or above it."""
    power = int(log10(value) // 1)
    return power if down else power + 1
