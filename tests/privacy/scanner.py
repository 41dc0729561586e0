"""Finds markers in tens of megabytes in seconds.

Every pattern of at least SHORTEST bytes contains, for any place it stands at, a piece of PIECE bytes that begins at a
multiple of STEP. So only those pieces of the content are looked up in one set; where one is known, the patterns
that own it are searched for in full.
"""

import base64
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator

from tests.privacy.encodings import FOLDED_CASE, FORMS, HASHED, of_bytes
from tests.privacy.markers import Marker

SHORTEST, PIECE = 8, 5
STEP = SHORTEST - PIECE + 1
CHUNK, OVERLAP = 1 << 20, 1 << 11
UNFOLDED = 1 << 22
STREAM = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
RUN = re.compile(rb"[A-Za-z0-9+/_-]{24,}")
# A day of eight digits stands by chance in one of a few hundred million places of a digest: not found there.
DIGEST = re.compile(rb"[0-9A-Fa-f]{24,}")
HEX = re.compile(rb"(?:[0-9a-f]{2}){12,}|(?:[0-9A-F]{2}){12,}")
DEPTH = 3

Hit = tuple[str, str]


class Scanner:
    """Made once for all markers; `hits` names the markers and forms found in a content."""

    def __init__(self, markers: Iterable[Marker]) -> None:
        self._exact: dict[bytes, set[tuple[bytes, Hit]]] = defaultdict(set)
        self._folded: dict[bytes, set[tuple[bytes, Hit]]] = defaultdict(set)
        self.patterns = 0
        for marker in markers:
            for name, patterns in of_bytes(marker.raw).items() if marker.raw else ():
                for pattern in patterns:
                    self._add(self._exact, pattern, (marker.name, name))
            for text in (marker.value, *marker.parts):
                for name, form in (FORMS if marker.secret else FORMS | HASHED).items():
                    for pattern in form(text):
                        self._add(self._exact, pattern, (marker.name, name))
                self._add(self._folded, text.lower().encode(), (marker.name, FOLDED_CASE))

    def _add(self, table: dict[bytes, set[tuple[bytes, Hit]]], pattern: bytes, hit: Hit) -> None:
        if len(pattern) < SHORTEST:
            raise ValueError(f"{hit}: too short to be told from chance")
        self.patterns += 1
        for start in range(STEP):
            table[pattern[start : start + PIECE]].add((pattern, hit))

    def hits(self, content: bytes, *, depth: int = DEPTH) -> set[Hit]:
        """Markers and forms found; `depth`: how many layers of compression and base64 are taken off."""
        found = self._search(content, self._exact) | self._search(content.lower(), self._folded)
        if depth:
            for inner, how in _unfolded(content):
                found |= {(marker, f"{how}: {form}") for marker, form in self.hits(inner, depth=depth - 1)}
        return found

    @staticmethod
    def _search(content: bytes, table: dict[bytes, set[tuple[bytes, Hit]]]) -> set[Hit]:
        found: set[Hit] = set()
        known = table.keys()
        for begin in range(0, len(content), CHUNK):
            part = content[begin : begin + CHUNK + OVERLAP]
            pieces = {part[place : place + PIECE] for place in range(0, len(part), STEP)}
            for piece in pieces & known:
                found |= {hit for pattern, hit in table[piece] if _stands(pattern, part)}
        return found


def _stands(pattern: bytes, part: bytes) -> bool:
    if pattern not in part or len(pattern) > SHORTEST or not pattern.isdigit():
        return pattern in part
    return pattern in DIGEST.sub(b" ", part)


def _unfolded(content: bytes) -> Iterator[tuple[bytes, str]]:
    view = memoryview(content)
    for match in STREAM.finditer(content):
        wrapped = zlib.decompressobj(wbits=47)
        try:
            inner = wrapped.decompress(view[match.start() : match.start() + UNFOLDED], UNFOLDED)
        except zlib.error:
            continue
        if len(inner) >= SHORTEST:
            yield inner, "compressed"
    for match in HEX.finditer(content):
        yield bytes.fromhex(match[0].decode()), "hex"
    for match in RUN.finditer(content):
        run = match[0].replace(b"-", b"+").replace(b"_", b"/")
        # Where the text begins within the run is not known: what stands before it may look like base64 too.
        for start in range(4):
            inner = base64.b64decode(run[start : start + (len(run) - start) // 4 * 4])
            # Only what is text or compressed again can hide more; the patterns know base64 itself.
            if STREAM.search(inner) or RUN.search(inner):
                yield inner, "base64"
