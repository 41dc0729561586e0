"""A line with holes in it, which every copy fills with values of its own."""

from operator import itemgetter
from typing import Any, NamedTuple


class Hole(NamedTuple):
    """`kind` says how a copy fills it, the rest from what."""

    kind: str
    what: Any = None
    more: Any = None


Line = list[bytes | Hole]


class Form:
    """A line as one formatting of bytes: much quicker than joining its pieces."""

    def __init__(self, line: Line, holes: dict[Hole, int]) -> None:
        pieces = [b"%b" if isinstance(each, Hole) else each.replace(b"%", b"%%") for each in line]
        places = [holes.setdefault(each, len(holes)) for each in line if isinstance(each, Hole)]
        self._form = b"".join(pieces)
        # One getter for all of them; of a single place it would give no tuple.
        self._get = (
            itemgetter(*places, *places[:1]) if len(places) == 1 else itemgetter(*places) if places else None
        )
        self._one = len(places) == 1

    def filled(self, values: list[bytes]) -> bytes:
        """The line with a copy's own values."""
        if self._get is None:
            return self._form % ()
        got = self._get(values)
        return self._form % (got[:1] if self._one else got)
