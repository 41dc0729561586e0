"""What makes many small steps quick: nothing here changes what a step does."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections


@contextmanager
def quick_connection() -> Iterator[None]:
    """For the block the server keeps the plans of statements that come again, and no step has a savepoint of its own.

    A step that fails ends the whole making, so there is nothing to go back to.
    """
    opened = connections["default"], connections["keys"]
    before = [dict(each.settings_dict["OPTIONS"]) for each in opened]
    for each in opened:
        each.close()
        each.settings_dict["OPTIONS"].update(server_side_binding=True, prepare_threshold=3)
        each.features.uses_savepoints = False
    try:
        yield
    finally:
        for each, options in zip(opened, before, strict=True):
            each.close()
            each.settings_dict["OPTIONS"] = options
            del each.features.uses_savepoints


@contextmanager
def rarely_collected() -> Iterator[None]:
    """For the block Python looks for garbage rarely, and never among what was there before (the policy's data).

    Every step makes many short-lived objects; looking through all the others each time took about a third of the time.
    """
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
