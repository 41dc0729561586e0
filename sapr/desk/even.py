"""Pages whose size says nothing: as many rows whatever there is to show, and whole blocks of bytes.

Who watches the line sees how long an answer is. The inbox of a commander is asked for day after day, and must look
the same with news and without (docs/inbox.md).
"""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse

ROWS = 10
# More than any such page needs, so that all of them are one block long.
BLOCK = 32 * 1024
OPEN, CLOSE = b"\n<!--", b"-->\n"


def rows(items: Iterable[Any]) -> list[Any]:
    """The items, of which there are `ROWS` at most, and None for each row that stays empty."""
    found = list(items)
    return found + [None] * (ROWS - len(found))


def padded(response: HttpResponse) -> HttpResponse:
    """The page with a comment at its end that fills up its last block."""
    missing = -(len(response.content) + len(OPEN) + len(CLOSE)) % BLOCK
    response.content += OPEN + b" " * missing + CLOSE
    return response
