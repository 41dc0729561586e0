"""Instants of a story, written as a distance from its start or from now: `+01:30`, `-27d 03:00`."""

import re
from datetime import timedelta

_OFFSET = re.compile(r"([+-])(?:(\d{1,4})d )?(\d{2}):([0-5]\d)")


def parse(text: str) -> timedelta:
    """The distance; ValueError when it is not written like that."""
    found = _OFFSET.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not an offset like +01:30 or -27d 03:00")
    sign, days, hours, minutes = found.groups()
    distance = timedelta(days=int(days or 0), hours=int(hours), minutes=int(minutes))
    return -distance if sign == "-" else distance
