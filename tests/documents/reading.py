"""Reading a document as a machine does: its words in order, and what was typed had back from them."""

import re
import unicodedata
from io import BytesIO

from pypdf import PdfReader

_MARGINS = re.compile(r"^CUI$|^.*Page \d+ of \d+$", re.MULTILINE)
_CODE = re.compile(r"⟦U\+([0-9A-F]+)[^⟧]*⟧")


def opened(document: bytes) -> PdfReader:
    """The document, opened."""
    return PdfReader(BytesIO(document))


def words(document: bytes) -> str:
    """All pages in order without the mark and the line at the foot of each; characters written as codes had back.

    Words are one space apart, since where a line ends is the paper's affair.
    """
    pages = opened(document).pages
    text = " ".join(_MARGINS.sub("", page.extract_text()) for page in pages)
    return _CODE.sub(lambda found: chr(int(found[1], 16)), " ".join(text.split()))


def as_said(text: str) -> str:
    """What `words` finds of a text that was typed: composed characters, words one space apart."""
    return " ".join(unicodedata.normalize("NFC", text).split())
