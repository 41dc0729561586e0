"""Words for stretches of time."""

from datetime import datetime

MINUTE, HOUR, DAY = 60, 3600, 86400


def distance(instant: datetime, now: datetime) -> str:
    """How far an instant is from now, in at most two units; `now` within half a minute."""
    seconds = (instant - now).total_seconds()
    span = _span(abs(seconds))
    if not span:
        return "now"
    return f"in {span}" if seconds > 0 else f"{span} late"


def _span(seconds: float) -> str:
    minutes = round(seconds / MINUTE)
    if minutes < 1:
        return ""
    if minutes < HOUR // MINUTE:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < DAY // HOUR:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    unit = "day" if days == 1 else "days"
    return f"{days} {unit} {hours} h" if hours and days < 10 else f"{days} {unit}"
