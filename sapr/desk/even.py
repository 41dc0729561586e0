"""Pages whose size and time say nothing: as many rows drawn whatever there is to show, and whole blocks of bytes.

Who watches the line sees how long an answer is, and how long it took. The inbox of a commander is asked for day after
day, and must look the same with news and without (docs/inbox.md).
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpResponse

ROWS = 10
# More than any such page needs, so that all of them are one block long.
BLOCK = 32 * 1024
OPEN, CLOSE = b"\n<!--", b"-->\n"


def rows(items: Iterable[Any], blank: Callable[[], Any]) -> list[Any]:
    """The items, of which there are `ROWS` at most, then blank ones: drawn like the others, and hidden."""
    found = list(items)
    missing = [blank() for _ in range(ROWS - len(found))]
    # Both say which they are: a template looks longer for a name that is not there.
    for each in found:
        each.blank = False
    for each in missing:
        each.blank = True
    return found + missing


def padded(response: HttpResponse) -> HttpResponse:
    """The page with a comment at its end that fills up its last block."""
    missing = -(len(response.content) + len(OPEN) + len(CLOSE)) % BLOCK
    response.content += OPEN + b" " * missing + CLOSE
    return response
