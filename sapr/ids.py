"""Ids of rows that one act writes into one table: random, and beside each other in the table's index.

A row with an id of its own touches one page of each index that names it; of a table with millions of rows each is
another page, read, and written whole into the log. Ids that begin alike stand in one. They are UUIDs of version 4: 48
random bits that a batch has in common, 74 that each has for itself.

What the common bits tell is that rows were written together. So a batch is of one table, and of one case where its rows
are a case's: never let two tables, two cases, or what is told outside a case share one. They are drawn anew for each
batch and derived from nothing, so they tell no time, no order and no case.
"""

from collections.abc import Iterator
from secrets import token_bytes
from uuid import UUID

_COMMON, _OWN = 6, 10
# Bytes for so many ids are drawn at once; what nobody asks for is thrown away.
_AT_ONCE = 8


def beside() -> Iterator[UUID]:
    """Ids of one batch, without end, for rows of which nobody knows yet how many there will be."""
    common = token_bytes(_COMMON)
    while True:
        drawn = token_bytes(_AT_ONCE * _OWN)
        for own in range(0, len(drawn), _OWN):
            yield UUID(bytes=common + drawn[own : own + _OWN], version=4)
