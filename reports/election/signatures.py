"""A signature of the intake: typed, or drawn with finger, pen or mouse and kept as the strokes themselves.

Both stand in the sealed content of the form beside its edition and the instants, and the signing event commits to
all of it, so neither can be lifted onto another form or another day.
"""

import json
from datetime import datetime
from typing import Any

from reports.validation import text
from sapr.errors import DomainError

# The box it is drawn in; a stroke is x, y, x, y, … within it.
WIDTH, HEIGHT = 600, 160
# A hand leaves a few hundred points; one that only touched the box has not signed.
POINTS_LEAST, POINTS_MOST = 8, 4_000
LIMIT = 40_000
# The content's keys for the signatures of one form.
Signed = dict[str, Any]


def signed(
    *,
    victim_signature: object,
    victim_drawn: object,
    victim_signed_at: datetime,
    advocate_signature: object,
    advocate_drawn: object,
    advocate_signed_at: datetime,
) -> Signed:
    """Both signatures with their instants (aware), as the form's content holds them. Each is typed, drawn, or both.

    Refuses a signature that is neither, and strokes that are no drawing in the box.
    """
    content: Signed = {}
    for who, typed, drawn, at in (
        ("victim", victim_signature, victim_drawn, victim_signed_at),
        ("advocate", advocate_signature, advocate_drawn, advocate_signed_at),
    ):
        lines = strokes(drawn, f"{who}_drawn")
        content[f"{who}_signature"] = text(typed, f"{who}_signature", required=not lines)
        if lines:
            content[f"{who}_drawn"] = lines
        content[f"{who}_signed_at"] = at.isoformat()
    return content


def strokes(drawn: object, path: str) -> list[list[int]]:
    """The strokes of a drawing, given as a list or as its JSON; [] when nothing was drawn."""
    if drawn in (None, "", []):
        return []
    lines = _read(drawn, path)
    if not isinstance(lines, list) or not all(_is_stroke(each) for each in lines):
        raise DomainError("bad_drawing", "This is no drawn signature. Draw it again, or type it.", path=path)
    points = sum(len(each) for each in lines) // 2
    if points < POINTS_LEAST:
        raise DomainError("bad_drawing", "This is hardly a signature. Draw it again, or type it.", path=path)
    if points > POINTS_MOST:
        raise DomainError("too_long", "This drawing is too long. Draw it again, or type it.", path=path)
    return lines


def _read(drawn: object, path: str) -> object:
    if not isinstance(drawn, str):
        return drawn
    if len(drawn) > LIMIT:
        raise DomainError("too_long", "This drawing is too long. Draw it again, or type it.", path=path)
    try:
        return json.loads(drawn)
    except (ValueError, RecursionError):
        return None


def _is_stroke(line: object) -> bool:
    """At least one point, whole numbers within the box."""
    return (
        isinstance(line, list)
        and len(line) > 1
        and len(line) % 2 == 0
        and all(type(n) is int and 0 <= n <= (WIDTH, HEIGHT)[i % 2] for i, n in enumerate(line))
    )
