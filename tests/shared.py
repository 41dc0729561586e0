"""One world for many tests: built once in transactions that stay open; each test works in savepoints of them.

A test that asks for `world` and no `stage` finds them open before its own blocks begin (see `conftest`), gets a copy of
the world and leaves nothing. Any other test, and every copy of the databases, finds them rolled back.
"""

import copy

from django.db import connections, transaction

ALIASES = ("default", "keys")
_opened: list[transaction.Atomic] = []
_world = None


def world():
    """A copy of the shared world, for one test to change as it likes; None when none is open."""
    return copy.deepcopy(_world)


def is_open() -> bool:
    """Whether a test of the world runs: its clock stands at `T0`."""
    return _world is not None


def open_world() -> None:
    """The transactions and the world in them, unless they stand already."""
    global _world
    if _world is not None and all(map(_stands, ALIASES)):
        for alias in ALIASES:
            # A test that set them may have left them so: PostgreSQL forgets it with a savepoint that was released.
            with connections[alias].cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        return
    close_world()
    from reports.vault import keys
    from sapr import clock
    from tests.world import T0, World

    keys.forget_data_keys()
    for alias in ALIASES:
        block = transaction.atomic(using=alias)
        block.__enter__()
        _opened.append(block)
    clock.move(T0, hold=True)
    _world = World.build()
    for alias in ALIASES:
        # What is asked at the end of a transaction is asked now, and not again after every test.
        connections[alias].check_constraints()


def close_world() -> None:
    """Roll it all back. Nothing to do when none is open."""
    global _world
    _world = None
    while _opened:
        block = _opened.pop()
        if connections[block.using].in_atomic_block:
            transaction.set_rollback(True, using=block.using)
            block.__exit__(None, None, None)


def _stands(alias: str) -> bool:
    """Whether the outer transaction is as it was left: a test may have lost its connection."""
    connection = connections[alias]
    return (
        connection.in_atomic_block
        and not connection.closed_in_transaction
        and not connection.needs_rollback
        and not connection.connection.closed
        and len(connection.atomic_blocks) == 1
    )
