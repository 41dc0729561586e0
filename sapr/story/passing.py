"""Letting time pass in a story: the worker does what is due at each instant on the way."""

from datetime import datetime

from notifications.sweeping import next_due, sweep
from sapr import clock
from sapr.signin import as_worker


def advance(to: datetime, *, hold: bool) -> None:
    """Move the clock to `to`; at every due instant before it the worker role looks, as it would live.

    With `hold` the clock stands still at each instant (rehearsals only).
    """
    with as_worker():
        while (due := next_due(to)) is not None:
            if due > clock.now():
                clock.move(due, hold=hold)
            sweep()
        if to > clock.now():
            clock.move(to, hold=hold)
        sweep()
