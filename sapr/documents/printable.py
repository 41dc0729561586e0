"""Text as it can stand on paper: what no font draws, or what nobody would see, is written out as its code."""

import unicodedata
from collections.abc import Mapping
from typing import Any

# What the compiler's fonts draw, checked by a test that draws every one of them.
_DRAWN = (
    (0x0020, 0x007E),  # Latin
    (0x00A1, 0x00AC),
    (0x00AE, 0x0377),  # with IPA, accents and the first of Greek
    (0x037A, 0x037F),
    (0x0384, 0x038A),
    (0x038E, 0x03A1),
    (0x03A3, 0x04FF),  # Greek, Cyrillic
    (0x0591, 0x05C7),  # Hebrew
    (0x05D0, 0x05EA),
    (0x0606, 0x060C),  # Arabic
    (0x0621, 0x063A),
    (0x0640, 0x0655),
    (0x0660, 0x066D),
    (0x06F0, 0x06F9),
    (0x1E00, 0x1EFF),  # more Latin
    (0x2010, 0x2027),  # dashes, quotation marks
    (0x2030, 0x2040),
    (0x2044, 0x2052),
    (0x20A0, 0x20C0),  # currencies
    (0x2100, 0x211E),
    (0x2153, 0x2184),
    (0x2190, 0x22FF),  # arrows, mathematics
)
_OPENS, _CLOSES = "\u27e6", "\u27e7"


def printable(value: Any) -> Any:
    """`value` with every text in it as it will be printed; numbers, booleans and None as they are."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return {key: printable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [printable(each) for each in value]
    return value


def _text(value: str) -> str:
    """NFC; each line ends with a newline; other white space is a space; the rest is drawn or written as its code.

    The code stands in brackets that are themselves written as codes when somebody types them, so that the text typed
    can be had back from the print. A direction override would let a line read otherwise than it was typed: a code too.
    """
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(map(_character, unicodedata.normalize("NFC", lines)))


def _character(each: str) -> str:
    if each == "\n" or any(first <= ord(each) <= last for first, last in _DRAWN):
        return each
    if each == "\t" or unicodedata.category(each) == "Zs":
        return " "
    name = unicodedata.name(each, "").lower()
    return f"{_OPENS}{f'U+{ord(each):04X} {name}'.rstrip()}{_CLOSES}"
