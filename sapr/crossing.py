"""Two transactions that wait for each other: the database undoes one of them whole, and that one is run once more."""

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError
from psycopg.errors import DeadlockDetected

T = TypeVar("T")


def once_more(run: Callable[[], T]) -> T:
    """What `run` returns. `run` is a transaction of its own; it is repeated where it was undone to let another go on.

    Raises what `run` raises, and OperationalError when the same happens the second time: then the caller says
    `held_up` (sapr.problems).
    """
    try:
        return run()
    except OperationalError as error:
        if not isinstance(error.__cause__, DeadlockDetected):
            raise
    return run()
