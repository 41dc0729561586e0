"""A chart: what it is called, what it says in a sentence, its shapes, and the same numbers as a table."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

# In units of the drawing: narrow, so that letters stay legible on a telephone.
WIDTH = 400
# The patterns of the template, by the place of a series; they tell series apart without colour.
PATTERNS = ("", "hatch", "dots")


class Shape(NamedTuple):
    """One SVG element: its name, attributes in order, and the text in it."""

    tag: str
    attrs: tuple[tuple[str, str], ...]
    text: str = ""


class Chart(NamedTuple):
    """What the template draws. `ident` is unique on the page; `rows` of the table hold what the shapes show."""

    ident: str
    title: str
    description: str
    height: int
    shapes: tuple[Shape, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def view(self) -> str:
        """The drawing's own measure."""
        return f"0 0 {WIDTH} {self.height}"


class Series(NamedTuple):
    """One of the kinds of things that a stacked bar is made of. `tone`: a class more, `bad` for what should not be."""

    name: str
    tone: str = ""


def shape(tag: str, text: object = "", /, **attrs: object) -> Shape:
    """An element. `class_` is the class; `stroke_width` is written with a hyphen; numbers keep one decimal at most."""
    return Shape(
        tag,
        tuple((name.rstrip("_").replace("_", "-"), _written(value)) for name, value in attrs.items()),
        str(text),
    )


def _written(value: object) -> str:
    # Never by the reader's locale: a comma would be another number.
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def words(
    x: float, y: float, text: object, class_: str = "", *, end: bool = False, middle: bool = False
) -> Shape:
    """Text that begins at x, or ends there, or has its middle there."""
    anchor = "end" if end else "middle" if middle else "start"
    return shape("text", text, x=x, y=y, text_anchor=anchor, class_=class_)


def bar(
    x: float, y: float, width: float, height: float, ident: str, place: int, tone: str = ""
) -> list[Shape]:
    """A filled piece in the colour of its series, under its pattern."""
    box = {"x": x, "y": y, "width": width, "height": height}
    drawn = [shape("rect", class_=f"series-{place} {tone}".rstrip(), **box)]
    if PATTERNS[place]:
        drawn.append(shape("rect", fill=f"url(#{ident}-{PATTERNS[place]})", **box))
    return drawn


def length(value: float, most: float, room: float = WIDTH) -> float:
    """How long a value is drawn where `most` fills the room; what is there at all is seen."""
    return max(2.0, room * value / most) if value and most else 0.0


def table(rows: Iterable[Sequence[object]]) -> tuple[tuple[str, ...], ...]:
    """Rows as text."""
    return tuple(tuple(str(cell) for cell in row) for row in rows)
