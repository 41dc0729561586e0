"""A flow drawn as one picture: boxes, arrows and lines of text with their places. No colours: those are the style's."""

from dataclasses import dataclass, field
from textwrap import wrap

from django.utils.translation import gettext as _

from reports.election.flow import Due, Flow, Stage, Way

WIDTH, MARGIN, LINE = 1000, 20, 18
BOX_LEFT, BOX_WIDTH, BOX_HEIGHT = 110, 250, 54
TEXT_LEFT, TEXT_WIDTH = 390, 82
ARROW_ROOM, LANE = 56, 26
WIDE_LETTER = 9


@dataclass(frozen=True)
class Box:
    x: int
    y: int
    width: int
    height: int
    title: str

    @property
    def middle(self) -> int:
        """Where its title and its arrows are centred."""
        return self.x + self.width // 2

    @property
    def style(self) -> str:
        """How its title is set: smaller where the usual letters would not fit."""
        return "title" if len(self.title) * WIDE_LETTER <= self.width else "title narrow"

    @property
    def baseline(self) -> int:
        """Where its title stands."""
        return self.y + self.height // 2 + 5


@dataclass(frozen=True)
class Text:
    """One line. `level`: `due`, `more` for what continues a line, `note`, or `way` beside an arrow."""

    x: int
    y: int
    text: str
    level: str


@dataclass
class Picture:
    """`height` grows with what is in it; `lines` are the arrows' paths."""

    boxes: list[Box] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    height: int = 0
    width: int = WIDTH


def draw(flow: Flow) -> Picture:
    """The picture of a flow; the same flow gives the same picture."""
    picture, places = Picture(), {}
    y = MARGIN
    for place, stage in enumerate(flow.before):
        width = (WIDTH - 2 * MARGIN - 20 * (len(flow.before) - 1)) // len(flow.before)
        box = Box(MARGIN + place * (width + 20), y, width, BOX_HEIGHT, stage.title)
        places[stage.state] = box
        picture.boxes.append(box)
    y += BOX_HEIGHT + ARROW_ROOM
    for stage in flow.stages:
        box = Box(BOX_LEFT, y, BOX_WIDTH, BOX_HEIGHT, stage.title)
        places[stage.state] = box
        picture.boxes.append(box)
        y = max(y + BOX_HEIGHT, _write(picture, stage, y + 14)) + ARROW_ROOM
    picture.height = y - ARROW_ROOM + MARGIN
    order = [stage.state for stage in (*flow.before, *flow.stages)]
    lane = 0
    for way in flow.ways:
        near = way.start in {each.state for each in flow.before} or (
            order.index(way.end) == order.index(way.start) + 1
        )
        lane += not near
        _arrow(picture, places[way.start], places[way.end], 0 if near else lane)
    for state in dict.fromkeys(way.end for way in flow.ways):
        _say(picture, places[state], [way for way in flow.ways if way.end == state])
    return picture


def _write(picture: Picture, stage: Stage, y: int) -> int:
    """The lines beside a state; where the next would stand."""
    after = ""
    for due in stage.due:
        if due.after != after:
            after = due.after
            picture.texts.append(Text(TEXT_LEFT, y, _("After “%(after)s”:") % {"after": after}, "note"))
            y += LINE
        y = _lines(picture, _sentence(due), y, "due")
    for note in stage.notes:
        y = _lines(picture, note, y, "note")
    return y


def _sentence(due: Due) -> str:
    who = due.who[:1].upper() + due.who[1:]
    return f"{who}, {due.when}: {due.sentence} ({due.rule})"


def _lines(picture: Picture, text: str, y: int, level: str) -> int:
    for place, line in enumerate(wrap(text, TEXT_WIDTH)):
        picture.texts.append(Text(TEXT_LEFT, y, line, "more" if place else level))
        y += LINE
    return y


def _arrow(picture: Picture, start: Box, end: Box, lane: int) -> None:
    if lane:
        x = end.x - lane * LANE
        path = f"M {start.x} {start.y + start.height // 2} H {x} V {end.y + end.height // 2} H {end.x}"
    elif start.middle == end.middle:
        path = f"M {start.middle} {start.y + start.height} V {end.y}"
    else:
        bend = start.y + start.height + 16
        path = f"M {start.middle} {start.y + start.height} V {bend} H {end.middle} V {end.y}"
    picture.paths.append(path)


def _say(picture: Picture, box: Box, ways: list[Way]) -> None:
    """By what a state is reached, above it; each event once, with all its rules."""
    by_event: dict[str, list[str]] = {}
    for way in ways:
        by_event.setdefault(way.event, []).append(way.rule)
    words = "; ".join(f"{event} ({', '.join(dict.fromkeys(rules))})" for event, rules in by_event.items())
    picture.texts.append(Text(box.middle + 10, box.y - 12, words, "way"))
