"""What a page says to its reader, without what is said in another language on purpose."""

import re
from html.parser import HTMLParser

EMPTY = frozenset({"meta", "link", "img", "input", "br", "path", "rect", "hr", "col"})
# Numbers, times and exact bytes are the same in every language; a tag with a language of its own says so.
QUOTED = frozenset({"pre", "code", "script", "style", "time", "svg"})
SEALED = frozenset({"sealed", "number", "label-number", "codes"})
SPOKEN = ("aria-label", "alt", "placeholder")


class Reader(HTMLParser):
    """`texts`: every text of a page in its own language, white space made plain."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        quoted = (
            bool(self._open and self._open[-1][1])
            or tag in QUOTED
            or (tag != "html" and "lang" in given)
            or bool(SEALED & set((given.get("class") or "").split()))
        )
        if not quoted:
            self.texts += [given[name] for name in SPOKEN if given.get(name)]
        if tag not in EMPTY:
            self._open.append((tag, quoted))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        text = re.sub(r"\s+", " ", data).strip()
        if text and not (self._open and self._open[-1][1]):
            self.texts.append(text)


def texts(body: bytes) -> list[str]:
    """The texts of a page."""
    reader = Reader()
    reader.feed(body.decode())
    return reader.texts
