"""Letting time pass in a story: the worker does what is due at each instant on the way."""

from datetime import datetime

from notifications.sweeping import demo_clock_advance
from sapr.signin import as_worker


def advance(to: datetime, *, hold: bool) -> None:
    """Move the clock to `to`; at every due instant before it the worker role looks, as it would live.

    With `hold` the clock stands still at each instant (rehearsals only).
    """
    with as_worker():
        demo_clock_advance(to=to, hold=hold)
